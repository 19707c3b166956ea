import { overallVerdict } from '../../../domain/checks.ts';
import type { QueueEntry } from '../../../domain/queue/job-table.ts';
import * as queue from '../../../systems/zookeeper/rebuild-queue.ts';
import { connectZookeeper, type ZookeeperSession } from '../../../systems/zookeeper/session.ts';
import * as verification from '../../../systems/zookeeper/verify-queue.ts';
import type { Watch } from '../../../domain/watch.ts';
import { entriesOf, entry, names, someJobs, tableOf } from './jobs.ts';
import { startZookeeper, type ZookeeperServer } from './server.ts';

export let server: ZookeeperServer;
export let session: ZookeeperSession;
export let path: string;
let queues = 0;

/** One ZooKeeper for the file, one session and one queue's node for each test. */
export function useQueue(): void {
  beforeAll(async () => {
    server = await startZookeeper();
  });
  afterAll(async () => {
    await server.remove();
  });
  beforeEach(async () => {
    session = await connectZookeeper({ hosts: server.hosts, timeoutSeconds: 10 });
    queues += 1;
    path = `/queues/q${queues}/job`;
  });
  afterEach(() => session.close());
}

export type Asked = Omit<queue.QueueRebuild, 'jobs' | 'entry'> & { jobs: readonly QueueEntry[] };
export const rebuildQueue = (on: ZookeeperSession, { jobs, ...asked }: Asked, watch: Watch = {}) =>
  queue.rebuildQueue(on, { ...asked, entry, jobs: tableOf(jobs) }, watch);
export const verifyQueue = (on: ZookeeperSession, { jobs, ...asked }: Asked) =>
  verification.verifyQueue(on, { ...asked, entry, jobs: tableOf(jobs) });
export const put = (value: string, priority: number) =>
  session.create([{ path: `${path}/entries/${names.prefix(priority)}`, data: value, sequential: true }]);
export const entries = () => entriesOf(session, path);
export const verdict = async (jobs = someJobs(2500)) => overallVerdict(await verifyQueue(session, { path, jobs }));
