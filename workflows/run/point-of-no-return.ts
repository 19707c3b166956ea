import type { Plan } from '../../domain/plans/plan.ts';
import type { Action, Step } from '../../domain/plans/steps.ts';
import type { Run } from './open-run.ts';
import { stateOf } from './step-state.ts';

/** What brings everything back: after the point of no return, and only when something was set aside. */
export interface WayBack {
  isOpen(): boolean;
  /** Whether any data was taken from where its service looks for it; true also when that cannot be found out. */
  moved(): Promise<boolean>;
  take(): Promise<void>;
}

const makesNew: ReadonlySet<Action> = new Set(['createNetwork', 'createVolume', 'startService']);

export interface PointOfNoReturn {
  /**
   * A platform that is completely gone has no such point: there the first step that makes something new counts, since from
   * then on going back would only throw away what was achieved. A rollback is always past it.
   */
  isPassed(): boolean;
  pass(): void;
  /** A step that failed, was cancelled or lost its worker may have moved its data or not: the engine knows. */
  learn(): Promise<void>;
  /** The steps that remove data from where its service looks for it. */
  readonly destructive: readonly Step[];
}

export function pointOfNoReturn(plan: Plan, run: Run, wayBack: WayBack | undefined): PointOfNoReturn {
  const { progress } = run;
  const destructive = plan.steps.filter((step) => step.destructive);
  const pass = () => {
    if (progress.pointOfNoReturn) progress.pointOfNoReturn.passedAt ??= run.now();
  };
  const isPassed = () => {
    if (plan.kind === 'rollback') return true;
    // What a drill makes is thrown away in any case.
    if (plan.kind === 'drill') return false;
    if (plan.pointOfNoReturn !== undefined) return progress.pointOfNoReturn?.passedAt !== undefined;
    return progress.steps.some(({ action, status }) => makesNew.has(action) && status !== 'waiting');
  };
  return {
    isPassed,
    pass,
    destructive,
    async learn() {
      const tried = destructive.some((step) => stateOf(run, step).status !== 'waiting');
      if (!tried || isPassed()) return;
      if (wayBack === undefined || (await wayBack.moved())) pass();
    },
  };
}
