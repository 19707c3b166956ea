import type { ZookeeperQueueStore } from '../../domain/platform.ts';
import type { Watch } from '../../domain/watch.ts';
import { connectZookeeper, type ZookeeperSession } from '../../systems/zookeeper/session.ts';
import type { OpenPlatform } from '../open-platform.ts';

const sessionTimeoutSeconds = 10;

/** A session of the store's ensemble, with its user and access list; closed afterwards. */
export async function withSession<T>(
  open: OpenPlatform,
  store: ZookeeperQueueStore,
  watch: Watch,
  work: (session: ZookeeperSession) => Promise<T>,
): Promise<T> {
  const session = await connectZookeeper({
    hosts: await open.zookeeperHosts(store),
    digest: store.digest && (await open.secret(store.digest, `${store.name}.digest`)),
    acl: store.acl,
    timeoutSeconds: sessionTimeoutSeconds,
    signal: watch.signal,
  });
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}
