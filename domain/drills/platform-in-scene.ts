import type { ComposeDeployment, Platform, Store } from '../platform.ts';
import { servicesOfCheck } from '../smoke-checks.ts';
import { isStreamed } from '../store-kinds.ts';
import { without } from '../without.ts';
import { dataInScene, serviceInScene, type Scene } from './scene.ts';

/**
 * The platform as it is in the scene: for planner, drivers and checks an ordinary platform with other names. Everything that
 * could lead to the living one is gone: addresses, hosts, projects, credentials of servers. Those of the repository stay.
 */
export function platformInScene(platform: Platform, scene: Scene): Platform {
  const { deployment } = platform;
  const data = dataInScene(platform).map(serviceInScene);
  const core = scene.core.map(serviceInScene);
  const host = scene.host ?? deployment.host;
  const inScene: ComposeDeployment = {
    kind: 'compose',
    project: scene.project,
    ...(host !== undefined && { host }),
    data,
    core,
    alsoStop: [],
    volumes: {},
    stopGraceSeconds: deployment.stopGraceSeconds,
    healthTimeoutSeconds: deployment.healthTimeoutSeconds,
    settleSeconds: deployment.settleSeconds,
  };
  const stores = platform.stores.map((store) => storeInScene(store, scene));
  const there = new Set([...data, ...core]);
  const smoke = platform.smoke
    .map((check) => ('service' in check ? { ...check, service: serviceInScene(check.service) } : check))
    .filter((check) => servicesOfCheck(check, stores).every((service) => there.has(service)));
  // Receivers, files and the heartbeat are told of what happens to the platform itself.
  return { ...platform, deployment: inScene, stores, smoke };
}

function storeInScene(store: Store, { project }: Scene): Store {
  const service = serviceInScene(store.service);
  if (store.kind === 'container') return { ...store, service };
  if (store.kind === 'etcd') return { ...store, service, otherServices: store.otherServices.map(serviceInScene) };
  if (isStreamed(store)) return { ...store, service };
  if (store.kind === 'zookeeper-queue') return { ...without(store, 'address'), service, otherServices: [] };
  const rest = without(store, 'address', 'nodes', 'username', 'password', 'auth', 'tls');
  return {
    ...rest,
    service,
    otherServices: [],
    scheme: 'http',
    // Policies that the snapshot brings along find no repository of the name that they know.
    repository: { ...store.repository, name: `${project}-${store.repository.name}` },
  };
}
