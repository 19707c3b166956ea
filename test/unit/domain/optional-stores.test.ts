import { sceneOf } from '../../../domain/drills/scene.ts';
import { platformInScene } from '../../../domain/drills/platform-in-scene.ts';
import { misplacedData } from '../../../domain/plans/mount-faults.ts';
import { mountFates } from '../../../domain/plans/mount-fates.ts';
import { planBackup } from '../../../domain/plans/plan-backup.ts';
import { planDrill } from '../../../domain/plans/plan-drill.ts';
import { planRestore, type RestoreSituation } from '../../../domain/plans/plan-restore.ts';
import { leftByRestore, leftOutOfBackup, missingStore } from '../../../domain/recovery-points/missing-stores.ts';
import type { RecoveryPointManifest } from '../../../domain/recovery-points/recovery-point.ts';
import { demoManifest } from '../../demo-situation.ts';
import { drillRun } from '../../drill-situation.ts';
import { platformWithPostgres, postgres, situationWithPostgres } from '../../postgres-situation.ts';

const missing = [{ store: 'accounts', reason: 'the disk is full' }];
const manifest: RecoveryPointManifest = { ...demoManifest(), missing };
const volume = 'demo_pg-data';
const without = (change: Partial<RestoreSituation> = {}) => situationWithPostgres({ manifest, ...change });

describe('a backup', () => {
  const common = { platformFileHash: 'f', host: 'machine', recoveryPoint: 'p', startedAt: '2026-11-21T09:30:00Z' };

  test('marks the steps of an optional store, and no others', () => {
    const platform = platformWithPostgres();
    platform.stores = platform.stores.map((store) =>
      store.name === 'accounts' ? postgres({ optional: true }) : store,
    );
    const marked = planBackup({ ...common, platform }).steps.filter(({ optionalStore }) => optionalStore !== undefined);
    expect(marked.map(({ id, optionalStore }) => [id, optionalStore])).toEqual([
      ['check-accounts', 'accounts'],
      ['back-up-accounts', 'accounts'],
      ['verify-accounts', 'accounts'],
    ]);
  });

  test('without optional stores has the plan that it had: runs under way replay', () => {
    const platform = platformWithPostgres();
    const { steps } = planBackup({ ...common, platform });
    platform.stores = platform.stores.map((store) =>
      store.name === 'accounts' ? postgres({ optional: false }) : store,
    );
    expect(planBackup({ ...common, platform }).steps).toEqual(steps);
    expect(JSON.stringify(steps)).not.toContain('optional');
  });
});

describe('a restore of a point that goes without a store', () => {
  test('does nothing to the store, and its volume stays', () => {
    for (const volumes of ['quarantine', 'remove'] as const) {
      const plan = planRestore(without({ volumes }));
      const ids = plan.steps.map(({ id }) => id);
      expect(ids.filter((id) => id.includes('accounts') || id.includes(volume))).toEqual([]);
      expect(plan.volumes.map(({ name }) => name)).not.toContain(volume);
      expect(plan.mounts).toContainEqual(
        expect.objectContaining({ source: volume, goes: false, why: 'accounts is not in the recovery point' }),
      );
      // The others come back as ever, and its server runs again before core does.
      expect(ids).toEqual(expect.arrayContaining(['restore-documents', 'stop-postgresql', 'start-postgresql']));
    }
  });

  test('leaves its volume where the platform file calls it data, and where nobody knows the paths of the store', () => {
    const situation = without();
    situation.platform.deployment.volumes = { [volume]: 'data' };
    expect(planRestore(situation).volumes.map(({ name }) => name)).not.toContain(volume);
    expect(misplacedData(situation)).toEqual([]);
    delete situation.storePaths['accounts'];
    expect(planRestore(situation).volumes.map(({ name }) => name)).not.toContain(volume);
  });

  test('sets a volume of the same server aside that holds another store, which the point has', () => {
    const situation = without();
    const exports = { type: 'volume' as const, source: 'demo_exports', destination: '/exports', readOnly: false };
    for (const { service, mounts } of [...situation.observed.containers, ...situation.capture.containers])
      if (service === 'postgresql') mounts.push(exports);
    situation.platform.stores.push({
      name: 'exports',
      kind: 'volume',
      service: 'postgresql',
      path: '/exports',
      exclude: [],
      silenceSeconds: 1,
      backupTimeoutSeconds: 1,
      restoreTimeoutSeconds: 1,
    });
    situation.storePaths['exports'] = { data: ['/exports'], repositories: [], logs: [], source: 'configuration' };
    const goes = mountFates(situation).flatMap(({ source, goes: taken }) => (taken ? [source] : []));
    expect(goes).toContain('demo_exports');
    expect(goes).not.toContain(volume);
  });

  test('is refused where its data would go with that of another store', () => {
    const situation = without();
    const shared = { type: 'volume' as const, source: volume, destination: '/shared', readOnly: false };
    for (const { service, mounts } of [...situation.observed.containers, ...situation.capture.containers])
      if (service === 'elasticsearch') mounts.push(shared);
    situation.storePaths['documents']!.data.push('/shared');
    expect(misplacedData(situation).map(({ evidence }) => evidence)).toEqual([
      `postgresql keeps the data of accounts (/var/lib/postgresql/data) on ${volume}, which goes, and the recovery point does not hold that store`,
    ]);
  });

  test.each([
    [[], 'in the container itself, which a restore may remove'],
    [[{ type: 'tmpfs' as const, source: '' }], 'in memory, which is gone when it stops'],
  ])('is refused where its data would not outlive the stop: %j', (mounts, how) => {
    const situation = without();
    const destination = '/var/lib/postgresql/data';
    for (const container of [...situation.observed.containers, ...situation.capture.containers])
      if (container.service === 'postgresql')
        container.mounts = mounts.map((mount) => ({ ...mount, destination, readOnly: false }));
    expect(misplacedData(situation).map(({ evidence }) => evidence)).toEqual([expect.stringContaining(how)]);
  });
});

test('a drill of it brings the server up, empty, and restores and compares the others', () => {
  const platform = platformWithPostgres();
  const scene = sceneOf(platform, { run: drillRun, id: 'ab12cd34' });
  const { capture, indices } = situationWithPostgres();
  const inScene = platformInScene(platform, scene);
  const renamed = capture.containers.map((one) => ({
    ...one,
    service: inScene.deployment.data.find((name) => name === one.service || name.endsWith(one.service)) ?? one.service,
  }));
  const drilled = {
    platform: inScene,
    platformFileHash: 'f',
    indices,
    capture: { ...capture, containers: renamed },
    scene,
    host: 'machine',
  };
  const ids = planDrill({ ...drilled, manifest }).steps.map(({ id }) => id);
  expect(ids.filter((id) => id.includes('accounts'))).toEqual([]);
  expect(ids).toEqual(expect.arrayContaining(['restore-documents', 'start-postgresql', 'close-scene']));
  expect(() => planDrill({ ...drilled, manifest: demoManifest() })).toThrow('holds no data of the store "accounts"');
});

describe('what is said', () => {
  test('the reason is one line, and not without end', () => {
    expect(missingStore('accounts', ' pg_dump ended:\n  no   room ').reason).toBe('pg_dump ended: no room');
    expect(missingStore('accounts', 'x'.repeat(1000)).reason).toHaveLength(300);
  });

  test('the backup warns with the remedy, and a restore says what stays', () => {
    expect(leftOutOfBackup(missing[0]!, 'Make room')).toMatchObject({
      name: 'missing accounts',
      verdict: 'pass',
      warning: true,
      evidence: 'The optional store accounts is not in this recovery point: the disk is full',
      remedy: expect.stringMatching(/^Make room; then take the backup again/) as string,
    });
    expect(leftOutOfBackup(missing[0]!, '').remedy).toMatch(/^Find out why the backup of accounts failed;/);
    expect(leftByRestore(manifest, 'accounts')).toMatchObject({ verdict: 'pass', warning: true });
    expect(leftByRestore(manifest, 'accounts')?.evidence).toContain('what it holds now stays');
    expect(leftByRestore(manifest, 'documents')).toBeUndefined();
  });
});
