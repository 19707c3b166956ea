import { Failure } from '../../../domain/failures.ts';
import { rebuildQueue } from '../../../systems/zookeeper/rebuild-queue.ts';
import { connectZookeeper } from '../../../systems/zookeeper/session.ts';
import { verifyQueue } from '../../../systems/zookeeper/verify-queue.ts';
import { startEnsemble, type Ensemble } from './ensemble.ts';
import { entriesOf, entry, layoutOf, someJobs, tableOf } from './jobs.ts';

let ensemble: Ensemble;
beforeAll(async () => {
  ensemble = await startEnsemble();
}, 180_000);
afterAll(() => ensemble.remove());

/** As Temporal does it: a step that fails because the server is away is begun anew. */
async function untilDone<T>(work: () => Promise<T>): Promise<{ result: T; attempts: number }> {
  for (let attempts = 1; ; attempts++) {
    try {
      return { result: await work(), attempts };
    } catch (error) {
      if (!(error instanceof Failure && error.kind === 'ZookeeperUnreachable') || attempts === 60) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}

test('the leader fails halfway: resumed with the next one, nothing twice, nothing lost', async () => {
  const jobs = someJobs(25_000);
  const path = '/leader/job';
  let stopped: Promise<void> | undefined;
  const leader = await ensemble.leader();
  const { attempts } = await untilDone(async () => {
    const session = await connectZookeeper({ hosts: ensemble.hosts, timeoutSeconds: 10 });
    const onProgress = ({ done, note }: { done: number; note: string }) => {
      if (note === 'writing the queue' && done >= 5000) stopped ??= ensemble.stop(leader);
    };
    try {
      await rebuildQueue(session, { path, entry, jobs: tableOf(jobs) }, { onProgress });
      // The ensemble may be quick: then the leader goes now, and what was written must be there still.
      await (stopped ??= ensemble.stop(leader));
    } finally {
      await session.close();
    }
  });
  expect(stopped).toBeDefined();
  await stopped;
  expect(await ensemble.leader()).not.toBe(leader);
  const checks = await untilDone(async () => {
    const session = await connectZookeeper({ hosts: ensemble.hosts, timeoutSeconds: 10 });
    try {
      expect(await entriesOf(session, path)).toEqual(layoutOf(jobs));
      return await verifyQueue(session, { path, entry, jobs: tableOf(jobs) });
    } finally {
      await session.close();
    }
  });
  expect(checks.result.map(({ verdict }) => verdict)).toEqual(['pass', 'pass', 'pass']);
  console.log(`the leader went away: done in ${attempts} attempts`);
  await ensemble.start(leader);
}, 180_000);

test('two of three servers are down: no session, reported as such; when they are back, it goes on', async () => {
  const leader = await untilDone(() => ensemble.leader().catch(() => Promise.reject(noLeader())));
  const others = [1, 2, 3].filter((number) => number !== leader.result);
  await Promise.all(others.map((number) => ensemble.stop(number)));
  const alone = connectZookeeper({ hosts: ensemble.hosts, timeoutSeconds: 3 }).then(async (session) => {
    try {
      return await session.children('/');
    } finally {
      await session.close();
    }
  });
  await expect(alone).rejects.toMatchObject({ kind: 'ZookeeperUnreachable' });
  await Promise.all(others.map((number) => ensemble.start(number)));
  const { result } = await untilDone(async () => {
    const session = await connectZookeeper({ hosts: ensemble.hosts, timeoutSeconds: 10 });
    const jobs = tableOf(someJobs(100));
    try {
      return await rebuildQueue(session, { path: '/again/job', entry, jobs });
    } finally {
      await session.close();
    }
  });
  expect(result).toMatchObject({ written: 100 });
}, 180_000);

const noLeader = () => new Failure('ZookeeperUnreachable', { message: 'nobody leads yet', remedy: 'wait' });
