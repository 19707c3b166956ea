import { CancellationScope, condition, setHandler } from '@temporalio/workflow';
import { overallVerdict } from '../domain/checks.ts';
import type { QuarantineContent, RunProgress } from '../domain/runs/progress.ts';
import type { QuarantineInput, RestoreEnded, RunPolicy } from '../domain/runs/run.ts';
import { announceEnd } from './run/announce.ts';
import { report } from './run/conclude.ts';
import { openDecisionDesk } from './run/decisions.ts';
import { recordOf, refuse } from './run/failure.ts';
import { withLock } from './run/lock.ts';
import { release, restoreEnded, rollback } from './messages.ts';
import { locate, onHost, shared } from './run/options.ts';
import { rollBack } from './run/roll-back.ts';
import { openRun, type Run } from './run/open-run.ts';

interface Word {
  what: 'rollback' | 'release';
  by: string;
}

/**
 * Stands for the data that a restore set aside, and lives as long as that data. Takes the Updates `rollback` and
 * `release`, and lets the data go by itself so many hours after the restore passed. After a rollback it stands for what
 * the restore had made instead, which is kept in the same way. A cancellation is not heard: it would end the way back, and
 * leave the data where nobody looks.
 */
export async function quarantine(input: QuarantineInput): Promise<RunProgress> {
  return CancellationScope.nonCancellable(() => keep(input));
}

async function keep(input: QuarantineInput): Promise<RunProgress> {
  const run = openRun('quarantine', input);
  const desk = openDecisionDesk(run);
  const { progress } = run;
  let word: Word | undefined;
  let ended: RestoreEnded | undefined;

  /** Who asks where it stands next must not be told of an earlier end. */
  const take = (given: Word) => {
    word ??= given;
    run.enter('starting', `${given.what}, asked for by ${given.by}`);
  };
  const validator = ({ by }: { by?: string }) => {
    if (by === undefined || by === '') refuse('"by" is missing: who decides?');
    if (word) refuse(`${word.what} was asked for by ${word.by} already`);
  };
  setHandler(
    rollback,
    async ({ by }) => {
      if (progress.phase === 'rolled back') refuse('the old data was brought back already');
      await refuseWhileHeld(input, () => true);
      take({ what: 'rollback', by });
      return `rollback of ${input.run} starts, asked for by ${by}; watch it: rekindle watch ${progress.run}`;
    },
    { description: 'Brings the old data back and starts what ran before: {"by": "…"}', validator },
  );
  setHandler(
    release,
    async ({ by }) => {
      await refuseWhileHeld(input, (holder) => holder === input.run);
      take({ what: 'release', by });
      return `the quarantine of ${input.run} is released, asked for by ${by}`;
    },
    { description: 'Deletes the old data for good: {"by": "…"}', validator },
  );
  setHandler(restoreEnded, (how) => {
    ended = how;
  });

  const policy = await locate(input.platform);
  run.policy = () => policy;
  run.enter('quarantined', `${input.run} goes on`);
  let releaseAt: number | undefined;
  for (let endSeen = false; ;) {
    const news = () => word !== undefined || (ended !== undefined && !endSeen);
    const due = !(await happens(news, releaseAt));
    if (due || word?.what === 'release') {
      await onHost(policy).releaseQuarantine.executeWithOptions({ summary: 'delete what was set aside' }, [input]);
      return released(run, policy, word ? `released by ${word.by}` : 'its time was over');
    }
    let back = false;
    if (word?.what === 'rollback') {
      const phase = await takeBack(run, policy, input, desk);
      back = phase === 'rolled back';
      word = undefined;
      run.enter(phase, '');
      void announceEnd(run, policy, [{ ...progress }]);
      await report(run, policy);
    } else if (ended) {
      endSeen = true;
      back = ended.verdict === 'rolled back';
      run.enter(back ? 'rolled back' : 'quarantined', `kept for ${input.run}`);
    }
    const kept = await whatIsKept(policy, input);
    if (endSeen && kept.volumes.length === 0) return released(run, policy, 'nothing is set aside (any more)');
    // Without a pass, or a way back that was taken, it is kept until somebody decides.
    if (back || ended?.verdict === 'passed') releaseAt ??= Date.now() + policy.quarantineHours * 3_600_000;
    progress.quarantine = {
      workflow: progress.run,
      ...kept,
      ...(releaseAt === undefined ? {} : { releaseAt: new Date(releaseAt).toISOString() }),
    };
    run.show();
  }
}

/** Whether it came true before the time, milliseconds since 1970, was over. */
async function happens(news: () => boolean, before: number | undefined): Promise<boolean> {
  if (before !== undefined) return condition(news, Math.max(1, before - Date.now()));
  await condition(news);
  return true;
}

async function released(run: Run, policy: RunPolicy, why: string): Promise<RunProgress> {
  run.progress.finishedAt = run.now();
  run.enter('released', why);
  await report(run, policy);
  return run.progress;
}

/** The rollback as a run of its own: steps, checks and a report. However it ends, the quarantine stays asked for. */
async function takeBack(
  run: Run,
  policy: RunPolicy,
  input: QuarantineInput,
  desk: ReturnType<typeof openDecisionDesk>,
): Promise<'failed' | 'rolled back'> {
  const { progress } = run;
  Object.assign(progress, { startedAt: run.now(), finishedAt: undefined, checks: [], steps: [], decisions: [] });
  delete progress.failure;
  delete progress.verdict;
  try {
    await withLock(
      input.platform,
      (holder) => run.enter('waiting for lock', `waits for ${holder?.workflowId ?? 'the lock'} to end`),
      () => rollBack(run, policy, input, (runner) => desk.serve(runner)),
    );
    progress.verdict = overallVerdict(progress.checks);
  } catch (error) {
    const { kind, message, remedy, checks } = recordOf(error);
    progress.failure = { kind, message, remedy };
    progress.checks.push(...checks);
    progress.verdict = 'fail';
  }
  progress.finishedAt = run.now();
  // Steps that were skipped leave the verdict at fail, but the data is back.
  return progress.failure ? 'failed' : 'rolled back';
}

async function whatIsKept(policy: RunPolicy, input: QuarantineInput): Promise<QuarantineContent> {
  return onHost(policy).readQuarantine.executeWithOptions({ summary: 'see what is set aside' }, [input]);
}

/** Refuses the Update while a run that matters holds the platform. */
async function refuseWhileHeld({ platform }: QuarantineInput, matters: (holder: string) => boolean): Promise<void> {
  const holder = await CancellationScope.nonCancellable(() =>
    shared.describeLock.executeWithOptions({ summary: `see who holds ${platform}` }, [{ platform }]),
  );
  if (holder && matters(holder.workflowId))
    refuse(`${holder.workflowId} still works on ${platform}: let it end, cancel it, or decide there`);
}
