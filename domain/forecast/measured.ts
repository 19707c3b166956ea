import type { RunProgress, StepState } from '../runs/progress.ts';
import type { StepId } from '../plans/steps.ts';

/** A restore or a drill that passed, as far as a forecast learns from it. */
export interface MeasuredRun {
  kind: 'restore' | 'drill';
  /** Seconds of each step, by its id. */
  steps: Record<StepId, MeasuredStep>;
}

export interface MeasuredStep {
  action: string;
  seconds: number;
  /** What it moved; absent: not known, or it moves nothing. */
  bytes?: number;
}

/**
 * What a run took, step by step. A step's last attempt counts: what failed before it, and a person's thinking, are no part of
 * it. `totalBytes`: of the point, for reports that do not say how many bytes each step restored. Undefined: nothing to learn.
 */
export function measuredRun(report: RunProgress, totalBytes?: number): MeasuredRun | undefined {
  const { kind, phase, forecast } = report;
  // What a restore did in a scene, it did with less memory and next to what serves.
  const steps = report.steps.filter(({ scene }) => scene !== true);
  if ((kind !== 'restore' && kind !== 'drill') || phase !== 'passed') return undefined;
  const restoring = steps.filter(({ action }) => action === 'restoreIndices' || action === 'restoreParts');
  const bytesOf = ({ id }: StepState) => forecast?.bytes?.[id] ?? (restoring.length === 1 ? totalBytes : undefined);
  const measured = steps.flatMap((step): [StepId, MeasuredStep][] => {
    const { id, action, status, startedAt = '', finishedAt = '' } = step;
    const seconds = (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
    if (status !== 'done' || Number.isNaN(seconds)) return [];
    const bytes = restoring.includes(step) ? bytesOf(step) : undefined;
    return [[sharedId(id), { action, seconds: Math.max(0, seconds), ...(bytes !== undefined && { bytes }) }]];
  });
  return measured.length === 0 ? undefined : { kind, steps: Object.fromEntries(measured) };
}

/** The same in a drill as in a restore: in its scene, services of other projects have names of their own. */
export const sharedId = (id: StepId): StepId => id.replaceAll('/', '-');
