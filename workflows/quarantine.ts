import { CancellationScope, condition, setHandler } from '@temporalio/workflow';
import { overallVerdict } from '../domain/checks.ts';
import type { QuarantineContent, RunProgress } from '../domain/runs/progress.ts';
import type { QuarantineInput, RestoreEnded, RunPolicy } from '../domain/runs/run.ts';
import { restoreEnded } from './messages.ts';
import { locate, onHost } from './run/activity-options.ts';
import { announceEnd } from './run/announce.ts';
import { report } from './run/conclude.ts';
import { openDecisionDesk } from './run/decisions.ts';
import { recordOf } from './run/failure-record.ts';
import { openRun, type Run } from './run/open-run.ts';
import { takeLock } from './run/platform-lock.ts';
import { openQuarantineDesk } from './run/quarantine-desk.ts';
import { deadline } from './run/quarantine-deadline.ts';
import { rollBack } from './run/roll-back.ts';

/**
 * Stands for the data that a restore set aside, and lives as long as that data. Takes the Updates `rollback` and
 * `release`, and deletes the data by itself so many hours after the restore passed. After a rollback it stands for what
 * the restore had made instead, which is kept in the same way.
 */
export async function quarantine(input: QuarantineInput): Promise<RunProgress> {
  const run = openRun('quarantine', input);
  const { progress } = run;
  const decisions = openDecisionDesk(run);
  const requests = openQuarantineDesk(run, input);
  let ended: RestoreEnded | undefined;
  setHandler(restoreEnded, (how) => {
    ended = how;
  });

  async function stand(): Promise<RunProgress> {
    const policy = await locate(input.platform);
    run.policy = policy;
    run.enter('quarantined', `${input.run} goes on`);
    let releaseAt: string | undefined;
    for (let endSeen = false; ;) {
      const news = () => requests.pending() !== undefined || (ended !== undefined && !endSeen);
      const due = !(await happens(news, releaseAt, `delete the old data of ${input.platform}`));
      const request = requests.pending();
      if (due || request?.what === 'release') {
        await onHost(policy).releaseQuarantine.executeWithOptions({ summary: 'delete what was set aside' }, [input]);
        return released(run, request ? `released by ${request.by}` : 'its time was over');
      }
      if (request) {
        run.enter(await takeBack(run, policy, input, decisions), '');
        requests.done();
        // After a rollback that failed nothing is deleted by itself: a person must look at it.
        releaseAt = progress.phase === 'rolled back' ? deadline(policy) : undefined;
      } else if (ended) {
        endSeen = true;
        releaseAt = ended.releaseAt;
        run.enter(ended.verdict === 'rolled back' ? 'rolled back' : 'quarantined', `kept for ${input.run}`);
      }
      const kept = await whatIsKept(policy, input);
      progress.quarantine = { workflow: progress.run, ...kept, ...(releaseAt !== undefined && { releaseAt }) };
      run.show();
      if (request) {
        void announceEnd(run, [{ ...progress }]);
        await report(run);
      }
      if (endSeen && kept.volumes.length === 0) return released(run, 'nothing is in quarantine (any more)');
    }
  }

  CancellationScope.current().cancelRequested.catch(() => {
    run.note(`a request to cancel was refused at ${run.now()}: only rollback and release end a quarantine`);
  });
  return CancellationScope.nonCancellable(stand);
}

/** Whether it came true before `before`, ISO 8601. */
async function happens(news: () => boolean, before: string | undefined, summary: string): Promise<boolean> {
  if (before !== undefined) return condition(news, Math.max(1, Date.parse(before) - Date.now()), { summary });
  await condition(news);
  return true;
}

async function released(run: Run, why: string): Promise<RunProgress> {
  run.progress.finishedAt = run.now();
  run.enter('released', why);
  await report(run);
  return run.progress;
}

/** The rollback as a run of its own: steps, checks and a report. When it fails, it can be requested again. */
async function takeBack(
  run: Run,
  policy: RunPolicy,
  input: QuarantineInput,
  decisions: ReturnType<typeof openDecisionDesk>,
): Promise<'failed' | 'rolled back'> {
  const { progress } = run;
  Object.assign(progress, { startedAt: run.now(), finishedAt: undefined, checks: [], steps: [], decisions: [] });
  delete progress.failure;
  delete progress.verdict;
  try {
    await takeLock(run, (holder) => {
      run.enter('waiting for lock', `waits for ${holder?.workflowId ?? 'the lock'} to end`);
      return true;
    });
    try {
      await rollBack(run, policy, input, (runner) => decisions.serve(runner));
    } finally {
      await run.settle();
    }
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
  return onHost(policy).readQuarantine.executeWithOptions({ summary: 'see what is in quarantine' }, [input]);
}
