import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.ts';
import type { Scene } from '../../domain/drills/scene.ts';
import type { Plan } from '../../domain/plans/plan.ts';
import type { HostName } from '../../domain/platform.ts';
import type { RunPolicy, StepCall } from '../../domain/runs/run.ts';
import type { Action, StepOutcome } from '../../domain/plans/steps.ts';
import type { ContainerStarts, StepArguments } from '../../domain/plans/step-arguments.ts';
import { stepOptions } from './activity-options.ts';
import { sceneOfStep } from './in-scene.ts';
import { withLimits } from './limits.ts';
import type { Run } from './open-run.ts';

/** One action to be carried out. */
interface Work<A extends Action> {
  id: string;
  action: A;
  /** Absent: the platform's own. */
  host?: HostName;
  /** See `Step`. */
  scene?: true;
  arguments: StepArguments[A];
  title: string;
  /** It puts something back, and is retried for longer. */
  undoes?: true;
}

/** Carries out one action. Where it runs (an activity, a child workflow) is the executor's business. */
export type Execute = <A extends Action>(step: Work<A>) => Promise<StepOutcome>;

/** What a workflow does itself about an action. */
interface InWorkflow {
  instead?: { [A in Action]?: (args: StepArguments[A]) => Promise<StepOutcome> };
  before?: { [A in Action]?: () => Promise<void> };
  /** Of the plan, for its steps that are carried out there; a drill's call holds it for all of them. */
  scene?: Scene | undefined;
}

/** What every activity of a run knows about it. */
export function callOf({ progress }: Run, { places, bases }: Pick<Plan, 'places' | 'bases'>) {
  return {
    platform: progress.platform,
    run: progress.run,
    execution: workflowInfo().runId,
    planHash: progress.planHash,
    ...(places && { places }),
    ...(bases && { bases }),
  };
}

/** Each action is the activity of its name on the step's host, but for those that a workflow does itself. */
export function executor(
  run: Run,
  policy: RunPolicy,
  call: Omit<StepCall<Action>, 'arguments'>,
  { instead = {}, before = {}, scene }: InWorkflow = {},
): Execute {
  const activities = proxyActivities<Activities>({ startToCloseTimeout: '1 minute' });
  /** By host: each confirms what it started. */
  const starts: Record<HostName, ContainerStarts> = {};
  return async <A extends Action>(step: Work<A>) => {
    await before[step.action]?.();
    const inWorkflow = instead[step.action];
    if (inWorkflow) return inWorkflow(step.arguments);
    const work = { ...step, arguments: withLimits(step, run.limits) };
    // The compiler cannot follow that the activity of an action takes that action's arguments; the table says so.
    const activity = activities[step.action] as unknown as {
      executeWithOptions(options: object, args: unknown[]): Promise<StepOutcome>;
    };
    // What is started in a scene is gone when the platform's health is confirmed.
    const own = step.scene ? {} : (starts[step.host ?? ''] ??= {});
    const started = step.action === 'confirmHealth' ? { starts: own } : {};
    const missing = step.action === 'publishRecoveryPoint' && run.missing.length > 0 ? { missing: run.missing } : {};
    const args = { ...call, ...sceneOfStep(step, scene), ...started, ...missing, arguments: work.arguments };
    const outcome = await activity.executeWithOptions(stepOptions(run.policy ?? policy, work, step.title), [args]);
    Object.assign(own, outcome.starts);
    return outcome;
  };
}
