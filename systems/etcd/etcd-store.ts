import { compareEtcd } from '../../domain/etcd/compare.ts';
import { etcdChecks, etcdRestoreChecks } from '../../domain/etcd/compatibility.ts';
import type { EtcdExpectedSet } from '../../domain/etcd/expected.ts';
import { isKept, putBackKept, releaseKept, type Exchanged } from '../docker/exchange/exchange.ts';
import type { StreamStore } from '../streams/stream-store.ts';
import { exchangedOf, type EtcdAccess } from './access.ts';
import { backUpEtcd, snapshotPart } from './back-up.ts';
import { keysAt, observeCluster, observeMember, statusOf, usersOf } from './observe.ts';
import { restoreEtcd } from './restore.ts';
import { awaitAll, startAll, stopAll } from './running.ts';

/** etcd as a store of streams: one snapshot, which is restored to every member. */
export function etcdStore(access: EtcdAccess): StreamStore<EtcdExpectedSet> {
  const [first] = access.containers;
  const membersOf = (run: string): Promise<Exchanged[]> =>
    Promise.all(access.containers.map((container) => exchangedOf({ ...access, run }, container)));
  return {
    async check(expected, { signal }) {
      const cluster = await observeCluster(access, signal);
      return expected ? etcdRestoreChecks(expected, cluster) : etcdChecks(access.store, cluster);
    },
    async answers({ signal }) {
      for (const container of access.containers) await keysAt(access, container, 0, signal);
    },
    async inventory({ signal }) {
      const { dbSizeInUse } = await statusOf(access, first, signal);
      return { [snapshotPart]: dbSizeInUse };
    },
    backUp: (write, { signal }) => backUpEtcd(access, write, signal),
    order: (parts) => [...parts],
    async restore(part, pieces, run, watch) {
      if (part !== snapshotPart) throw new Error(`etcd has no part ${part}`);
      await restoreEtcd({ ...access, run }, pieces, watch);
    },
    async compare(expected, { signal }) {
      const members = [];
      for (const container of access.containers)
        members.push(await observeMember(access, container, expected.revision, signal));
      return compareEtcd(expected, { members, ...(await usersOf(access, first, signal)) });
    },
    async putBack(_, run, watch) {
      const members = await membersOf(run);
      const kept = [];
      for (const member of members) kept.push(await isKept(member, watch));
      if (kept.some(Boolean)) await stopAll(access, watch);
      // Also where nothing was kept: what an attempt made ready is removed.
      for (const member of members) await putBackKept(member, watch);
      await startAll(access, watch);
      await awaitAll(access, watch);
    },
    async release(_, run, watch) {
      for (const member of await membersOf(run)) await releaseKept(member, watch);
    },
  };
}
