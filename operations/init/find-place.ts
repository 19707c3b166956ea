import { Failure } from '../../domain/failures.ts';
import { isRekindle, recognise } from '../../domain/init/recognise.ts';
import type { SeenPlace, SeenService } from '../../domain/init/seen.ts';
import type { DockerEngine } from '../../systems/docker/engine.ts';

type Project = SeenPlace & { kind: 'compose' };

/**
 * The one Compose project that holds an Elasticsearch, when none is named; where none does, the one that holds another server that can
 * be backed up. Rekindle's own is never meant. Failure: InvalidArgument, with those there are, when none or several do.
 */
export async function findPlace(docker: Pick<DockerEngine, 'listProjects' | 'survey'>): Promise<SeenPlace> {
  const projects = await docker.listProjects();
  const places = projects.map(({ project }): Project => ({ kind: 'compose', project }));
  const looked = await Promise.all(
    places.map(async (place) => ({ place, ...holds((await docker.survey(place)).services) })),
  );
  const documents = looked.filter(({ elasticsearch }) => elasticsearch);
  const holding = documents.length > 0 ? documents : looked.filter(({ server }) => server);
  const [only, ...others] = holding;
  if (only && others.length === 0) return only.place;
  const names = (list: readonly Project[]) => list.map(({ project }) => project).join(', ');
  throw new Failure('InvalidArgument', {
    message: only
      ? `Several Compose projects hold ${documents.length > 0 ? 'an Elasticsearch' : 'a server that can be backed up'}: ${names(holding.map(({ place }) => place))}`
      : `No Compose project holds a server that is recognised and can be backed up; there are: ${names(places) || 'none'}`,
    remedy: 'Name it: rekindle init --project <Compose project>, or --stack <stack> on Docker Swarm',
  });
}

function holds(services: readonly SeenService[]): { elasticsearch: boolean; server: boolean } {
  const kinds = services.some(isRekindle) ? [] : services.flatMap((service) => recognise(service)?.kind ?? []);
  return {
    elasticsearch: kinds.includes('elasticsearch'),
    server: kinds.some((kind) => kind !== 'zookeeper'),
  };
}
