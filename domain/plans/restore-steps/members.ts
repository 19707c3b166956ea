import type { CaptureOutline, ObservedContainer } from '../../deployment.ts';
import type { ServiceName } from '../../platform.ts';
import { beforeRun, type CaptureSource, type ContainerReference } from '../step-arguments.ts';
import { containersToRemove } from './clear.ts';
import { captureSourceOf, type RestoreSituation } from './situation.ts';

type CapturedOutline = CaptureOutline['containers'][number];

/** The containers that a service will have after a restore. */
export interface Members {
  /** Those it has now. Their number is the service's scale, whatever their names were at the backup. */
  present: ObservedContainer[];
  /** Nothing is left of the service: those of the capture, to be created. */
  missing: CapturedOutline[];
  /** Present, and never started: they hold the same volumes as one of `present`. */
  leftOut: ObservedContainer[];
}

/**
 * Services are restored, not container names: names change with the Compose tool, `container_name` and the scale, so a
 * captured name that is missing does not mean that the service lacks a container.
 */
export function membersOf({ platform, observed, capture }: RestoreSituation, service: ServiceName): Members {
  const all = observed.containers.filter((container) => container.service === service);
  const missing = all.length > 0 ? [] : capture.containers.filter((container) => container.service === service);
  if (!platform.deployment.data.includes(service)) return { present: all, missing, leftOut: [] };
  const captured = new Set(capture.containers.map(({ name }) => name));
  const rank = ({ running, name }: ObservedContainer) => (running ? 0 : captured.has(name) ? 1 : 2);
  const chosen: ObservedContainer[] = [];
  for (const container of all.toSorted((a, b) => rank(a) - rank(b)))
    if (!chosen.some((other) => cannotRunTogether(container, other))) chosen.push(container);
  return {
    present: all.filter((container) => chosen.includes(container)),
    missing,
    leftOut: all.filter((container) => !chosen.includes(container)),
  };
}

/** Two servers on one data folder damage it. Those that run together now have shown that they may. */
function cannotRunTogether(one: ObservedContainer, other: ObservedContainer): boolean {
  if (one.running && other.running) return false;
  return one.volumes.length > 0 && one.volumes.toSorted().join('\n') === other.volumes.toSorted().join('\n');
}

/**
 * Whose capture creates what a start finds missing; undefined: all containers are there and stay. One that is removed on
 * the way is created as the point knows it, or, under a name that the point does not know, as it was before the run.
 */
export function creatorOf(situation: RestoreSituation, service: ServiceName): CaptureSource | undefined {
  const { present, missing } = membersOf(situation, service);
  if (missing.length > 0) return captureSourceOf(situation);
  if (containersToRemove(situation, service).length === 0) return undefined;
  const captured = new Set(situation.capture.containers.map(({ name }) => name));
  return present.every(({ name }) => captured.has(name)) ? captureSourceOf(situation) : beforeRun;
}

/** The containers that the run creates from the point's capture. */
export function createdFromCapture(situation: RestoreSituation): CapturedOutline[] {
  return situation.capture.containers.filter(({ name, service }) => {
    if (creatorOf(situation, service) !== captureSourceOf(situation)) return false;
    const removed = containersToRemove(situation, service).some((container) => container.name === name);
    return removed || membersOf(situation, service).missing.some((container) => container.name === name);
  });
}

/**
 * A policy of "no" on a stopped container may be what an earlier run left behind: then the capture knows better. It also
 * knows a one-shot from a service that a run has stopped.
 */
export function referenceTo(
  container: Pick<ObservedContainer, 'name' | 'service' | 'restartPolicy' | 'replicas' | 'oneShot'>,
  { capture }: Pick<RestoreSituation, 'capture'>,
): ContainerReference {
  const { name, restartPolicy } = container;
  const ofService = capture.containers.filter(({ service }) => service === container.service);
  const captured = ofService.find((other) => other.name === name) ?? ofService[0];
  const { oneShot } = captured ?? container;
  // Somebody may have scaled a Swarm service to zero, and that it shall run again is why it is in the plan.
  const replicas = container.replicas === 0 ? (captured?.replicas ?? 0) : container.replicas;
  return {
    name,
    restartPolicy: restartPolicy.name === 'no' && captured ? captured.restartPolicy : restartPolicy,
    ...(replicas !== undefined && { replicas }),
    ...(oneShot && { oneShot }),
  };
}
