import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Environment } from '../../../config/environment.ts';
import type { RunOutcome } from '../../../domain/runs/outcome.ts';
import { judgeFreshness } from '../../../operations/notify/judge-freshness.ts';
import { openCatalogue } from '../../../systems/catalogue/open-catalogue.ts';
import { connectDocker } from '../../../systems/docker/engine.ts';
import { directoryStorage } from '../../../systems/object-storage/directory.ts';
import { least } from '../config/platform-file-samples.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'freshness-'));
  const file = {
    ...least,
    catalogue: { kind: 'directory', path: join(folder, 'catalogue') },
    objectives: { recoveryPointMinutes: 60 },
    notifications: [{ url: 'http://127.0.0.1:9/', events: ['stale'] }],
  };
  await writeFile(join(folder, 'demo.yaml'), stringify(file));
});
afterEach(() => rm(folder, { recursive: true }));

const backup = (phase: RunOutcome['phase'], hour: string): RunOutcome => ({
  run: `backup/demo/${hour}`,
  kind: 'backup',
  phase,
  finishedAt: `2026-11-21T${hour}:00:00.000Z`,
  durationSeconds: 1,
});

async function newsAfter(...outcomes: RunOutcome[]) {
  const catalogue = openCatalogue(directoryStorage(join(folder, 'catalogue')), 'demo');
  for (const outcome of outcomes) {
    await catalogue.recordOutcome(outcome);
    await catalogue.writeReport(outcome.run, { note: 'restore/demo/1 holds demo; no backup was taken' });
  }
  const environment = { platformsFolder: folder, host: 'here', taskQueue: 'q', variables: {} } as Environment;
  const judged = await judgeFreshness({ environment, docker: connectDocker() }, { platform: 'demo' });
  return 'news' in judged ? judged.news : undefined;
}

test('news of a stale platform say that, and why, the last backup was skipped', async () => {
  expect(await newsAfter(backup('passed', '09'), backup('skipped', '10'))).toMatchObject({
    event: 'stale',
    skipped:
      'the last backup, backup/demo/10, was skipped at 2026-11-21T10:00:00.000Z: restore/demo/1 holds demo; no backup was taken',
  });
});

test('after a later backup that was not skipped they do not', async () => {
  const news = await newsAfter(backup('skipped', '09'), backup('failed', '10'));
  expect(news).toMatchObject({ event: 'stale' });
  expect(news?.skipped).toBeUndefined();
});
