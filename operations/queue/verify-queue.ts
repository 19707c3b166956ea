import { overallVerdict } from '../../domain/checks.ts';
import { ChecksFailed } from '../../domain/checks-failed.ts';
import type { StepOutcome } from '../../domain/plans/steps.ts';
import type { StepCall } from '../../domain/runs/run.ts';
import type { Watch } from '../../domain/watch.ts';
import { verifyQueue as verifyInZookeeper } from '../../systems/zookeeper/verify-queue.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { storeNamed } from '../stores/store-named.ts';
import { withSession } from './queue-session.ts';
import { readQueueJobs } from './read-jobs.ts';
import { stillWantedOf } from './rebuild-queue.ts';

/** Compares the queue with the documents that it stands for. Failure: VerificationFailed. */
export function verifyQueue(open: OpenPlatform, call: StepCall<'verifyQueue'>, watch: Watch): Promise<StepOutcome> {
  const { store: name, exactOrder } = call.arguments;
  const store = storeNamed(open.platform, 'zookeeper-queue', name);
  const readJobs = () => readQueueJobs(open, store, watch);
  return withSession(open, store, watch, async (session) => {
    const { jobs } = await readJobs();
    const living = !exactOrder && { stillWanted: stillWantedOf(readJobs) };
    const checks = await verifyInZookeeper(session, { ...store, jobs, ...living }, watch);
    if (overallVerdict(checks) !== 'pass')
      throw new ChecksFailed(`The queue ${store.path} does not match the jobs`, checks);
    return { summary: `${jobs.size} entries, equal to the jobs${exactOrder ? ', in their order' : ''}`, checks };
  });
}
