import { checkBeside } from '../../../../domain/beside/hindrances.ts';
import { planBackup } from '../../../../domain/plans/plan-backup.ts';
import { planRestore } from '../../../../domain/plans/plan-restore.ts';
import { planScrub } from '../../../../domain/plans/plan-scrub.ts';
import type { Step } from '../../../../domain/plans/steps.ts';
import { demoManifest, whollyGone } from '../../../demo-situation.ts';
import { manifestWithPostgres, platformWithPostgres, situationWithPostgres } from '../../../postgres-situation.ts';

const common = { platform: platformWithPostgres(), platformFileHash: 'f', host: 'machine' };
const find = (steps: Step[], id: string) => steps.find((step) => step.id === id);
/** Whether one step waits for another, directly or not. */
function waits(steps: Step[], id: string, on: string): boolean {
  const after = find(steps, id)?.after ?? [];
  return after.includes(on) || after.some((each) => waits(steps, each, on));
}

test('a backup dumps the store while the snapshot is taken, reads it back, and publishes both', () => {
  const { steps } = planBackup({ ...common, recoveryPoint: '2026-11-21t0930z', startedAt: '2026-11-21T09:30:00Z' });
  expect(find(steps, 'back-up-accounts')).toMatchObject({
    action: 'backUpStore',
    after: ['prepare-documents', 'check-accounts'],
    undo: { action: 'discardParts', arguments: { store: 'accounts', recoveryPoint: '2026-11-21t0930z' } },
  });
  // All stores are read at one moment: none begins before all are known to be ready.
  expect(find(steps, 'snapshot-documents')?.after).toEqual(['prepare-documents', 'check-accounts']);
  expect(find(steps, 'verify-accounts')).toMatchObject({ action: 'verifyParts', after: ['back-up-accounts'] });
  expect(find(steps, 'publish')?.after).toEqual(['capture-deployment', 'verify-documents', 'verify-accounts']);
});

test('a restore reads every part before it stops anything', () => {
  const { steps } = planRestore(situationWithPostgres());
  const stops = steps.filter(({ action }) => action === 'stopService');
  expect(stops.length).toBeGreaterThan(3);
  for (const { id } of stops) expect(waits(steps, id, 'verify-parts-accounts')).toBe(true);
});

test('its old data is set aside with its volume, and the dumps go into a server on new data', () => {
  const { steps, volumes } = planRestore(situationWithPostgres());
  expect(volumes.map(({ name }) => name)).toContain('demo_pg-data');
  expect(waits(steps, 'start-postgresql', 'quarantine-demo_pg-data')).toBe(true);
  expect(waits(steps, 'restore-accounts', 'start-postgresql')).toBe(true);
  expect(find(steps, 'restore-accounts')).toMatchObject({
    action: 'restoreParts',
    arguments: { store: 'accounts', expectedSet: 'd'.repeat(64) },
    undo: { action: 'putBackParts' },
  });
});

test('core starts when the store is compared with what was backed up', () => {
  for (const observed of [situationWithPostgres().observed, whollyGone()]) {
    const { steps } = planRestore(situationWithPostgres({ observed }));
    expect(find(steps, 'verify-accounts')).toMatchObject({ action: 'compareStore', after: ['restore-accounts'] });
    expect(find(steps, 'release-accounts')?.after).toEqual(['verify-accounts']);
    expect(waits(steps, 'start-api', 'release-accounts')).toBe(true);
    expect(waits(steps, 'start-api', 'verify-documents')).toBe(true);
  }
});

test('a point from before the store was named is refused, not restored without it', () => {
  expect(() => planRestore(situationWithPostgres({ manifest: demoManifest() }))).toThrow(
    'holds no data of the store "accounts"',
  );
});

test('a platform with such a store only: nothing of it waits for an Elasticsearch', () => {
  const platform = platformWithPostgres();
  platform.stores = platform.stores.filter(({ kind }) => kind === 'postgres');
  platform.deployment.data = ['postgresql'];
  const backup = planBackup({ ...common, platform, recoveryPoint: 'p', startedAt: '2026-11-21T09:30:00Z' });
  expect(backup.steps.map(({ id }) => id).toSorted()).toEqual([
    'back-up-accounts',
    'capture-deployment',
    'check-accounts',
    'clear-unfinished',
    'publish',
    'verify-accounts',
  ]);
  const manifest = { ...manifestWithPostgres(), stores: [] };
  const { steps } = planRestore(situationWithPostgres({ platform, manifest }));
  expect(waits(steps, 'start-api', 'verify-accounts')).toBe(true);
});

test('a scrub reads its parts, whatever the type of the repository next to it', () => {
  const platform = platformWithPostgres();
  const { steps } = planScrub({ ...common, platform, scope: 'all', startedAt: '2026-11-21T09:30:00Z' });
  expect(steps.map(({ action }) => action)).toEqual(['scrubStore', 'scrubParts']);
  expect(steps[1]?.after).toEqual(['scrub-documents']);
});

test('next to the platform it is refused, with the store named', () => {
  const check = checkBeside(situationWithPostgres(), { adoptions: [], unmatched: [] });
  expect(check).toMatchObject({ verdict: 'fail', remedy: expect.stringContaining('leave out --beside') as string });
  expect(check.evidence.toLowerCase()).toContain('the store accounts is restored in place alone');
});
