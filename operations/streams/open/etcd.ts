import { servicesOf, type EtcdStore } from '../../../domain/platform.ts';
import { etcdStore } from '../../../systems/etcd/etcd-store.ts';
import type { StreamStore } from '../../../systems/streams/stream-store.ts';
import { passwordOf, stoppableIn, type Opens } from './opening.ts';

/** Each member has a container of its own, of which all are restored together. */
export const openEtcd: Opens<EtcdStore> = async (open, store, container, run) => {
  const { docker, platform } = open;
  const { name, username, host, port, tls, dataPath } = store;
  const { password } = await passwordOf(open, store);
  const found = await Promise.all(
    servicesOf(store).map((service) => docker.serviceContainers(platform.deployment, service)),
  );
  const others = found.flat().filter((one) => one.name !== container.name);
  return etcdStore({
    store: name,
    containers: [stoppableIn(open, container.name), ...others.map((one) => stoppableIn(open, one.name))],
    endpoint: `${tls === undefined ? 'http' : 'https'}://${host}:${port}`,
    run,
    ...(username !== undefined && password !== undefined && { user: { name: username, password } }),
    ...(tls && { tls }),
    ...(dataPath !== undefined && { dataPath }),
  }) as StreamStore<unknown>;
};
