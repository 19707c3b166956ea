import type { Plan } from '../domain/plans/plan.ts';
import { describeStep } from '../domain/plans/describe-step.ts';
import type { StepId } from '../domain/plans/steps.ts';
import type { StepState } from '../domain/runs/progress.ts';
import { withJoints, type Edge } from './joints.ts';
import { sidesOf, type Side } from './sides.ts';
import { waitsOf } from './waits.ts';

/** A plan as people look at it: which step waits for which. */
export interface PlanGraph {
  /** `Restore of nuvla to 2026-11-21t0930z`. */
  title: string;
  /** Further facts, in one line. */
  subtitle: string;
  /** In the order of the plan. */
  steps: GraphStep[];
  joints: GraphJoint[];
  /** Between steps and joints; what follows from other edges is left out. */
  edges: Edge[];
}

/** A point without a step of its own, in which edges meet: see `withJoints`. */
export interface GraphJoint {
  id: string;
  side?: Side;
}

export interface GraphStep {
  id: StepId;
  title: string;
  /** Removes data from where its service looks for it. */
  destructive: boolean;
  /** Absent: the plan has no point of no return. */
  side?: Side;
  /** Absent: it is a plan, and no run. */
  state?: StepState;
}

/** What each wait and each mark of a drawing stands for; `states`: those of a run with this plan. */
export function graphOf(plan: Plan, states: readonly StepState[] = []): PlanGraph {
  const waits = waitsOf(plan.steps);
  const sides = sidesOf(plan, waits);
  const stateOf = new Map(states.map((state) => [state.id, state]));
  const steps = plan.steps.map((step): GraphStep => {
    const side = sides?.get(step.id);
    const state = stateOf.get(step.id);
    return {
      id: step.id,
      title: describeStep(step),
      destructive: step.destructive === true,
      ...(side && { side }),
      ...(state && { state }),
    };
  });
  const { joints, edges } = withJoints(waits.direct);
  return {
    title: titleOf(plan),
    subtitle: subtitleOf(plan),
    steps,
    joints: joints.map((id) => ({
      id,
      ...(sides && { side: lastOf(edges.flatMap(({ from, to }) => (to === id ? [sides.get(from)] : []))) }),
    })),
    edges,
  };
}

/** Of what a joint waits for: it stands where the last of them does. */
function lastOf(sides: readonly (Side | undefined)[]): Side {
  return (['after', 'either'] as const).find((side) => sides.includes(side)) ?? 'before';
}

function titleOf({ kind, platform, recoveryPoint }: Plan): string {
  const of = `${kind.charAt(0).toUpperCase()}${kind.slice(1)} of ${platform}`;
  if (recoveryPoint === undefined) return of;
  return kind === 'restore' ? `${of} to ${recoveryPoint.id}` : `${of}, recovery point ${recoveryPoint.id}`;
}

function subtitleOf({ kind, steps, host, recoveryPoint, hash }: Plan): string {
  return [
    `${steps.length} ${steps.length === 1 ? 'step' : 'steps'} on ${host}`,
    ...(kind === 'restore' && recoveryPoint ? [`data as of ${recoveryPoint.startedAt}`] : []),
    `plan ${hash.slice(0, 8)}`,
  ].join(', ');
}
