import { patched, startChild } from '@temporalio/workflow';
import { overallVerdict } from '../domain/checks.ts';
import type { Plan } from '../domain/plans/plan.ts';
import { untouched, type RunProgress } from '../domain/runs/progress.ts';
import type { CopyInput, RunPolicy } from '../domain/runs/run.ts';
import { backup } from './backup.ts';
import { locate, onHost } from './run/activity-options.ts';
import { openApprovalDesk } from './run/approval.ts';
import { conclude } from './run/conclude.ts';
import { openDecisionDesk } from './run/decisions.ts';
import { failureOf, recordOf } from './run/failure-record.ts';
import { withFreeId } from './run/free-id.ts';
import { openRun, type Run } from './run/open-run.ts';
import { busy, platformLock, takeCopyLock } from './run/platform-lock.ts';
import { callOf, executor } from './run/step-executor.ts';
import { startScrub } from './run/start-scrub.ts';
import { stepRunner } from './run/step-runner.ts';

/** A destination that changes faster than people approve would never get its copy. */
const mostPlans = 5;

/**
 * Copies indices from a recovery point of one platform into the living Elasticsearch of another, or of the same. The
 * destination is locked while it is worked on; while people think, its backups go on.
 */
export async function copy(input: CopyInput): Promise<RunProgress> {
  const run = openRun('copy', input);
  const approvals = openApprovalDesk(run);
  const decisions = openDecisionDesk(run);
  const backups: RunProgress[] = [];

  async function work(policy: RunPolicy): Promise<void> {
    await takeCopyLock(run);
    const wanted = input.newBackup ? { ...input, point: await backUpSource(run, input, backups) } : input;
    const lock = platformLock(run, (holder) => {
      // These end by themselves.
      if (holder && !['backup', 'prune'].includes(holder.workflowType)) throw busy(input.platform, holder);
      run.enter('waiting for lock', `waits for ${holder?.workflowId ?? 'the lock'} to end`);
      return true;
    });
    run.defer(() => releaseSource(run, policy, input));
    for (let plans = 1; ; plans++) {
      await lock.take();
      const plan = await makePlan(run, policy, wanted);
      const given =
        input.approvedBy !== undefined && plans === 1 ? { by: input.approvedBy, how: 'caller' as const } : undefined;
      const waited = await approvals.awaitApproval(plan, policy, given, () => lock.release());
      await lock.take();
      // What stood on the destination when people were asked may not stand there now. A newer backup changes nothing.
      const same = { ...wanted, point: plan.recoveryPoint?.id, before: undefined };
      const now = waited ? await makePlan(run, policy, same) : plan;
      if (now.hash === plan.hash) return carryOut(now, policy);
      if (plans >= mostPlans) throw stale(run);
      run.note('the destination has changed since the plan was made');
      run.enter('planning', 'a new plan is made');
    }
  }

  async function carryOut(plan: Plan, policy: RunPolicy): Promise<void> {
    const runner = stepRunner(plan, run, executor(run, policy, callOf(run, plan)));
    decisions.serve(runner);
    await runner.run();
  }

  return conclude(run, work, () => [run.progress, ...backups]);
}

async function makePlan(run: Run, policy: RunPolicy, input: CopyInput): Promise<Plan> {
  run.enter('planning');
  const { plan, checks } = await onHost(policy).prepareCopy.executeWithOptions(
    { summary: 'choose the recovery point, look at the destination, check, plan' },
    [input],
  );
  const { progress } = run;
  if (plan === undefined || overallVerdict(checks) !== 'pass') {
    const bad = checks.filter(({ verdict }) => verdict !== 'pass').map(({ name }) => name);
    throw failureOf({
      kind: 'PreflightRefused',
      message: `Preflight refuses the copy from ${input.from} to ${input.platform}; ${untouched(progress)}. Not passed: ${bad.join(', ')}`,
      remedy: `Do what the checks say ("rekindle copy ${input.from} ${input.platform} --dry-run" repeats them), then start the copy again`,
      checks,
    });
  }
  progress.checks = checks.filter(({ warning }) => warning);
  run.follow(plan);
  return plan;
}

/** A pin that stays keeps one recovery point too many: no reason for a copy to fail. */
async function releaseSource(run: Run, policy: RunPolicy, { platform, from }: CopyInput): Promise<void> {
  try {
    await onHost(policy).releaseSource.executeWithOptions({ summary: 'let the recovery point go' }, [
      { platform, from },
    ]);
  } catch (error) {
    run.note(
      `The recovery point is still pinned by this run ("rekindle points ${from}" shows it): ${recordOf(error).message}`,
    );
  }
}

/** Answers the point's id. Failure: SnapshotFailed, when none was taken. */
async function backUpSource(run: Run, input: CopyInput, taken: RunProgress[]): Promise<string> {
  const { from } = input;
  run.enter('planning', `backs up ${from} first`);
  // It reads all that is new in the bucket: next to the restore of the same bytes it would double what both take.
  const scrubs = patched('copy-scrubs-at-its-end') && (await locate(from)).scrubs === true;
  const child = await withFreeId(`backup/${from}/${run.now().slice(0, 19)}Z`, (workflowId) =>
    startChild(backup, {
      workflowId,
      args: [{ platform: from, startedBy: run.progress.startedBy, ...(scrubs && { scrubs: false as const }) }],
      staticSummary: `backup for ${run.progress.run}`,
    }),
  );
  const report = await child.result();
  taken.push(report);
  if (scrubs && report.recoveryPoint) run.defer(() => startScrub(run, from));
  if (report.recoveryPoint) return report.recoveryPoint.id;
  throw failureOf({
    kind: 'SnapshotFailed',
    message: `${from} was not backed up, so nothing was copied: ${report.note ?? report.phase}`,
    remedy: `Look at "rekindle report ${report.run}", or copy an existing recovery point`,
    checks: [],
  });
}

function stale(run: Run): Error {
  return failureOf({
    kind: 'PlanStale',
    message: `The destination changed between plan and approval ${mostPlans} times; ${untouched(run.progress)}`,
    remedy: 'Find out what creates or deletes indices there, then start the copy again',
    checks: [],
  });
}
