import { forecastDowntime, type EarlierRestore } from '../../domain/runs/downtime.ts';
import { boundedLoss, lostOperations, type Forecast, type LostData } from '../../domain/runs/forecast.ts';
import { storesOfKind, type ElasticsearchStore } from '../../domain/platform.ts';
import type { RunProgress } from '../../domain/runs/progress.ts';
import type { RecoveryPointManifest } from '../../domain/recovery-points/recovery-point.ts';
import { currentOperations } from '../../systems/elasticsearch/documents/marks.ts';
import { bytesOf } from '../../systems/elasticsearch/units.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { readExpectedSet } from '../recovery-points/read-point.ts';
import { withElasticsearch } from '../stores/with-elasticsearch.ts';

const earlierRestores = 3;

/** What the restore will cost in time and data. What cannot be known is left out, never guessed silently. */
export async function forecastRestore(open: OpenPlatform, manifest: RecoveryPointManifest): Promise<Forecast> {
  const stores = storesOfKind(open.platform, 'elasticsearch');
  const [earlier, lost] = await Promise.all([
    readEarlier(open),
    Promise.all(stores.map((store) => lostOf(open, store, manifest))),
  ]);
  const throttles = stores.map(({ restoreThrottle }) => bytesOf(restoreThrottle) ?? Infinity);
  const totalBytes = manifest.stores.reduce((sum, store) => sum + store.totalBytes, 0);
  const throttleBytesPerSecond = Math.min(...throttles);
  return { ...forecastDowntime(earlier, { totalBytes, throttleBytesPerSecond }), lost };
}

/** The newest restores of the platform that passed, with the bytes that they restored. */
async function readEarlier({ catalogue }: OpenPlatform): Promise<EarlierRestore[]> {
  const [runs, { points }] = await Promise.all([catalogue.listReports(), catalogue.listPoints()]);
  const restores = runs.filter((run) => run.startsWith('restore/')).toReversed();
  const earlier: EarlierRestore[] = [];
  // Most pass: a few more are read than are wanted, never all.
  for (const run of restores.slice(0, 3 * earlierRestores)) {
    const report = (await catalogue.readReport(run).catch(() => undefined)) as RunProgress | undefined;
    const point = points.find(({ id }) => id === report?.recoveryPoint?.id);
    if (report?.phase === 'passed' && point) earlier.push({ report, totalBytes: point.totalBytes });
    if (earlier.length === earlierRestores) break;
  }
  return earlier;
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
