import type { ServiceSpec } from './service.ts';

/*
 * How a service stands still and stays itself: its id, its labels and the stack's claim on it survive, so the way back is one
 * update. A replicated service is scaled to zero. A global one has no number: it gets a placement constraint that no node
 * meets, which ends its tasks at once. Removing it instead would leave nothing but the capture to create it from, and a new
 * id, should the run die in between. The label says who did it and what the number was.
 */

export const stoppedLabel = 'rekindle.stopped';
/** No node has this label with this value: Rekindle sets none. */
export const neverMet = 'node.labels.rekindle.stopped==never';

export type Mode = 'replicated' | 'global' | 'job';

export function modeOf({ Mode }: Pick<ServiceSpec, 'Mode'>): Mode {
  if (Mode.ReplicatedJob ?? Mode.GlobalJob) return 'job';
  return Mode.Global ? 'global' : 'replicated';
}

/** As many as the service has when it is not stopped; undefined: it is not replicated. */
export function replicasOf(spec: ServiceSpec): number | undefined {
  if (modeOf(spec) !== 'replicated') return undefined;
  const noted = Number(spec.Labels?.[stoppedLabel] ?? Number.NaN);
  return Number.isNaN(noted) ? (spec.Mode.Replicated?.Replicas ?? 1) : noted;
}

/** Whether Swarm keeps no task of it alive. */
export function isStopped(spec: ServiceSpec): boolean {
  if (modeOf(spec) === 'replicated') return spec.Mode.Replicated?.Replicas === 0;
  return (spec.TaskTemplate.Placement?.Constraints ?? []).includes(neverMet);
}

/** Stopped by Rekindle, and not started by anybody else since. */
export function isMarked(spec: ServiceSpec): boolean {
  return isStopped(spec) && spec.Labels?.[stoppedLabel] !== undefined;
}

/** Undefined: it is stopped and marked already. */
export function stoppedSpec(spec: ServiceSpec): ServiceSpec | undefined {
  if (isMarked(spec)) return undefined;
  const before = replicasOf(spec);
  const Labels = { ...spec.Labels, [stoppedLabel]: before === undefined ? modeOf(spec) : String(before) };
  if (before !== undefined) return { ...spec, Labels, Mode: { Replicated: { Replicas: 0 } } };
  const { Placement } = spec.TaskTemplate;
  const Constraints = [...new Set([...(Placement?.Constraints ?? []), neverMet])];
  return { ...spec, Labels, TaskTemplate: { ...spec.TaskTemplate, Placement: { ...Placement, Constraints } } };
}

/** As it was before it was stopped. `replicas`: what it gets when nobody noted how many it had. */
export function runningSpec(spec: ServiceSpec, replicas?: number): ServiceSpec {
  const { [stoppedLabel]: noted, ...Labels } = spec.Labels ?? {};
  const labelled = { ...spec, Labels };
  if (modeOf(spec) === 'replicated') {
    if (!isStopped(spec)) return labelled;
    const count = noted !== undefined && Number(noted) > 0 ? Number(noted) : (replicas ?? Number(noted ?? 1));
    return { ...labelled, Mode: { Replicated: { Replicas: count } } };
  }
  const { Placement } = spec.TaskTemplate;
  const { Constraints, ...others } = Placement ?? {};
  if (!Constraints?.includes(neverMet)) return labelled;
  const kept = Constraints.filter((constraint) => constraint !== neverMet);
  // As the engine had it: an empty list is not the same as none to who compares.
  return {
    ...labelled,
    TaskTemplate: { ...spec.TaskTemplate, Placement: kept.length > 0 ? { ...others, Constraints: kept } : others },
  };
}
