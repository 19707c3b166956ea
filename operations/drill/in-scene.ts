import { isIP } from 'node:net';
import { captureInScene, type BodyInScene } from '../../domain/drills/capture-in-scene.ts';
import { gather } from '../../domain/drills/gather.ts';
import { heapOf } from '../../domain/drills/limits.ts';
import { serviceInScene, type Scene } from '../../domain/drills/scene.ts';
import type { DeploymentCapture } from '../../domain/deployment.ts';
import type { ElasticsearchStore, Platform } from '../../domain/platform.ts';
import { isStreamed } from '../../domain/store-kinds.ts';
import type { Way } from '../../systems/docker/drills/way.ts';
import { scratchBody } from '../../systems/docker/side-containers/scratch-container.ts';
import { scratchSettings } from '../../systems/elasticsearch/scratch-settings.ts';

/** What makes one ZooKeeper a member of an ensemble. */
const ensemble = /^(ZOO_SERVERS|ZOO_MY_ID|ZOO_SERVER_ID)=/;

interface InSceneAsked {
  platform: Platform;
  scene: Scene;
  ways?: readonly Way[];
  secrets?: Readonly<Record<string, string>>;
}

/**
 * The capture of a drill. `platform`: as its file describes it. `ways`: by which Elasticsearch finds its storage; none yet when
 * only names are wanted, nor `secrets`, the values of Swarm's by name.
 */
export function sceneCapture(
  capture: DeploymentCapture,
  { platform, scene, ways = [], secrets = {} }: InSceneAsked,
): DeploymentCapture {
  const { capture: gathered, isThere } = gather(capture, { platform, host: scene.host, secrets });
  return captureInScene(gathered, {
    platform,
    scene,
    storePaths: capture.storePaths ?? {},
    body: bodyInScene(scene, ways),
    isThere,
  });
}

/** Of each container what a scratch one takes over, and of a store what makes it a server of its own. */
export function bodyInScene(scene: Scene, ways: readonly Way[]): BodyInScene {
  return ({ service, create }, store) => {
    const body = scratchBody(create);
    const { Env = [], HostConfig = {} } = body;
    if (store === undefined || store.kind === 'container' || isStreamed(store))
      return { ...body, ...(create.Healthcheck ? { Healthcheck: create.Healthcheck } : { Healthcheck: undefined }) };
    if (store.kind === 'zookeeper-queue') return { ...body, Env: Env.filter((entry) => !ensemble.test(entry)) };
    const heapBytes = heapOf(scene.memory[serviceInScene(service)] ?? 0);
    return {
      ...body,
      ...scratchSettings(body, store.port, Math.floor(heapBytes / 1024 / 1024)),
      HostConfig: {
        ...HostConfig,
        ExtraHosts: [...((HostConfig.ExtraHosts ?? []) as string[]), ...hostsOf(store, ways)],
      },
    };
  };
}

/** Its storage by name, and by the name that has the bucket in front. */
function hostsOf({ name, repository }: ElasticsearchStore, ways: readonly Way[]): string[] {
  const bucket = repository.settings['bucket'];
  return ways
    .filter(({ store, host }) => store === name && isIP(host) === 0)
    .flatMap(({ host, address }) =>
      [host, ...(bucket === undefined ? [] : [`${bucket}.${host}`])].map((one) => `${one}:${address}`),
    );
}

/** An address that is no name leads nowhere in the scene: the repository there names the way instead. */
export function withWays(platform: Platform, ways: readonly Way[]): Platform {
  const stores = platform.stores.map((store) => {
    const way = ways.find((one) => one.store === store.name && isIP(one.host) !== 0);
    if (store.kind !== 'elasticsearch' || way === undefined) return store;
    const { settings: given } = store.repository;
    const [scheme = ''] = /^https?:\/\//.exec(given['endpoint'] ?? '') ?? [];
    const settings = {
      ...given,
      endpoint: `${scheme}${way.container}:${way.port}`,
      path_style_access: 'true',
    };
    return { ...store, repository: { ...store.repository, settings } };
  });
  return { ...platform, stores };
}
