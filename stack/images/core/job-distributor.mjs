import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { waitForElection } from './lib/election.mjs';
import { log, reason } from './lib/log.mjs';
import { patiently, runService } from './lib/service.mjs';
import { ZookeeperSession } from './lib/zookeeper.mjs';

const api = process.env.API_URL ?? 'http://api:8080';
const ROUND_MILLISECONDS = Number(process.env.ROUND_SECONDS ?? 3) * 1000;
const ACTION = 'check_dct';
const targets = Array.from({ length: 6 }, (_, number) => `nuvlabox/edge-${number + 1}`);

runService('job-distributor', async ({ signal, atExit, fail }) => {
  const session = new ZookeeperSession(fail);
  atExit(() => session.close());
  await patiently('zookeeper', () => waitForElection(session, ACTION, hostname(), signal), signal);
  log(`job-distributor: elected for ${ACTION}`);
  while (!signal.aborted) {
    try {
      for (const target of targets) await distribute(target);
    } catch (error) {
      // The api is allowed to be away: the next round asks again.
      log(`job-distributor: ${reason(error)}; next round in ${ROUND_MILLISECONDS / 1000} s`);
    }
    await sleep(ROUND_MILLISECONDS, undefined, { signal });
  }
});

/** One job for the target, unless it has one that waits or runs: a job without its queue entry blocks it for ever. */
async function distribute(target) {
  const query = new URLSearchParams({ action: ACTION, 'target-resource.href': target, size: '0' });
  query.append('state', 'QUEUED');
  query.append('state', 'RUNNING');
  const { count } = await call(`/api/job?${query}`);
  if (count > 0) return;
  const { 'resource-id': id } = await call('/api/job', { action: ACTION, target, priority: 100 });
  log(`job-distributor: created ${id} for ${target}`);
}

async function call(path, body) {
  const answer = await fetch(api + path, {
    method: body ? 'POST' : 'GET',
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}
