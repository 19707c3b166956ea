import { CancellationScope, isCancellation, patched, proxyActivities } from '@temporalio/workflow';
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
import { recordOf } from './failure.ts';
import { notPassed } from './not-passed.ts';
import type { Run } from './open-run.ts';

// Telling receivers never makes a run fail. A run that waits goes on waiting meanwhile; one that is over has its report
// written meanwhile, and its lock is free.

/** One attempt: each receiver is given 10 s, and redirects of its own. */
const attemptLimit = '1 minute';
/** About a minute and a half when receivers hang, half a minute when they refuse: the run is over and stays open for it. */
const mostAttemptsAtEnd = 6;
/** About half an hour: the run waits for a person all that time. */
const mostAttemptsBeside = 30;

function telling(policy: RunPolicy | undefined, maximumAttempts: number) {
  return proxyActivities<Activities>({
    // Without a policy it is not known which host carries the platform: any worker can tell.
    ...(policy && { taskQueue: policy.taskQueue }),
    startToCloseTimeout: attemptLimit,
    scheduleToCloseTimeout: `${2 * maximumAttempts} minutes`,
    heartbeatTimeout: '5 seconds',
    retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute', maximumAttempts },
  }).announce;
}

/** Tells of runs that are over: mostly this one. Answers whether notes were added to the run; never rejects. */
export async function announceEnd(
  run: Run,
  policy: RunPolicy | undefined,
  ended: readonly RunProgress[],
): Promise<boolean> {
  const before = run.progress.notes?.length ?? 0;
  const ends = ended.map(endOf).filter((end) => end !== undefined);
  await Promise.all(ends.map((end) => tellEnd(run, policy, end)));
  return (run.progress.notes?.length ?? 0) > before;
}

async function tellEnd(run: Run, policy: RunPolicy | undefined, end: RunEnd): Promise<void> {
  if (policy) {
    if (policy.announces === undefined || !endIsToldTo(policy.announces, end)) return;
  } else {
    // What kept the policy from being read is the failure to be told of, unless it is the platform file itself.
    if (!endedBadly({ ...end, failure: end.failure?.kind }) || !patched('announce without policy')) return;
  }
  await tell(run, () =>
    telling(policy, mostAttemptsAtEnd).executeWithOptions({ summary: `tell that ${end.run} has ended` }, [
      { platform: run.progress.platform, announcement: end },
    ]),
  ).catch((error: unknown) => {
    if (policy) note(run, `the end of ${end.run} could not be told: ${recordOf(error).message}`);
  });
}

/**
 * Tells that the run waits for a person, beside it. Call what it answers when the run waits no more: nobody needs to be
 * told then.
 */
export function announceWaiting(run: Run, waitsFor: RunWaits['waitsFor']): () => void {
  const policy = run.policy();
  if (!policy?.announces || (!policy.announces.events.includes('waiting') && !policy.announces.statsd))
    return () => undefined;
  const { run: id, kind, phase, startedAt, recoveryPoint, platform } = run.progress;
  const announcement: RunWaits = {
    what: 'waiting',
    run: id,
    kind,
    phase,
    startedAt,
    since: run.now(),
    ...(recoveryPoint && { recoveryPoint: recoveryPoint.id }),
    waitsFor,
  };
  const scope = new CancellationScope({ cancellable: true });
  void scope
    .run(() =>
      tell(run, () =>
        telling(policy, mostAttemptsBeside).executeWithOptions({ summary: `tell that ${id} waits for a person` }, [
          { platform, announcement },
        ]),
      ),
    )
    .catch((error: unknown) => {
      if (!isCancellation(error)) note(run, `that ${id} waits could not be told: ${recordOf(error).message}`);
    });
  return () => scope.cancel();
}

async function tell(run: Run, announce: () => Promise<Announced>): Promise<void> {
  const { notes } = await announce();
  for (const line of notes) note(run, line);
}

function note(run: Run, line: string): void {
  const notes = (run.progress.notes ??= []);
  if (!notes.includes(line)) notes.push(line);
  run.show();
}

/** Undefined: the run goes on. */
function endOf(progress: RunProgress): RunEnd | undefined {
  const { run, kind, phase, startedAt, finishedAt, recoveryPoint, failure, verdict } = progress;
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
    ...(recoveryPoint && { recoveryPoint: recoveryPoint.id }),
    ...(type !== undefined && { failure: { kind: type, message: message ?? '', remedy: remedy ?? '' } }),
  };
}
