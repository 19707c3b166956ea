import { Failure } from '../../domain/failures.ts';
import { recognise } from '../../domain/init/recognise.ts';
import type { SeenPlace } from '../../domain/init/seen.ts';
import type { DockerEngine } from '../../systems/docker/engine.ts';

/**
 * The one Compose project that holds an Elasticsearch, when none is named. Failure: InvalidArgument, with those there are,
 * when none or several do.
 */
export async function findPlace(docker: Pick<DockerEngine, 'listProjects' | 'survey'>): Promise<SeenPlace> {
  const projects = await docker.listProjects();
  const places = projects.map(({ project }): SeenPlace & { kind: 'compose' } => ({ kind: 'compose', project }));
  const holding = await Promise.all(
    places.map(async (place) => {
      const { services } = await docker.survey(place);
      return services.some((service) => recognise(service)?.kind === 'elasticsearch') ? [place] : [];
    }),
  );
  const [only, ...others] = holding.flat();
  if (only && others.length === 0) return only;
  const names = (only ? holding.flat() : places).map(({ project }) => project).join(', ');
  throw new Failure('InvalidArgument', {
    message: only
      ? `Several Compose projects hold an Elasticsearch: ${names}`
      : `No Compose project holds an Elasticsearch that is recognised; there are: ${names || 'none'}`,
    remedy: 'Name it: rekindle init --project <Compose project>, or --stack <stack> on Docker Swarm',
  });
}
