import { baseNamed, basesIn, basesOfPoint, repositoryAt, scrubName, withBases } from '../../../domain/bases.ts';
import { planBackup } from '../../../domain/plans/plan-backup.ts';
import { planPrune } from '../../../domain/plans/plan-prune.ts';
import { spoilsNext } from '../../../domain/scrub/damage.ts';
import { demoPlatform } from '../../demo-situation.ts';

const repository = { name: 's3_backup', type: 's3', settings: { bucket: 'b', base_path: 'es/' } };

test('a later base is a repository of its own, beside the first and never inside it', () => {
  expect(repositoryAt(repository, 1)).toBe(repository);
  expect(repositoryAt(repository, 2)).toEqual({
    name: 's3_backup-base-2',
    type: 's3',
    settings: { bucket: 'b', base_path: 'es-base-2' },
  });
  expect(repositoryAt({ ...repository, settings: {} }, 3).settings).toEqual({ base_path: 'base-3' });
});

test.each([
  ['s3_backup', 1],
  ['s3_backup-base-2', 2],
  ['s3_backup-base-17', 17],
  ['s3_backup-base-1', undefined],
  ['s3_backup-base-02', undefined],
  ['s3_backup-base-x', undefined],
  ['other', undefined],
])('the base of %s is %s', (name, base) => {
  expect(baseNamed(repository, name)).toBe(base);
});

test('a platform on a base, and the other way round', () => {
  const platform = demoPlatform();
  expect(withBases(platform, undefined)).toBe(platform);
  expect(basesIn(platform)).toEqual({});
  const later = withBases(platform, { documents: 2, jobs: 5 });
  expect(basesIn(later)).toEqual({ bases: { documents: 2 } });
  const [store] = later.stores;
  const artefact = { store: 'documents', repository: store?.kind === 'elasticsearch' ? store.repository.name : '' };
  expect(basesOfPoint(platform, [artefact, { store: 'gone', repository: 'r' }])).toEqual({ documents: 2 });
  expect(scrubName('documents')).toBe('documents');
  expect(scrubName('documents', 2)).toBe('documents (base 2)');
});

test('only a plan that uses a later base says so: the hash of all others stays what it was', () => {
  const situation = { platformFileHash: 'f', host: 'h', recoveryPoint: 'p', startedAt: '2026-11-21T09:30:00.000Z' };
  expect(planBackup({ ...situation, platform: demoPlatform() })).not.toHaveProperty('bases');
  const platform = withBases(demoPlatform(), { documents: 2 });
  expect(planBackup({ ...situation, platform })).toMatchObject({ bases: { documents: 2 } });
});

test('a prune deletes each snapshot from the base that it is in', () => {
  const removals = [
    { id: 'a', snapshots: { documents: 'snapshot.a' } },
    { id: 'b', snapshots: { documents: 'snapshot.b' }, bases: { documents: 2 } },
  ];
  const common = { platform: demoPlatform(), platformFileHash: 'f', host: 'h', halfRemoved: [], runs: [] };
  const { steps } = planPrune({ ...common, removals });
  expect(steps.map(({ id }) => id)).toEqual([
    'prepare-documents',
    'prepare-documents-base-2',
    'mark-1',
    'snapshots-1-documents',
    'snapshots-1-documents-base-2',
    'remove-1',
  ]);
  const deletions = steps.filter(({ action }) => action === 'deleteSnapshots').map((step) => step.arguments);
  expect(deletions).toEqual([
    { store: 'documents', snapshots: { a: 'snapshot.a' } },
    { store: 'documents', base: 2, snapshots: { b: 'snapshot.b' } },
  ]);
});

test('damage concerns the next snapshot when the newest point refers to it, or when a list of a shard is damaged', () => {
  expect(spoilsNext([], 'new')).toBe(false);
  expect(spoilsNext([{ points: ['old'] }], 'new')).toBe(false);
  expect(spoilsNext([{ points: ['old', 'new'] }], 'new')).toBe(true);
  expect(spoilsNext([{ points: [] }], 'new')).toBe(true);
});
