import type { Bases } from '../bases.ts';
import type { Scene } from '../drills/scene.ts';
import type { RecoveryPointId } from '../recovery-points/recovery-point.ts';
import type { HostName, PlatformName, VolumeName } from '../platform.ts';
import type { SwarmPlaces } from '../swarm-places.ts';
import type { MountFate } from './mount-fates.ts';
import type { CaptureSource } from './step-arguments.ts';
import type { Step, StepId } from './steps.ts';

/** The ordered steps of a run as data: what the dry run prints, the approval names and the runner carries out. */
export interface Plan {
  version: 1;
  kind: 'restore' | 'backup' | 'rebuild' | 'rollback' | 'prune' | 'scrub' | 'copy' | 'drill';
  platform: PlatformName;
  host: HostName;
  /** Of a platform on Swarm: data services on other nodes than the host's; absent: none. */
  places?: SwarmPlaces;
  /** Stores whose repository is another base than the first; absent: none. */
  bases?: Bases;
  /** `adopted`: made from a snapshot that others took, so counts are not known. */
  recoveryPoint?: { id: RecoveryPointId; startedAt: string; adopted?: true };
  /** Whose capture services are created from; absent: the recovery point's own. */
  capture?: CaptureSource;
  /** Of a drill: where its steps are carried out; of a restore beside, those marked so. Absent: in the platform's own place. */
  scene?: Scene;
  steps: Step[];
  /** The first step that removes data from where its service looks for it. */
  pointOfNoReturn?: StepId;
  /** The volumes that the plan moves or removes, with their creation times; without a host: on the platform's own. */
  volumes: { name: VolumeName; createdAt: string; host?: HostName }[];
  /** Of a restore: each mount of the platform's services, whether it goes or stays, and why. */
  mounts?: MountFate[];
  platformFileHash: string;
  /** SHA-256 over all of the above; approval names it. */
  hash: string;
}

export type UnhashedPlan = Omit<Plan, 'hash'>;

/** The text that the hash is taken over: JSON with sorted keys, so that equal plans have equal hashes. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** The steps in an order in which they could run one after the other; throws when they wait for each other. */
export function inOrder(steps: readonly Step[]): Step[] {
  const done = new Set<StepId>();
  const ordered: Step[] = [];
  let rest = [...steps];
  while (rest.length > 0) {
    const ready = rest.filter((step) => step.after.every((id) => done.has(id)));
    if (ready.length === 0) throw new Error(`Steps wait for each other: ${rest.map(({ id }) => id).join(', ')}`);
    for (const step of ready) {
      done.add(step.id);
      ordered.push(step);
    }
    rest = rest.filter((step) => !done.has(step.id));
  }
  return ordered;
}
