import { CancellationScope, executeChild } from '@temporalio/workflow';
import { overallVerdict, type Check } from '../domain/checks.ts';
import type { Plan } from '../domain/plans/plan.ts';
import type { RunProgress } from '../domain/runs/progress.ts';
import type { LockHolder, RestoreInput, RunPolicy } from '../domain/runs/run.ts';
import type { StepOutcome } from '../domain/plans/steps.ts';
import { openApprovalDesk } from './run/approval.ts';
import { backup } from './backup.ts';
import { conclude } from './run/conclude.ts';
import { openDecisionDesk } from './run/decisions.ts';
import { callOf, executor } from './run/execute.ts';
import { failureOf, recordOf } from './run/failure.ts';
import { busy, withLock } from './run/lock.ts';
import { locate, onHost, shared } from './run/options.ts';
import { rollBack } from './run/roll-back.ts';
import { openRun, type Run } from './run/open-run.ts';
import { stepRunner } from './run/step-runner.ts';
import { openSetAside } from './run/set-aside.ts';

const endsByItself = ['backup', 'prune'];
/** A platform that changes faster than anybody can approve is not going to be approved. */
const mostPlans = 5;

/** Brings a platform back from a recovery point. `{ "platform": "<name>" }` suffices: the newest point, quarantine. */
export async function restore(input: RestoreInput): Promise<RunProgress> {
  const run = openRun('restore', input);
  const approvals = openApprovalDesk(run);
  const decisions = openDecisionDesk(run);
  const setAside = openSetAside(run);
  const backups: RunProgress[] = [];
  let policy: RunPolicy | undefined;

  /** Made anew, and approved anew, when the platform changed between the plan and its approval. */
  async function planAndCarryOut(known: RunPolicy): Promise<void> {
    for (let plans = 1; ; plans++) {
      const plan = await makePlan(run, known, input);
      // The caller's word was about the plan that was made then.
      await approvals.awaitApproval(plan, known, plans === 1 ? input.approvedBy : undefined);
      try {
        await carryOut(plan, known);
        return;
      } catch (error) {
        const { kind, message } = recordOf(error);
        if (kind !== 'PlanStale' || plans >= mostPlans) throw error;
        run.enter('planning', `${message}; the plan is made anew`);
      }
    }
  }

  async function carryOut(plan: Plan, known: RunPolicy): Promise<void> {
    const call = callOf(run);
    const toSetAside = plan.steps.flatMap((step) =>
      step.action === 'quarantineVolume' ? [step.arguments.volume] : [],
    );
    const execute = executor(known, call, {
      before: { quarantineVolume: () => setAside.begin(toSetAside) },
      instead: { takeBackup: () => freshBackup(run, backups) },
    });
    const runner = stepRunner(plan, run, execute, {
      isOpen: () => setAside.begun(),
      take: () => rollBack(run, known, call, (back) => decisions.serve(back)),
    });
    decisions.serve(runner);
    await runner.run();
    if (plan.recoveryPoint && overallVerdict(run.progress.checks) === 'pass')
      await onHost(known).markProven.executeWithOptions({ summary: 'mark the recovery point proven' }, [
        { ...call, recoveryPoint: plan.recoveryPoint.id },
      ]);
  }

  return conclude(
    run,
    () => policy,
    async () => {
      policy = await locate(input.platform);
      const known = policy;
      await withLock(
        input.platform,
        (holder) => waitForBackup(run, input, known, holder),
        async () => {
          try {
            await planAndCarryOut(known);
          } finally {
            await CancellationScope.nonCancellable(() => setAside.end({ verdict: endOf(run) }));
          }
        },
      );
    },
    () => [run.progress, ...backups],
  );
}

/** A backup or a prune ends by itself: it is waited for, or asked to end. All else is a run of its own. */
async function waitForBackup(
  run: Run,
  input: RestoreInput,
  policy: RunPolicy,
  holder: LockHolder | undefined,
): Promise<void> {
  if (holder && !endsByItself.includes(holder.workflowType)) throw busy(input.platform, holder);
  const cancels = (input.runningBackup ?? policy.runningBackup) === 'cancel';
  const first = run.progress.phase !== 'waiting for lock';
  if (holder && cancels && first)
    await shared.cancelRun.executeWithOptions({ summary: `cancel ${holder.workflowId}` }, [
      { run: holder.workflowId, by: run.progress.run },
    ]);
  const what = cancels ? 'to end, which was cancelled' : 'to end';
  run.enter('waiting for lock', `waits for ${holder?.workflowId ?? 'the lock'} ${what}`);
}

async function makePlan(run: Run, policy: RunPolicy, input: RestoreInput): Promise<Plan> {
  const stale = run.progress.planHash === undefined ? '' : run.progress.note;
  run.enter('planning', stale);
  const { plan, checks, forecast } = await onHost(policy).prepareRestore.executeWithOptions(
    { summary: 'observe, choose the recovery point, preflight, plan' },
    [input],
  );
  if (plan === undefined || overallVerdict(checks) !== 'pass') throw refusedByPreflight(input.platform, checks);
  // What must be true holds; what somebody should look at all the same belongs into the report.
  run.progress.checks = checks.filter(({ warning }) => warning);
  run.progress.forecast = forecast;
  run.follow(plan);
  return plan;
}

async function freshBackup(run: Run, taken: RunProgress[]): Promise<StepOutcome> {
  const { platform } = run.progress;
  const report = await executeChild(backup, {
    workflowId: `backup/${platform}/${run.now().slice(0, 19)}Z`,
    args: [{ platform, within: run.progress.run }],
    staticSummary: `fresh backup after ${run.progress.run}`,
  });
  taken.push(report);
  return { summary: `recovery point ${report.recoveryPoint?.id ?? '?'}` };
}

/** How the quarantine must take the restore's end: only a pass, or a way back that was taken, starts its clock. */
function endOf({ progress }: Run): 'passed' | 'not passed' | 'rolled back' {
  const back = progress.steps.filter(({ action }) => action === 'returnVolume');
  if (back.length > 0 && back.every(({ status }) => status === 'done')) return 'rolled back';
  const finished = progress.steps.every(({ status }) => status === 'done');
  return finished && overallVerdict(progress.checks) === 'pass' ? 'passed' : 'not passed';
}

function refusedByPreflight(platform: string, checks: Check[]) {
  const bad = checks.filter(({ verdict }) => verdict !== 'pass').map(({ name }) => name);
  // What was seen and what mends it stands with the checks, which travel along and are shown line by line.
  return failureOf({
    kind: 'PreflightRefused',
    message: `preflight refuses the restore of ${platform}; nothing was touched. Not passed: ${bad.join(', ')}`,
    remedy: `mend what the checks say ("rekindle check ${platform}" looks again), then start the restore again`,
    checks,
  });
}
