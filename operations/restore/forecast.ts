import { forecastPlan } from '../../domain/forecast/forecast-plan.ts';
import { forecastWithoutPlan } from '../../domain/forecast/without-plan.ts';
import { boundedLoss, lostOperations, type Forecast, type LostData } from '../../domain/runs/forecast.ts';
import { storesOfKind, type ElasticsearchStore, type Platform } from '../../domain/platform.ts';
import type { Plan } from '../../domain/plans/plan.ts';
import type { RecoveryPointManifest } from '../../domain/recovery-points/recovery-point.ts';
import { currentOperations } from '../../systems/elasticsearch/documents/marks.ts';
import { bytesOf } from '../../systems/elasticsearch/units.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { readExpectedSet } from '../recovery-points/read-point.ts';
import { withElasticsearch } from '../stores/with-elasticsearch.ts';
import { readEarlierRuns, type EarlierRuns } from './measured-runs.ts';

/** What a forecast is made from, once there is a plan. */
export interface ForecastBasis {
  earlier: EarlierRuns;
  lost: LostData[];
}

/** Reads what earlier runs took, and what the restore will lose. What cannot be known is left out, never guessed silently. */
export async function readForecastBasis(open: OpenPlatform, manifest: RecoveryPointManifest): Promise<ForecastBasis> {
  const stores = storesOfKind(open.platform, 'elasticsearch');
  const [earlier, lost] = await Promise.all([
    readEarlierRuns(open),
    Promise.all(stores.map((store) => lostOf(open, store, manifest))),
  ]);
  return { earlier, lost };
}

/** What the run will cost in time and data. */
export function forecastRun(
  platform: Platform,
  manifest: RecoveryPointManifest,
  plan: Pick<Plan, 'kind' | 'steps'> | undefined,
  { earlier: { measured: runs, outcomes }, lost }: ForecastBasis,
): Forecast {
  const { stores, streams = [] } = manifest;
  const restored = [...stores, ...streams.map(({ store, dataBytes: totalBytes }) => ({ store, totalBytes }))];
  const totalBytes = restored.reduce((sum, store) => sum + store.totalBytes, 0);
  if (plan === undefined) return { ...forecastWithoutPlan(outcomes, totalBytes), lost };
  const sizes = new Map(restored.map((store) => [store.store, store.totalBytes]));
  const bytes = plan.steps.flatMap((step): [string, number][] => {
    const size =
      step.action === 'restoreIndices' || step.action === 'restoreParts' ? sizes.get(step.arguments.store) : undefined;
    return size === undefined ? [] : [[step.id, size]];
  });
  const throttles = storesOfKind(platform, 'elasticsearch').map(
    ({ restoreThrottle }) => bytesOf(restoreThrottle) ?? Infinity,
  );
  const asked = { plan, runs, bytes: Object.fromEntries(bytes), throttleBytesPerSecond: Math.min(...throttles) };
  return { ...forecastPlan(asked), lost };
}

async function lostOf(
  open: OpenPlatform,
  store: ElasticsearchStore,
  manifest: RecoveryPointManifest,
): Promise<LostData> {
  const lost = { store: store.name, since: manifest.startedAt };
  try {
    const expected = await readExpectedSet(open, manifest.id, store.name);
    const current = await withElasticsearch(open, store, (client) => currentOperations(client, store.indices));
    return { ...lost, ...boundedLoss(lostOperations(expected.indices, current)) };
  } catch {
    // A dead Elasticsearch is the normal case of a disaster; the forecast then says that the loss is not known.
    return lost;
  }
}
