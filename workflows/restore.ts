import { startChild } from '@temporalio/workflow';
import { overallVerdict, type Check } from '../domain/checks.ts';
import { isFolder } from '../domain/mounts.ts';
import type { Plan } from '../domain/plans/plan.ts';
import type { RecoveryPointId } from '../domain/recovery-points/recovery-point.ts';
import { untouched, type RunProgress } from '../domain/runs/progress.ts';
import { isProposal } from '../domain/runs/started-by.ts';
import type { MovedInput, RestoreInput, RunPolicy } from '../domain/runs/run.ts';
import type { StepOutcome } from '../domain/plans/steps.ts';
import { backup } from './backup.ts';
import { onHost } from './run/activity-options.ts';
import { openApprovalDesk, type GivenApproval } from './run/approval.ts';
import { asidesOf, movedOf } from './run/asides.ts';
import { conclude } from './run/conclude.ts';
import { openDecisionDesk } from './run/decisions.ts';
import { failureOf, recordOf } from './run/failure-record.ts';
import { withFreeId } from './run/free-id.ts';
import { endDrill, waitForBackup } from './run/make-way.ts';
import { openRun, type Run } from './run/open-run.ts';
import { markProven } from './run/mark-proven.ts';
import { platformLock, takeProposalLock } from './run/platform-lock.ts';
import { openPromotion } from './run/promotion.ts';
import { openQuarantine } from './run/restore-quarantine.ts';
import { rollBack } from './run/roll-back.ts';
import { callOf, executor } from './run/step-executor.ts';
import { stepRunner } from './run/step-runner.ts';

/** A platform that changes faster than people approve would never be restored. */
const mostPlans = 5;

/** Brings a platform back from a recovery point. `{ "platform": "<name>" }` suffices: the newest point, quarantine. */
export async function restore(input: RestoreInput): Promise<RunProgress> {
  const run = openRun('restore', input);
  const approvals = openApprovalDesk(run);
  const decisions = openDecisionDesk(run);
  const quarantine = openQuarantine(run);
  const backups: RunProgress[] = [];

  async function work(policy: RunPolicy): Promise<void> {
    if (isProposal(input)) await takeProposalLock(run);
    const lock = platformLock(run, (holder) => waitForBackup(run, input, policy, holder));
    for (let plans = 1; ; plans++) {
      await lock.take();
      // One that began while this waited for the lock.
      await endDrill(run, input);
      const plan = await makePlan(run, policy, input);
      // People take their time: backups go on meanwhile, and the plan's first step checks that it still fits.
      const demands = isProposal(input) || input.approvedPlan !== undefined;
      const asked: RunPolicy = demands ? { ...policy, approval: 'required' } : policy;
      await approvals.awaitApproval(plan, asked, givenApproval(run, input, { plan, plans }), () => lock.release());
      await lock.take();
      const stale = await carryOut(plan, policy);
      if (stale === undefined) return;
      // The platform changed between the plan and its approval: a new plan needs a new approval.
      if (plans >= mostPlans) throw stale;
      run.depart(`The plan ${shortOf(plan)} was replaced: ${recordOf(stale).message}`);
      run.enter('planning', 'a new plan is made');
    }
  }

  /** Answers with the failure when the plan no longer fits the platform; nothing was stopped then. */
  async function carryOut(plan: Plan, policy: RunPolicy): Promise<Error | undefined> {
    const { volumes, image, images } = asidesOf(plan);
    const call = { ...callOf(run, plan), image, ...(images && { images }) };
    const execute = executor(run, policy, call, {
      before: { quarantineVolume: () => quarantine.begin(volumes, { image, images }) },
      instead: { takeBackup: ({ restored }) => freshBackup(run, restored, backups) },
      scene: plan.scene,
    });
    const runner = stepRunner(plan, run, execute, {
      isOpen: () => quarantine.begun(),
      moved: async () => hasEmptiedFolder(plan, run) || (await isDataMoved(policy, { ...call, ...movedOf(plan) })),
      take: async () => quarantine.wentBack(await rollBack(run, policy, call, (back) => decisions.serve(back))),
    });
    decisions.serve(runner);
    const promoted = await openPromotion(run, input.promote);
    try {
      await runner.run();
    } catch (error) {
      if (error instanceof Error && recordOf(error).kind === 'PlanStale') return error;
      throw error;
    } finally {
      await promoted.over();
    }
    if (plan.recoveryPoint && overallVerdict(run.progress.checks) === 'pass')
      await markProven(run, policy, { ...call, recoveryPoint: plan.recoveryPoint.id });
    return undefined;
  }

  return conclude(run, work, () => [run.progress, ...backups]);
}

const shortOf = ({ hash }: { hash: string }) => hash.slice(0, 12);

/** An approval given in advance is for the first plan only; that of a wave, for the plan that people saw. */
function givenApproval(
  run: Run,
  input: RestoreInput,
  { plan, plans }: { plan: Plan; plans: number },
): GivenApproval | undefined {
  if (isProposal(input)) return undefined;
  const { approvedBy, approvedPlan } = input;
  if (approvedPlan?.hash === plan.hash) return { by: approvedPlan.by, how: 'wave' };
  if (approvedPlan !== undefined)
    run.depart(
      `The wave was approved with the plan ${shortOf(approvedPlan)}, which is not this one any more`,
      approvedPlan.by,
    );
  return approvedBy !== undefined && plans === 1 ? { by: approvedBy, how: 'caller' } : undefined;
}

/** An emptied folder leaves no trace on the engine: as soon as the step has begun, its data may be gone. */
function hasEmptiedFolder(plan: Plan, { progress }: Run): boolean {
  const begun = new Set(progress.steps.flatMap(({ id, status }) => (status === 'waiting' ? [] : [id])));
  return plan.steps.some(
    (step) => step.action === 'removeVolume' && isFolder(step.arguments.volume) && begun.has(step.id),
  );
}

/** An engine that does not answer leaves it open: then a person decides, as if it were so. */
async function isDataMoved(policy: RunPolicy, input: MovedInput): Promise<boolean> {
  const summary = 'see whether any data was moved';
  return onHost(policy)
    .isDataMoved.executeWithOptions({ summary }, [input])
    .catch(() => true);
}

async function makePlan(run: Run, policy: RunPolicy, input: RestoreInput): Promise<Plan> {
  run.enter('planning', run.progress.planHash === undefined ? '' : undefined);
  const { plan, checks, forecast, sources } = await onHost(policy).prepareRestore.executeWithOptions(
    { summary: 'observe, choose the recovery point, preflight, plan' },
    [input],
  );
  if (plan === undefined || overallVerdict(checks) !== 'pass') throw refusedByPreflight(run.progress, checks);
  // All required checks passed; keep the warnings for the report.
  run.progress.checks = checks.filter(({ warning }) => warning);
  run.progress.forecast = forecast;
  if (sources) run.progress.sources = sources;
  run.follow(plan);
  return plan;
}

async function freshBackup(run: Run, restored: RecoveryPointId, taken: RunProgress[]): Promise<StepOutcome> {
  const { platform } = run.progress;
  // A person may have started a backup in this very second, which is skipped because this run holds the platform.
  const child = await withFreeId(`backup/${platform}/${run.now().slice(0, 19)}Z`, (workflowId) =>
    startChild(backup, {
      workflowId,
      args: [{ platform, within: run.progress.run, restored, startedBy: run.progress.startedBy }],
      staticSummary: `fresh backup after ${run.progress.run}`,
    }),
  );
  const report = await child.result();
  taken.push(report);
  return { summary: `recovery point ${report.recoveryPoint?.id ?? '?'}` };
}

function refusedByPreflight(progress: RunProgress, checks: Check[]) {
  const { platform } = progress;
  const bad = checks.filter(({ verdict }) => verdict !== 'pass').map(({ name }) => name);
  // Evidence and remedy of each check travel with it and are shown line by line.
  return failureOf({
    kind: 'PreflightRefused',
    message: `Preflight refuses the restore of ${platform}; ${untouched(progress)}. Not passed: ${bad.join(', ')}`,
    remedy: `Do what the checks say ("rekindle check ${platform}" repeats them), then start the restore again`,
    checks,
  });
}
