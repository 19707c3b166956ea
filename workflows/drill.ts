import { overallVerdict } from '../domain/checks.ts';
import type { Plan } from '../domain/plans/plan.ts';
import type { RunProgress } from '../domain/runs/progress.ts';
import type { DrillInput, RunPolicy } from '../domain/runs/run.ts';
import { onHost } from './run/activity-options.ts';
import { conclude } from './run/conclude.ts';
import { failureOf } from './run/failure-record.ts';
import { openKeeping } from './run/keep-scene.ts';
import { markProven } from './run/mark-proven.ts';
import { openRun, type Run } from './run/open-run.ts';
import { takeDrillLockOrSkip } from './run/platform-lock.ts';
import { callOf, executor } from './run/step-executor.ts';
import { stepRunner } from './run/step-runner.ts';

/**
 * Rehearses the restore of a recovery point in a scene beside the platform, and takes it down again. It does not hold the
 * platform, and a restore cancels it. One at a time; skipped while the platform is being restored.
 */
export async function drill(input: DrillInput): Promise<RunProgress> {
  const run = openRun('drill', input);
  const keep = openKeeping(run);
  return conclude(run, async (policy) => {
    if (!(await takeDrillLockOrSkip(run))) return;
    const plan = await makePlan(run, policy, input);
    const call = { ...callOf(run, plan), ...(plan.scene && { scene: plan.scene }) };
    await stepRunner(
      plan,
      run,
      executor(run, policy, call, { instead: { keepScene: (args) => keep(policy, plan, args) } }),
    ).run();
    const whole = plan.scene?.share?.completes ?? true;
    // What was kept was marked before.
    if (input.keepHours === undefined && whole && plan.recoveryPoint && overallVerdict(run.progress.checks) === 'pass')
      await markProven(run, policy, { ...call, recoveryPoint: plan.recoveryPoint.id });
  });
}

async function makePlan(run: Run, policy: RunPolicy, input: DrillInput): Promise<Plan> {
  run.enter('planning');
  const { plan, checks, forecast, sources } = await onHost(policy).prepareDrill.executeWithOptions(
    { summary: 'choose the recovery point, see whether it fits, plan' },
    [input],
  );
  if (plan === undefined || overallVerdict(checks) !== 'pass') {
    const bad = checks.filter(({ verdict }) => verdict !== 'pass');
    throw failureOf({
      kind: 'PreflightRefused',
      message: `The drill of ${input.platform} does not fit beside it: ${bad.map(({ evidence }) => evidence).join('; ')}`,
      remedy: bad.map(({ remedy }) => remedy).join('; '),
      checks,
    });
  }
  run.progress.forecast = forecast;
  if (sources) run.progress.sources = sources;
  run.follow(plan);
  run.progress.checks.push(...checks);
  return plan;
}
