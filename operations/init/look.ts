import { recognise } from '../../domain/init/recognise.ts';
import type { SeenPlace, SeenPlatform, SeenService, ServerAnswer } from '../../domain/init/seen.ts';
import type { DataKind, ServerKind } from '../../domain/init/signatures.ts';
import type { DockerEngine } from '../../systems/docker/engine.ts';
import { askServer } from './ask-server.ts';
import { askElasticsearch, askHealth, askZookeeper } from './ask.ts';

const serverKinds: readonly ServerKind[] = ['postgres', 'mysql', 'redis', 'etcd'];

/**
 * What runs at the place, and what its data services tell; nothing is changed. `nameless`: containers on the data
 * services' networks that no platform file can name. Failures: DockerUnreachable, ServiceNotFound (no swarm).
 */
export async function lookAt(
  docker: Pick<DockerEngine, 'survey' | 'reach' | 'exec'>,
  place: SeenPlace,
): Promise<{ seen: SeenPlatform; nameless: string[] }> {
  const { services, others, nameless } = await docker.survey(place);
  const ofKind = (kind: DataKind) => services.filter((service) => recognise(service)?.kind === kind);
  const data = services.filter((service) => recognise(service) !== undefined);
  const networks = new Set(data.flatMap((service) => service.networks));
  const isNear = (one: { networks: string[] }) => one.networks.some((network) => networks.has(network));
  const [servers, elasticsearch, zookeeper, health] = await Promise.all([
    askServers(docker, ofKind),
    askAll(ofKind('elasticsearch'), (service) => askElasticsearch(docker, service)),
    askAll(ofKind('zookeeper'), (service) => askZookeeper(docker, service)),
    askAll(
      services.filter((service) => service.health !== undefined && !data.includes(service)),
      (service) => askHealth(docker, service),
    ),
  ]);
  return {
    seen: {
      place,
      services,
      neighbours: others.filter((service) => service.running && isNear(service)),
      elasticsearch,
      zookeeper,
      servers,
      healthAnswers: Object.fromEntries(
        Object.entries(health).flatMap(([service, status]) => (status === undefined ? [] : [[service, status]])),
      ),
    },
    nameless: nameless.filter(isNear).map(({ container }) => container),
  };
}

async function askServers(
  docker: Pick<DockerEngine, 'exec'>,
  ofKind: (kind: DataKind) => SeenService[],
): Promise<Record<string, ServerAnswer>> {
  const answers = await Promise.all(
    serverKinds.map((kind) => askAll(ofKind(kind), (service) => askServer(docker, service, kind))),
  );
  return Object.assign({}, ...answers) as Record<string, ServerAnswer>;
}

async function askAll<T>(
  services: readonly SeenService[],
  ask: (service: SeenService) => Promise<T>,
): Promise<Record<string, T>> {
  const answers = await Promise.all(services.map(async (service) => [service.service, await ask(service)] as const));
  return Object.fromEntries(answers);
}
