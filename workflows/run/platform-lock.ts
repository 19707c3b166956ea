import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  ApplicationFailure,
  CancellationScope,
  ParentClosePolicy,
  startChild,
  workflowInfo,
  type ChildWorkflowHandle,
} from '@temporalio/workflow';
import type { LockHolder, LockKind } from '../../domain/runs/run.ts';
import { exclusive } from '../exclusive.ts';
import { releaseLock } from '../messages.ts';
import { awaitUnlocked, shared } from './activity-options.ts';
import type { Run } from './open-run.ts';

/**
 * While another run holds the lock: true waits for its end, false gives up, and a failure ends this run. Undefined: the
 * holder has just ended.
 */
type MayWait = (holder: LockHolder | undefined) => boolean | Promise<boolean>;

/** The platform's lock, for a run that gives it back in between. */
export interface PlatformLock {
  /** Answers whether it is held now; it is, at the latest, until the run's work ends. */
  take(): Promise<boolean>;
  release(): Promise<void>;
}

export function platformLock(run: Run, mayWait: MayWait): PlatformLock {
  const { platform } = run.progress;
  let held: ChildWorkflowHandle<typeof exclusive> | undefined;

  async function release(): Promise<void> {
    const lock = held;
    held = undefined;
    if (lock) await end(run, lock);
  }

  return {
    async take() {
      for (;;) {
        if (held) return true;
        try {
          held = await startLock(platform, 'exclusive');
          run.defer(release);
        } catch (error) {
          if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
          if (!(await mayWait(await describeLock(platform)))) return false;
          await awaitUnlocked(platform);
        }
      }
    },
    release,
  };
}

const lockWords: Record<LockKind, string> = {
  exclusive: 'lock of',
  proposal: 'the one proposal for',
  scrubbing: 'the one scrub of',
  copying: 'the one copy into',
  drilling: 'the one drill of',
};

/** Takes the platform's lock until the run's work ends. Answers whether it was taken. */
export function takeLock(run: Run, mayWait: MayWait): Promise<boolean> {
  return platformLock(run, mayWait).take();
}

/** For a run that only reads repositories: one at a time, and beside any run that holds the platform. */
export function takeScrubLockOrSkip(run: Run): Promise<boolean> {
  const { platform } = run.progress;
  return takeOneOrSkip(
    run,
    'scrubbing',
    (holder) => `${holder?.workflowId ?? 'another scrub'} reads the repositories of ${platform} already`,
  );
}

/** What a drill runs beside; every other run that holds the platform restores it, or takes a restore back. */
const drillsBeside: ReadonlySet<string> = new Set(['backup', 'prune']);

/** For a drill: one at a time, and none while the platform is being restored. */
export async function takeDrillLockOrSkip(run: Run): Promise<boolean> {
  const { progress } = run;
  const { platform } = progress;
  // First its own lock: a restore that begins after this question finds the drill by it, and cancels it.
  const taken = await takeOneOrSkip(
    run,
    'drilling',
    (holder) => `${holder?.workflowId ?? 'another drill'} rehearses ${platform} already`,
  );
  if (!taken) return false;
  const holder = await describeLock(platform);
  if (holder === undefined || drillsBeside.has(holder.workflowType)) return true;
  progress.finishedAt = run.now();
  run.enter('skipped', `${holder.workflowId} holds ${platform}: a drill gives way`);
  return false;
}

async function takeOneOrSkip(
  run: Run,
  kind: LockKind,
  words: (holder: LockHolder | undefined) => string,
): Promise<boolean> {
  const { progress } = run;
  try {
    const lock = await startLock(progress.platform, kind);
    run.defer(() => end(run, lock));
    return true;
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    const holder = await describeLock(progress.platform, kind);
    progress.finishedAt = run.now();
    run.enter('skipped', words(holder));
    return false;
  }
}

/** Not cancelled with its holder: the lock is needed as long as something is being undone. */
function startLock(platform: string, lock: LockKind): Promise<ChildWorkflowHandle<typeof exclusive>> {
  const { workflowId: run } = workflowInfo();
  return CancellationScope.nonCancellable(() =>
    startChild(exclusive, {
      workflowId: `${lock}/${platform}`,
      args: [{ platform, run }],
      parentClosePolicy: ParentClosePolicy.TERMINATE,
      staticSummary: `${lockWords[lock]} ${platform}, held by ${run}`,
    }),
  );
}

/** Holds until the run's work ends. Failure: PlatformBusy, when another proposal for the platform has not ended. */
export async function takeProposalLock(run: Run): Promise<void> {
  const { platform } = run.progress;
  try {
    const lock = await startLock(platform, 'proposal');
    run.defer(() => end(run, lock));
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    throw busy(platform, await describeLock(platform, 'proposal'), 'was proposed for');
  }
}

/** Holds until the run's work ends, also while it waits for people. Failure: PlatformBusy, when another copy has not ended. */
export async function takeCopyLock(run: Run): Promise<void> {
  const { platform } = run.progress;
  try {
    const lock = await startLock(platform, 'copying');
    run.defer(() => end(run, lock));
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    throw busy(platform, await describeLock(platform, 'copying'), 'copies into');
  }
}

export function describeLock(platform: string, lock: LockKind = 'exclusive'): Promise<LockHolder | undefined> {
  const summary = `see which run holds ${platform}`;
  return shared.describeLock.executeWithOptions({ summary }, [{ platform, ...(lock !== 'exclusive' && { lock }) }]);
}

/** A lock that somebody terminated must not make a run fail whose work is done. */
async function end(run: Run, lock: ChildWorkflowHandle<typeof exclusive>): Promise<void> {
  try {
    await lock.signal(releaseLock);
    await lock.result();
  } catch {
    run.note(`the lock ${lock.workflowId} was ended from outside; another run may have worked at the same time`);
  }
}

/** Takes the lock, or ends the run as skipped; runs of the types in `waitsFor` are waited for. */
export function takeLockOrSkip(
  run: Run,
  { otherwise, waitsFor = [] }: { otherwise: string; waitsFor?: string[] },
): Promise<boolean> {
  const { progress } = run;
  return takeLock(run, (holder) => {
    // The holder ended between the attempt and the question.
    if (holder === undefined && progress.phase === 'waiting for lock') return true;
    const waits = holder !== undefined && waitsFor.includes(holder.workflowType);
    const who = holder?.workflowId ?? 'another run';
    if (!waits) progress.finishedAt = run.now();
    if (waits) run.enter('waiting for lock', `waits for ${who} to end`);
    else run.enter('skipped', `${who} holds ${progress.platform}; ${otherwise}`);
    return waits;
  });
}

export function busy(platform: string, holder: LockHolder | undefined, does = 'is working on'): ApplicationFailure {
  const who = holder?.workflowId ?? 'another run';
  return ApplicationFailure.create({
    type: 'PlatformBusy',
    nonRetryable: true,
    message: `${who} ${does} ${platform}; nothing was touched`,
    details: [{ remedy: `Watch it with "rekindle watch ${who}", and start again when it has ended` }],
  });
}
