import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { outcomeOf } from '../../../domain/runs/outcome.ts';
import type { RunProgress } from '../../../domain/runs/progress.ts';
import { forecastRun } from '../../../operations/restore/forecast.ts';
import { readEarlierRuns } from '../../../operations/restore/measured-runs.ts';
import type { Catalogue } from '../../../systems/catalogue/catalogue.ts';
import { openCatalogue } from '../../../systems/catalogue/open-catalogue.ts';
import { directoryStorage } from '../../../systems/object-storage/directory.ts';
import { demoManifest, demoPlatform } from '../../demo-situation.ts';
import { planOf, reportOf, usual } from '../forecast/runs.ts';

// With a real catalogue in a directory.

let folder: string;
let catalogue: Catalogue;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rekindle-measured-'));
  catalogue = openCatalogue(directoryStorage(folder), 'demo');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

let ended = 0;
async function keep(run: string, report: RunProgress, change: Partial<RunProgress> = {}): Promise<void> {
  // One after the other, as they end.
  const finishedAt = new Date(Date.UTC(2026, 10, 22, 10, ended++)).toISOString();
  const kept = {
    ...report,
    run,
    finishedAt,
    recoveryPoint: { id: demoManifest().id, startedAt: finishedAt },
    ...change,
  };
  await catalogue.writeReport(run, kept);
  await catalogue.recordOutcome(outcomeOf(kept)!);
}
const earlier = () => readEarlierRuns({ catalogue });

test('a run is known by its outcome, whatever its id is', async () => {
  await catalogue.writeManifest(demoManifest());
  await keep('by-hand-at-three', reportOf('restore'));
  await keep('restore/demo/of-a-drill', reportOf('drill'));
  await keep('drill/demo/nightly', reportOf('drill'));
  const { measured, outcomes } = await earlier();
  expect(measured.map(({ kind }) => kind)).toEqual(['restore', 'drill', 'drill']);
  expect(outcomes.map(({ run }) => run)).toEqual(['drill/demo/nightly', 'restore/demo/of-a-drill', 'by-hand-at-three']);
  // Its report does not say how many bytes it restored: those of its point count.
  const size = demoManifest().stores.reduce((sum, store) => sum + store.totalBytes, 0);
  expect(measured[0]?.steps['restore-es']?.bytes).toBe(size);
});

test('only the newest three of each kind are read, and none that did not pass', async () => {
  for (const seconds of [100, 1, 2, 3])
    await keep(`r${seconds}`, reportOf('restore', { ...usual, 'restore-es': seconds }));
  await keep('failed', reportOf('restore'), { phase: 'failed' });
  await keep('rebuild', { ...reportOf('restore'), kind: 'rebuild' });
  const { measured } = await earlier();
  expect(measured.map(({ steps }) => steps['restore-es']?.seconds)).toEqual([3, 2, 1]);
});

test('a report that is damaged is left out, and the forecast goes on without it', async () => {
  await keep('whole', reportOf('restore'));
  await keep('torn', reportOf('restore'));
  const read = catalogue.readReport.bind(catalogue);
  catalogue.readReport = (run) => (run === 'torn' ? Promise.reject(new Error('no JSON')) : read(run));
  const basis = { earlier: await earlier(), lost: [] };
  const forecast = forecastRun(demoPlatform(), demoManifest(), planOf('restore'), basis);
  expect(forecast.basis).toMatch(/^from 1 restore/);
});

test('nothing has passed yet: a guess', async () => {
  expect(await earlier()).toEqual({ measured: [], outcomes: [] });
});
