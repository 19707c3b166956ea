import { randomBytes } from 'node:crypto';
import type { RestoreSituation } from '../../domain/plans/plan-restore.ts';
import type { RunProgress } from '../../domain/runs/progress.ts';
import type { StepCall } from '../../domain/runs/run.ts';
import { demoManifest } from '../demo-situation.ts';
import { manifestWithPostgres, platformWithPostgres, postgres, situationWithPostgres } from '../postgres-situation.ts';
import { refusal, type FakeOptions } from './fake-platform.ts';
import { failureOf, progressOf, test } from './scene.ts';

type PublishCall = StepCall<'publishRecoveryPoint'>;

/** The demo platform whose PostgreSQL is optional, and what its publish step was told. */
function withOptional(options: Partial<FakeOptions> = {}, change: Partial<RestoreSituation> = {}) {
  const name = `demo-${randomBytes(4).toString('hex')}`;
  const platform = platformWithPostgres(name);
  platform.stores = platform.stores.map((store) => (store.name === 'accounts' ? postgres({ optional: true }) : store));
  const published: PublishCall[] = [];
  const fake: Partial<FakeOptions> = {
    platform: name,
    situation: situationWithPostgres({ platform, manifest: manifestWithPostgres(name), ...change }),
    overrides: (own) => ({
      publishRecoveryPoint: (call: PublishCall) => {
        published.push(call);
        return own.publishRecoveryPoint(call);
      },
    }),
    ...options,
  };
  return { fake, published };
}

const failing = (step: string): Partial<FakeOptions> => ({
  onStep: (what) => {
    if (what === step) throw refusal('SnapshotFailed', 'no room\nleft');
    return undefined;
  },
});

for (const step of ['checkStore accounts', 'backUpStore accounts', 'verifyParts accounts'])
  test(`a backup goes on without an optional store whose ${step} fails, and warns`, async ({ openScene }) => {
    const { fake, published } = withOptional(failing(step));
    const { start, journal } = await openScene(fake);
    const report = (await (await start('backup')).result()) as RunProgress;
    expect(report).toMatchObject({ phase: 'passed', verdict: 'pass' });
    expect(published.map(({ missing }) => missing)).toEqual([[{ store: 'accounts', reason: 'no room left' }]]);
    expect(report.checks.filter(({ warning }) => warning)).toMatchObject([
      { name: 'missing accounts', evidence: expect.stringContaining('no room left') as string },
    ]);
    expect(journal.ended).toEqual(expect.arrayContaining(['verifyBackup documents', 'publishRecoveryPoint']));
    const statuses = report.steps.flatMap(({ id, status }) => (id.endsWith('-accounts') ? [status] : []));
    expect(statuses).toContain('failed');
    // Nothing more is done about the store.
    const order = ['checkStore accounts', 'backUpStore accounts', 'verifyParts accounts'];
    for (const later of order.slice(order.indexOf(step) + 1)) expect(journal.began).not.toContain(later);
  });

test('a backup that takes all of its stores names none as missing', async ({ openScene }) => {
  const { fake, published } = withOptional();
  await (await (await openScene(fake)).start('backup')).result();
  expect(published).toHaveLength(1);
  expect(published[0]).not.toHaveProperty('missing');
});

test('a store that is not optional fails the backup, and what the optional one wrote is removed', async ({
  openScene,
}) => {
  const { fake, published } = withOptional(failing('takeSnapshot documents'));
  const { start, journal } = await openScene(fake);
  expect(await failureOf(await start('backup'))).toMatchObject({ type: 'SnapshotFailed' });
  expect(published).toEqual([]);
  expect(journal.ended).toContain('discardParts accounts');
});

test('a backup that is cancelled while it dumps an optional store is cancelled', async ({ openScene }) => {
  let dumping: () => void = () => undefined;
  const dumps = new Promise<void>((resolve) => (dumping = resolve));
  const { fake, published } = withOptional({
    onStep: async (what) => {
      if (what !== 'backUpStore accounts') return undefined;
      dumping();
      await new Promise((resolve) => setTimeout(resolve, 1000));
      throw refusal('SnapshotFailed', 'it was interrupted');
    },
  });
  const { start } = await openScene(fake);
  const handle = await start('backup');
  await dumps;
  await handle.cancel();
  expect(await failureOf(handle)).toMatchObject({ type: 'CancelledFailure' });
  expect(await progressOf(handle)).toMatchObject({ phase: 'cancelled' });
  expect(published).toEqual([]);
});

test('a restore of a point without the store leaves it and its volume alone', async ({ openScene }) => {
  const missing = [{ store: 'accounts', reason: 'no room left' }];
  const { fake } = withOptional({}, { manifest: { ...demoManifest(), missing } });
  const { start, journal } = await openScene(fake);
  const report = (await (await start('restore')).result()) as RunProgress;
  expect(report).toMatchObject({ phase: 'passed', verdict: 'pass' });
  const published = journal.began.indexOf('publishRecoveryPoint');
  const before = journal.began.slice(0, journal.began.indexOf('checkStore accounts'));
  expect(published).toBeGreaterThan(before.length);
  expect(before).toContain('quarantineVolume demo_es-data');
  expect(before.filter((what) => /accounts|demo_pg-data/.test(what))).toEqual([]);
});
