import { streamedStores } from '../../domain/store-kinds.ts';
import { storeFolder } from '../../domain/streams/part.ts';
import { storesOfKind, type ElasticsearchStore } from '../../domain/platform.ts';
import type { StepOutcome } from '../../domain/plans/steps.ts';
import { timeOfId } from '../../domain/recovery-points/claims.ts';
import { snapshotNameOf, snapshotOf, type RecoveryPointId } from '../../domain/recovery-points/recovery-point.ts';
import {
  isLeftSnapshot,
  mayBeUnderWay,
  whyKept,
  type AskRunState,
  type LeftSnapshot,
  type Unfinished,
} from '../../domain/recovery-points/unfinished.ts';
import type { StepCall } from '../../domain/runs/run.ts';
import type { Watch } from '../../domain/watch.ts';
import { deleteSnapshot, snapshotIfThere } from '../../systems/elasticsearch/snapshots/snapshots.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { withElasticsearch } from '../stores/with-elasticsearch.ts';

/** A step may take ten minutes; what has not begun by then is left to the next backup. */
const beginWithinMs = 120_000;

/**
 * Clears what backups left behind that were terminated, or whose Temporal was lost. It fails nothing: the backup that
 * tidies up is good either way. `runState`: what Temporal knows of a run.
 */
export async function clearUnfinished(
  openPlatform: () => Promise<OpenPlatform>,
  { recoveryPoint }: StepCall<'clearUnfinished'>['arguments'],
  runState: AskRunState,
  { signal }: Watch,
): Promise<StepOutcome> {
  const began = performance.now();
  const words: string[] = [];
  try {
    const open = await openPlatform();
    const left = await open.catalogue.listUnfinished();
    for (const each of left.filter(({ id }) => id !== recoveryPoint)) {
      signal?.throwIfAborted();
      if (performance.now() - began > beginWithinMs) words.push(`${each.id} waits for the next backup`);
      else words.push(await clear(open, each, runState).catch((error: unknown) => couldNot(each.id, error)));
    }
  } catch (error) {
    signal?.throwIfAborted();
    words.push(couldNot('Leftovers of earlier backups', error));
  }
  return { summary: words.length === 0 ? 'Earlier backups left nothing behind' : words.join('; ') };
}

function couldNot(what: string, error: unknown): string {
  return `${what} could not be cleared: ${error instanceof Error ? error.message : String(error)}`;
}

/** What became of it, in words. */
async function clear(open: OpenPlatform, left: Unfinished, runState: AskRunState): Promise<string> {
  const { platform, catalogue } = open;
  const stores = storesOfKind(platform, 'elasticsearch');
  const now = new Date().toISOString();
  const streamed = streamedStores(platform);
  const snapshotSeconds = Math.max(
    0,
    ...stores.map((store) => store.snapshotTimeoutSeconds),
    ...streamed.map((store) => store.backupTimeoutSeconds),
  );
  const states = await Promise.all(
    left.claims.map(async ({ run, execution }) => (run === undefined ? 'unknown' : runState(run, execution))),
  );
  // The catalogue may know how it ended when Temporal has forgotten it.
  const ends = await catalogue.listOutcomes(beginOf(left));
  const published = ends.some(({ phase, recoveryPoint }) => phase === 'passed' && recoveryPoint === left.id);
  const kept = whyKept(left, published ? [...states, 'passed'] : states, { now, snapshotSeconds });
  if (kept !== undefined) return `${left.id} stays: ${kept}`;

  const snapshots: { store: ElasticsearchStore; snapshot: LeftSnapshot }[] = [];
  // One that was adopted meanwhile belongs to another point.
  const { points } = await catalogue.listPoints();
  const belongs = points.some((point) => snapshotOf(point) === snapshotNameOf(left.id));
  for (const store of belongs ? [] : stores) {
    const snapshot = await findLeftSnapshot(open, store, left.id);
    if (snapshot && isLeftSnapshot(snapshot, { platform: platform.platform, claims: left.claims }))
      snapshots.push({ store, snapshot });
  }
  for (const { snapshot } of snapshots) {
    const of = left.claims.length > 0 ? states : [await stateOfTaker(snapshot, runState)];
    if (of.some((state) => state === 'running' || state === 'passed') || mayBeUnderWay(snapshot, of, now))
      return `${left.id} stays: another orchestrator may still be working on its snapshot`;
  }
  const gone = await catalogue.clearUnfinished(left.id, async () => {
    for (const { store } of snapshots)
      await withElasticsearch(open, store, (client) =>
        deleteSnapshot(client, store.repository.name, snapshotNameOf(left.id)),
      );
    for (const { name } of streamed)
      await (await open.streams()).abandon(storeFolder(platform.platform, left.id, name));
  });
  if (!gone) return `${left.id} stays: it has a manifest now`;
  return `${left.id}, left by a dead backup, is cleared${snapshots.length > 0 ? ', with its snapshot' : ''}`;
}

const beginOf = ({ id, claims }: Unfinished) => claims.map(({ at }) => at).toSorted()[0] ?? timeOfId(id);

function findLeftSnapshot(
  open: OpenPlatform,
  store: ElasticsearchStore,
  id: RecoveryPointId,
): Promise<LeftSnapshot | undefined> {
  return withElasticsearch(open, store, async (client) => {
    const found = await snapshotIfThere(client, store.repository.name, snapshotNameOf(id));
    if (!found) return undefined;
    const { state, endTime, metadata } = found;
    return { running: state === 'IN_PROGRESS', ...(endTime !== undefined && { endedAt: endTime }), metadata };
  });
}

/** The state of the run that the snapshot names, where no claim names one. */
function stateOfTaker({ metadata: { run, execution } }: LeftSnapshot, runState: AskRunState) {
  return runState(String(run), typeof execution === 'string' ? execution : undefined);
}
