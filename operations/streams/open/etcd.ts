import { servicesOf, type EtcdStore } from '../../../domain/platform.ts';
import { etcdStore } from '../../../systems/etcd/etcd-store.ts';
import type { StreamStore } from '../../../systems/streams/stream-store.ts';
import { passwordOf, type Opens } from './opening.ts';

/** Each member has a container of its own, of which all are restored together. */
export const openEtcd: Opens<EtcdStore> = async (open, store, container, run) => {
  const { docker, platform } = open;
  const { name, username, host, port, tls, dataPath } = store;
  const { password } = await passwordOf(open, store);
  const found = await Promise.all(
    servicesOf(store).map((service) => docker.serviceContainers(platform.deployment, service)),
  );
  const others = found.flat().filter((one) => one.name !== container.name);
  const stoppable = (one: string) => docker.stoppable(one, platform.platform);
  return etcdStore({
    store: name,
    containers: [stoppable(container.name), ...others.map((one) => stoppable(one.name))],
    endpoint: `${tls === undefined ? 'http' : 'https'}://${host}:${port}`,
    run,
    ...(username !== undefined && password !== undefined && { user: { name: username, password } }),
    ...(tls && { tls }),
    ...(dataPath !== undefined && { dataPath }),
  }) as StreamStore<unknown>;
};
