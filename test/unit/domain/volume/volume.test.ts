import { compareVolume } from '../../../../domain/volume/compare.ts';
import { volumeChecks, volumeRestoreChecks } from '../../../../domain/volume/compatibility.ts';
import type { VolumeExpectedSet } from '../../../../domain/volume/expected.ts';
import type { Listing } from '../../../../domain/volume/listing.ts';
import { volumeShrinkage, volumeWords } from '../../../../domain/volume/shrinkage.ts';

const listing: Listing = {
  files: 100,
  folders: 3,
  others: 1,
  bytes: 5000,
  root: { uid: 0, gid: 0, mode: 0o755 },
  digest: 'a'.repeat(64),
};
const expected: VolumeExpectedSet = { version: 1, store: 'uploads', listing };
const compared = (change: Partial<Listing>) => compareVolume(expected, { ...listing, ...change });

test('what is as it was passes without a word of doubt', () => {
  const check = compared({});
  expect(check).toMatchObject({ verdict: 'pass', evidence: expect.stringContaining('100 files') as string });
  expect(check.warning).toBeUndefined();
});

test.each<[Partial<Listing>, string]>([
  [{ files: 99 }, '99 files instead of 100'],
  [{ folders: 2 }, '2 folders instead of 3'],
])('%j is a loss', (change, words) => {
  expect(compared(change)).toMatchObject({ verdict: 'fail', evidence: expect.stringContaining(words) as string });
});

test.each<[Partial<Listing>]>([
  [{ files: 101, bytes: 5010 }],
  [{ bytes: 4990 }],
  [{ digest: 'b'.repeat(64) }],
  [{ root: { uid: 1000, gid: 0, mode: 0o755 } }],
])('%j may be the work of the service: a person hears of it', (change) => {
  expect(compared(change)).toMatchObject({ verdict: 'pass', warning: true });
});

const place = { folder: '/srv/uploads', mounts: ['/srv/uploads'], swarm: false };

test('in a volume it can be backed up and restored', () => {
  expect(volumeChecks('uploads', place)).toMatchObject([{ verdict: 'pass' }]);
  expect(volumeRestoreChecks('uploads', place)).toMatchObject([{ verdict: 'pass' }]);
  expect(volumeChecks('uploads', { ...place, mounts: ['/srv'] })).toMatchObject([{ verdict: 'pass' }]);
});

test.each([
  ['in no volume', { ...place, mounts: ['/srv/uploads-old'] }, 'fail'],
  ['with another volume below it', { ...place, mounts: ['/srv/uploads', '/srv/uploads/cache'] }, 'fail'],
  ['of a task of a Swarm', { ...place, swarm: true }, 'pass'],
])('%s: a restore is refused', (_, at, backup) => {
  expect(volumeRestoreChecks('uploads', at)).toMatchObject([{ verdict: 'fail' }]);
  expect(volumeChecks('uploads', at)).toMatchObject([{ verdict: backup }]);
});

test('fewer files than before are told, and a few may go', () => {
  const now = (change: Partial<Listing>) => ({ listing: { ...listing, ...change } });
  expect(volumeShrinkage({ listing }, now({ files: 95 }), 0)).toEqual([]);
  expect(volumeShrinkage({ listing }, now({ files: 50 }), 0)).toEqual(['it has 50 files, of 100']);
  expect(volumeShrinkage({ listing }, now({ files: 50 }), 60)).toEqual([]);
  expect(volumeShrinkage({ listing }, now({ bytes: 10 }), 0)).toEqual(['it has 10 bytes, of 5000']);
  expect(volumeWords({ listing })).toBe('100 files with 5000 bytes');
});
