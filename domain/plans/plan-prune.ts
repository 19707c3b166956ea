import type { Bases } from '../bases.ts';
import { elsewhere } from '../hosts.ts';
import type { UnhashedPlan } from './plan.ts';
import { storesOfKind, type HostName, type Platform, type SnapshotName, type StoreName } from '../platform.ts';
import type { RecoveryPointId } from '../recovery-points/recovery-point.ts';
import type { Step, StepId } from './steps.ts';
import { placesIn } from '../swarm-places.ts';

/** A recovery point that goes, with its snapshots by store. */
export interface Removal {
  id: RecoveryPointId;
  snapshots: Record<StoreName, SnapshotName>;
  /** In which bases of the stores' repositories they are; absent: in the first. */
  bases?: Bases;
}

/** Whose snapshots are deleted together: those in one base of one store's repository. */
interface Place {
  store: StoreName;
  /** Absent: the first. */
  base?: number;
  at: { host?: HostName };
}

/** How many recovery points are marked, deleted and removed at once: few events, few points that nobody may choose. */
export const pointsAtOnce = 100;
/** How many go in one run, so that the plan stays within Temporal's limits; the next run takes the others. */
export const mostInOneRun = 5000;

/**
 * Marks, deletes and removes recovery points, some at once and one lot after the other. A run that is cut off leaves at
 * most one lot half done, and its markers tell the next run.
 */
export function planPrune(situation: {
  platform: Platform;
  platformFileHash: string;
  host: HostName;
  /** In the order in which they go. */
  removals: readonly Removal[];
  /** Without a manifest any more: an earlier removal was cut off. */
  halfRemoved: readonly RecoveryPointId[];
  /** Runs whose objects nobody needs any more. */
  runs: readonly string[];
}): UnhashedPlan {
  const { platform, removals, halfRemoved, runs } = situation;
  const places = storesOfKind(platform, 'elasticsearch').flatMap(({ name: store, service }): Place[] => {
    const bases = new Set(removals.flatMap((removal) => (removal.snapshots[store] ? [baseIn(removal, store)] : [])));
    const at = elsewhere(platform, service);
    return [...bases].toSorted((x, y) => x - y).map((base) => ({ store, at, ...(base > 1 && { base }) }));
  });
  const ready = places.map((place): Step => ({
    id: `prepare-${named(place)}`,
    action: 'prepareStore',
    ...place.at,
    arguments: { ...inBase(place), timeoutSeconds: platform.restore.outageSeconds },
    after: [],
  }));
  const lots = chunks(removals.slice(0, mostInOneRun), pointsAtOnce);
  let before: StepId[] = ready.map(({ id }) => id);
  const deletions = lots.flatMap((lot, index): Step[] => {
    const steps = stepsOfLot(lot, index + 1, places, before);
    before = steps.slice(-1).map(({ id }) => id);
    return steps;
  });
  const remains = chunks(halfRemoved, pointsAtOnce).map((ids, index): Step => ({
    id: `remains-${index + 1}`,
    action: 'removePoints',
    arguments: { recoveryPoints: ids },
    after: [],
  }));
  const ofRuns: Step[] =
    runs.length === 0
      ? []
      : [{ id: 'run-objects', action: 'removeRunObjects', arguments: { runs: [...runs] }, after: [] }];
  return {
    version: 1,
    kind: 'prune',
    platform: platform.platform,
    host: situation.host,
    ...placesIn(platform),
    steps: [...remains, ...ready, ...deletions, ...ofRuns],
    volumes: [],
    platformFileHash: situation.platformFileHash,
  };
}

/** Marker, snapshots store by store, objects: each waits for the one before. */
function stepsOfLot(lot: readonly Removal[], number: number, places: readonly Place[], after: StepId[]): Step[] {
  const recoveryPoints = lot.map(({ id }) => id);
  const steps: Step[] = [{ id: `mark-${number}`, action: 'markDeleting', arguments: { recoveryPoints }, after }];
  const last = () => steps.slice(-1).map(({ id }) => id);
  for (const place of places) {
    const { store, base = 1, at } = place;
    const snapshots = Object.fromEntries(
      lot.flatMap((removal) => {
        const snapshot = baseIn(removal, store) === base ? removal.snapshots[store] : undefined;
        return snapshot === undefined ? [] : [[removal.id, snapshot]];
      }),
    );
    if (Object.keys(snapshots).length > 0)
      steps.push({
        id: `snapshots-${number}-${named(place)}`,
        action: 'deleteSnapshots',
        ...at,
        arguments: { ...inBase(place), snapshots },
        after: last(),
      });
  }
  steps.push({ id: `remove-${number}`, action: 'removePoints', arguments: { recoveryPoints }, after: last() });
  return steps;
}

const baseIn = ({ bases }: Removal, store: StoreName): number => bases?.[store] ?? 1;
const named = ({ store, base }: Place): string => (base === undefined ? store : `${store}-base-${base}`);
const inBase = ({ store, base }: Place) => ({ store, ...(base !== undefined && { base }) });

function chunks<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  );
}
