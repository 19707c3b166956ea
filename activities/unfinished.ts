import { Context } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/client';
import { timeOfId, type ClaimKey } from '../domain/recovery-points/claims.ts';
import { Failure } from '../domain/failures.ts';
import { storesOfKind, type ElasticsearchStore } from '../domain/platform.ts';
import { snapshotNameOf, snapshotOf } from '../domain/recovery-points/recovery-point.ts';
import type { StepCall } from '../domain/runs/run.ts';
import type { StepOutcome } from '../domain/plans/steps.ts';
import {
  isLeftSnapshot,
  mayBeUnderWay,
  whyKept,
  type LeftSnapshot,
  type RunState,
  type Unfinished,
} from '../domain/recovery-points/unfinished.ts';
import { deleteSnapshot, snapshotIfThere } from '../systems/elasticsearch/snapshots/snapshots.ts';
import { activity } from './activity.ts';
import { openPlatform, type Dependencies, type OpenPlatform } from '../operations/open-platform.ts';

/** A step may take ten minutes; what is not begun by then is the next backup's. */
const beginWithinMs = 120_000;

/** What backups that were terminated, or whose Temporal was lost, left behind. */
export function unfinishedActivities(dependencies: Dependencies) {
  return {
    clearUnfinished: activity(async (call: StepCall<'clearUnfinished'>, { signal }): Promise<StepOutcome> => {
      const began = performance.now();
      const words: string[] = [];
      try {
        const open = await openPlatform(dependencies, call.platform);
        const left = await open.catalogue.listUnfinished();
        for (const each of left.filter(({ id }) => id !== call.arguments.recoveryPoint)) {
          signal.throwIfAborted();
          if (performance.now() - began > beginWithinMs) words.push(`${each.id} waits for the next backup`);
          else words.push(await cleared(open, each).catch((error: unknown) => couldNot(each.id, error)));
        }
      } catch (error) {
        signal.throwIfAborted();
        words.push(couldNot('what earlier backups may have left', error));
      }
      return { summary: words.length === 0 ? 'earlier backups left nothing behind' : words.join('; ') };
    }),
  };
}

/** The backup that tidies up is a good one all the same, so this is told and fails nothing. */
function couldNot(what: string, error: unknown): string {
  if (error instanceof Failure) return `${what} could not be cleared: ${error.message}`;
  return `${what} could not be cleared: ${error instanceof Error ? error.message : String(error)}`;
}

/** What became of it, in words. */
async function cleared(open: OpenPlatform, left: Unfinished): Promise<string> {
  const { platform, catalogue } = open;
  const stores = storesOfKind(platform, 'elasticsearch');
  const now = new Date().toISOString();
  const snapshotSeconds = Math.max(...stores.map((store) => store.snapshotTimeoutSeconds));
  const states = await Promise.all(left.claims.map(stateOf));
  // Its end may be known to the catalogue when Temporal has forgotten it.
  const ends = await catalogue.listOutcomes(beginOf(left));
  const published = ends.some(({ phase, recoveryPoint }) => phase === 'passed' && recoveryPoint === left.id);
  const kept = whyKept(left, published ? [...states, 'passed'] : states, { now, snapshotSeconds });
  if (kept !== undefined) return `${left.id} stays: ${kept}`;

  const snapshots: { store: ElasticsearchStore; snapshot: LeftSnapshot }[] = [];
  // One that was adopted meanwhile belongs to another point.
  const { points } = await catalogue.listPoints();
  const belongs = points.some((point) => snapshotOf(point) === snapshotNameOf(left.id));
  for (const store of belongs ? [] : stores) {
    const snapshot = await lookAtSnapshot(open, store, left.id);
    if (snapshot && isLeftSnapshot(snapshot, { platform: platform.platform, claims: left.claims }))
      snapshots.push({ store, snapshot });
  }
  for (const { snapshot } of snapshots) {
    const of = left.claims.length > 0 ? states : [await stateOf(claimIn(snapshot))];
    if (of.some((state) => state === 'running' || state === 'passed') || mayBeUnderWay(snapshot, of, now))
      return `${left.id} stays: its snapshot may be another orchestrator's work that goes on`;
  }
  const gone = await catalogue.clearUnfinished(left.id, async () => {
    for (const { store } of snapshots) await removeSnapshot(open, store, left.id);
  });
  if (!gone) return `${left.id} stays: it has a manifest now`;
  return `cleared ${left.id}, which a dead backup left${snapshots.length > 0 ? ', with its snapshot' : ''}`;
}

const beginOf = ({ id, claims }: Unfinished) => claims.map(({ at }) => at).toSorted()[0] ?? timeOfId(id);

async function lookAtSnapshot(
  open: OpenPlatform,
  store: ElasticsearchStore,
  id: string,
): Promise<LeftSnapshot | undefined> {
  const client = await open.elasticsearch(store);
  try {
    const found = await snapshotIfThere(client, store.repository.name, snapshotNameOf(id));
    if (!found) return undefined;
    const { state, endTime, metadata } = found;
    return { running: state === 'IN_PROGRESS', ...(endTime !== undefined && { endedAt: endTime }), metadata };
  } finally {
    await client.close();
  }
}

async function removeSnapshot(open: OpenPlatform, store: ElasticsearchStore, id: string): Promise<void> {
  const client = await open.elasticsearch(store);
  try {
    await deleteSnapshot(client, store.repository.name, snapshotNameOf(id));
  } finally {
    await client.close();
  }
}

/** The run that a snapshot names, where no claim does. */
function claimIn({ metadata: { run, execution } }: LeftSnapshot): Omit<ClaimKey, 'at'> {
  return { run: String(run), execution: typeof execution === 'string' ? execution : '' };
}

async function stateOf({ run, execution }: Omit<ClaimKey, 'at'>): Promise<RunState> {
  if (run === undefined) return 'unknown';
  const { workflow } = Context.current().client;
  try {
    const own = await workflow.getHandle(run, execution === '' ? undefined : execution).describe();
    if (own.status.name === 'RUNNING') return 'running';
    if (own.status.name === 'COMPLETED') return 'passed';
    // A run that was reset goes on as another execution of the same first one.
    const latest = await workflow.getHandle(run).describe();
    const first = (one: typeof own) => one.raw.workflowExecutionInfo?.firstRunId;
    return latest.status.name === 'RUNNING' && first(latest) === first(own) ? 'running' : 'over';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'unknown';
    throw error;
  }
}
