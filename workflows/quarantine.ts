import { allHandlersFinished, CancellationScope, condition, setHandler } from '@temporalio/workflow';
import type { RunProgress } from '../domain/runs/progress.ts';
import type { QuarantineInput, RestoreEnded, RunPolicy } from '../domain/runs/run.ts';
import { restoreEnded } from './messages.ts';
import { locate, onHost } from './run/activity-options.ts';
import { announceEnd } from './run/announce.ts';
import { report } from './run/conclude.ts';
import { openDecisionDesk } from './run/decisions.ts';
import { openObstacle } from './run/obstacle.ts';
import { openRun } from './run/open-run.ts';
import { openQuarantineDesk } from './run/quarantine-desk.ts';
import { deadline } from './run/quarantine-deadline.ts';
import { takeBack } from './run/take-back.ts';
import { traceEnd } from './run/trace.ts';

/** A host that has no worker now must be named, not waited for in silence. */
const scheduleToStartTimeout = '2 minutes';

/**
 * Stands for the data that a restore set aside, and lives as long as that data. Takes the Updates `rollback` and
 * `release`, and deletes the data by itself so many hours after the restore passed. After a rollback it stands for what
 * the restore had made instead, which is kept as long again. It never fails: what it cannot do, it says, and tries again.
 */
export async function quarantine(input: QuarantineInput): Promise<RunProgress> {
  const run = openRun('quarantine', input);
  const { progress } = run;
  const decisions = openDecisionDesk(run);
  const requests = openQuarantineDesk(run, input);
  const obstacle = openObstacle(run);
  let ended: RestoreEnded | undefined;
  let endSeen = false;
  /** What is kept may have changed since it was last looked at. */
  let unseen = false;
  /** A rollback whose end was not announced and reported yet. */
  let untold = false;
  /** When the data is deleted without a person's word. Only a run that passed sets it, and the next change ends it. */
  let releaseAt: string | undefined;
  setHandler(restoreEnded, (how) => {
    ended = how;
  });

  const news = () => requests.pending() !== undefined || (ended !== undefined && !endSeen);
  const isDue = () => releaseAt !== undefined && Date.parse(releaseAt) <= Date.now();

  async function stand(): Promise<RunProgress> {
    run.enter('quarantined', `${input.run} goes on`);
    for (;;) {
      await somethingToDo();
      const known = { request: requests.pending(), ended };
      try {
        run.policy = await policyNow();
        const why = await act(run.policy);
        const told = obstacle.clear();
        if (why !== undefined) return await released(why, told);
      } catch (error) {
        await obstacle.wait(error, () => requests.pending() !== known.request || ended !== known.ended);
      }
    }
  }

  async function somethingToDo(): Promise<void> {
    if (unseen || isDue()) return;
    if (releaseAt === undefined) return condition(news);
    const summary = `delete the old data of ${input.platform}`;
    await condition(news, Math.max(1, Date.parse(releaseAt) - Date.now()), { summary });
  }

  /** The platform file as it is now. The data lies where it was set aside, whatever host the file names by now. */
  async function policyNow(): Promise<RunPolicy> {
    const policy = await locate(input.platform);
    const { host, taskQueue } = run.policy ?? policy;
    return { ...policy, host, taskQueue };
  }

  /** Answers why the quarantine is over, or nothing. */
  async function act(policy: RunPolicy): Promise<string | undefined> {
    // A rollback that was asked for in the last second goes first.
    await condition(allHandlersFinished);
    const request = requests.pending();
    if (request?.what === 'rollback') {
      releaseAt = undefined;
      await takeBack(run, policy, input, decisions);
      requests.done();
      // Unless all of it passed, a person must look at it before anything is deleted.
      if (progress.verdict === 'pass') releaseAt = deadline(policy);
      unseen = untold = true;
    } else if (request || isDue()) {
      await requests.closedWhile(() => letGo(policy, 'delete what was set aside'));
      return request ? `released by ${request.by}` : 'its time was over';
    } else if (ended && !endSeen) {
      endSeen = unseen = true;
      releaseAt = ended.releaseAt;
      run.enter(ended.verdict === 'rolled back' ? 'rolled back' : 'quarantined', `kept for ${input.run}`);
    }
    return look(policy);
  }

  async function look(policy: RunPolicy): Promise<string | undefined> {
    const kept = await onHost(policy).readQuarantine.executeWithOptions(
      { summary: 'see what is in quarantine', scheduleToStartTimeout },
      [input],
    );
    progress.quarantine = { workflow: progress.run, ...kept, ...(releaseAt !== undefined && { releaseAt }) };
    unseen = false;
    run.show();
    if (untold) {
      void announceEnd(run, [{ ...progress }]);
      void traceEnd(run);
      await report(run);
      untold = false;
    }
    if (kept.volumes.length > 0) return undefined;
    await letGo(policy, 'remove what was kept for a way back');
    return 'nothing is in quarantine (any more)';
  }

  function letGo(policy: RunPolicy, summary: string): Promise<void> {
    return onHost(policy).releaseQuarantine.executeWithOptions({ summary, scheduleToStartTimeout }, [input]);
  }

  async function released(why: string, told: Promise<unknown>): Promise<RunProgress> {
    progress.finishedAt = run.now();
    run.enter('released', why);
    await Promise.all([report(run), told]);
    await condition(allHandlersFinished);
    return progress;
  }

  CancellationScope.current().cancelRequested.catch(() => {
    run.note(`a request to cancel was refused at ${run.now()}: only rollback and release end a quarantine`);
  });
  return CancellationScope.nonCancellable(stand);
}
