import { setTimeout as sleep } from 'node:timers/promises';
import { getDocument, request } from './lib/elasticsearch.mjs';
import { log } from './lib/log.mjs';
import { LockingQueue } from './lib/queue.mjs';
import { patiently, runService } from './lib/service.mjs';
import { ZookeeperSession } from './lib/zookeeper.mjs';

/** How long a job's pretended work takes. */
const JOB_MILLISECONDS = Number(process.env.JOB_MILLISECONDS ?? 100);

runService('job-executor', async ({ signal, atExit, fail }) => {
  const session = new ZookeeperSession(fail);
  atExit(() => session.close());
  const queue = new LockingQueue(session);
  await patiently('zookeeper', () => queue.ensure(), signal);
  let done = 0;
  while (!signal.aborted) {
    const entry = await patiently('zookeeper', () => queue.take(), signal);
    if (!entry) {
      await sleep(250, undefined, { signal });
      continue;
    }
    await execute(entry.value, signal);
    await patiently('zookeeper', () => queue.consume(entry.name), signal);
    done += 1;
    if (done % 100 === 1) log(`job-executor: ${done} jobs done, last ${entry.value} (${entry.name})`);
  }
});

/** QUEUED or RUNNING → RUNNING → SUCCESS. A RUNNING job is executed again by design: its executor died. */
async function execute(id, signal) {
  const began = await step(id, (job) => ({ ...job, state: 'RUNNING', progress: 10 }), signal);
  if (!began) return;
  await sleep(JOB_MILLISECONDS, undefined, { signal });
  await step(id, (job) => ({ ...job, state: 'SUCCESS', progress: 100, 'return-code': 0 }), signal);
}

/**
 * Reads the job, changes it and writes it back where nobody else did meanwhile; false when there is nothing to do.
 * Like every edit through Nuvla's API it drops the priority.
 */
function step(id, change, signal) {
  return patiently(
    'elasticsearch',
    async () => {
      const found = await documentOf(id, signal);
      if (!found) {
        log(`job-executor: ${id} has no document, its entry is dropped`);
        return false;
      }
      const job = { ...found._source };
      if (job.state !== 'QUEUED' && job.state !== 'RUNNING') return false;
      delete job.priority;
      const condition = `if_seq_no=${found._seq_no}&if_primary_term=${found._primary_term}`;
      const next = { ...change(job), updated: new Date().toISOString() };
      await request('PUT', `/nuvla-job/_doc/${found._id}?${condition}`, next);
      return true;
    },
    signal,
  );
}

/** The api puts the entry before it writes the document: a document that is not there yet gets some time to come. */
async function documentOf(id, signal) {
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const found = await getDocument('nuvla-job', id.replace('job/', ''));
    if (found) return found;
    await sleep(300, undefined, { signal });
  }
  return undefined;
}
