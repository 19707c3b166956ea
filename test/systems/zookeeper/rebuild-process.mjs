/*
 * A rebuild in a process of its own, which its test kills: <hosts> <path>; the jobs and the entries' format come in a message.
 * Uses what set-up compiled: Node runs no TypeScript.
 */
import { JobTable } from '../../../dist/domain/queue/job-table.js';
import { rebuildQueue } from '../../../dist/systems/zookeeper/rebuild-queue.js';
import { connectZookeeper } from '../../../dist/systems/zookeeper/session.js';

const [hosts, path] = process.argv.slice(2);
process.once('message', async ({ jobs, entry }) => {
  const session = await connectZookeeper({ hosts, timeoutSeconds: 20 });
  const table = JobTable.of(jobs);
  process.send('begun');
  await rebuildQueue(session, { path, entry, jobs: table });
  await session.close();
  process.disconnect();
});
