import { CancellationScope, isCancellation, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.ts';
import {
  endedBadly,
  endIsToldTo,
  type Announced,
  type RunEnd,
  type RunWaits,
} from '../../domain/notifications/announcement.ts';
import type { RunProgress } from '../../domain/runs/progress.ts';
import type { RunPolicy } from '../../domain/runs/run.ts';
import { notPassed, recordOf } from './failure-record.ts';
import type { Run } from './open-run.ts';

// Notifications never make a run fail. A run that waits goes on waiting meanwhile; one that has ended has released its lock
// and writes its report at the same time.

/** One attempt: each receiver has 10 s, redirects included. */
const attemptLimit = '1 minute';
/** About 90 s when receivers hang, 30 s when they refuse: the run has ended, and stays open in Temporal for this alone. */
const mostAttemptsAtEnd = 6;
/** About half an hour: the run waits for a person all that time anyway. */
const mostAttemptsBeside = 30;

function telling(policy: RunPolicy | undefined, maximumAttempts: number) {
  return proxyActivities<Activities>({
    // Without a policy it is not known which host carries the platform: any worker can announce.
    ...(policy && { taskQueue: policy.taskQueue }),
    startToCloseTimeout: attemptLimit,
    scheduleToCloseTimeout: `${2 * maximumAttempts} minutes`,
    heartbeatTimeout: '5 seconds',
    retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute', maximumAttempts },
  }).announce;
}

/** Announces runs that have ended: mostly this one. Answers whether notes were added to the run; never rejects. */
export async function announceEnd(run: Run, ended: readonly RunProgress[]): Promise<boolean> {
  const before = run.progress.notes?.length ?? 0;
  const { waited } = run;
  run.waited = false;
  const ends = ended
    .map((progress) => endOf(progress, waited && progress.run === run.progress.run))
    .filter((end) => end !== undefined);
  await Promise.all(ends.map((end) => tellEnd(run, end)));
  return (run.progress.notes?.length ?? 0) > before;
}

async function tellEnd(run: Run, end: RunEnd): Promise<void> {
  const { policy } = run;
  // Without a policy, what kept it from being read is the failure to report, unless it is the platform file itself.
  const wanted = policy
    ? policy.announces !== undefined && endIsToldTo(policy.announces, end)
    : endedBadly({ ...end, failure: end.failure?.kind });
  if (!wanted) return;
  await tell(run, () =>
    telling(policy, mostAttemptsAtEnd).executeWithOptions({ summary: `announce that ${end.run} has ended` }, [
      { platform: run.progress.platform, announcement: end },
    ]),
  ).catch((error: unknown) => {
    if (policy) run.note(`the end of ${end.run} could not be announced: ${recordOf(error).message}`);
  });
}

/**
 * Announces that the run waits for a person, while it waits. Call the function that it returns as soon as the run goes on:
 * nobody needs the announcement then.
 */
export function announceWaiting(run: Run, waitsFor: RunWaits['waitsFor']): () => void {
  const { policy } = run;
  if (!policy?.announces || (!policy.announces.events.includes('waiting') && !policy.announces.statsd))
    return () => undefined;
  const { run: id, kind, phase, startedAt, startedBy, recoveryPoint, platform } = run.progress;
  const announcement: RunWaits = {
    what: 'waiting',
    run: id,
    kind,
    phase,
    startedAt,
    since: run.now(),
    ...(startedBy && { startedBy }),
    ...(recoveryPoint && { recoveryPoint: recoveryPoint.id }),
    waitsFor,
  };
  run.waited = true;
  const scope = new CancellationScope({ cancellable: true });
  void scope
    .run(() =>
      tell(run, () =>
        telling(policy, mostAttemptsBeside).executeWithOptions({ summary: `announce that ${id} waits for a person` }, [
          { platform, announcement },
        ]),
      ),
    )
    .catch((error: unknown) => {
      if (!isCancellation(error)) run.note(`that ${id} waits could not be announced: ${recordOf(error).message}`);
    });
  return () => scope.cancel();
}

async function tell(run: Run, announce: () => Promise<Announced>): Promise<void> {
  const { notes } = await announce();
  for (const line of notes) run.note(line);
}

/** Undefined: the run goes on. */
function endOf(progress: RunProgress, waited: boolean): RunEnd | undefined {
  const { run, kind, phase, startedAt, startedBy, finishedAt, recoveryPoint, failure, verdict, quarantine } = progress;
  if (finishedAt === undefined || phase === 'skipped') return undefined;
  const unsaid = verdict !== undefined && verdict !== 'pass' ? notPassed(progress) : undefined;
  const { kind: type, message, remedy } = failure ?? unsaid ?? {};
  return {
    what: 'end',
    run,
    kind,
    phase,
    startedAt,
    finishedAt,
    ...(startedBy && { startedBy }),
    ...(waited && { waited }),
    ...(recoveryPoint && { recoveryPoint: recoveryPoint.id }),
    ...(quarantine && quarantine.volumes.length > 0 && { quarantine }),
    ...(type !== undefined && { failure: { kind: type, message: message ?? '', remedy: remedy ?? '' } }),
  };
}
