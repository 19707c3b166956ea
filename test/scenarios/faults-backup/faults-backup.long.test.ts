import { startS3Server, type S3Server } from '../../../stack/s3-server.ts';
import { s3Storage } from '../../../systems/object-storage/s3.ts';
import { engineNow, expectPassed } from '../faults-tools/message.ts';
import { outageSeconds, type PlatformFile } from '../faults-tools/variants.ts';
import {
  before,
  bucket,
  client,
  expectFailed,
  keysOf,
  name,
  nothingLeft,
  points,
  register,
  registered,
  scenario,
  snapshots,
  telemetry,
  useBackups,
  variants,
  write,
} from './backups.ts';

// The faults of faults-backup.test.ts that take long: a full server, a repository that lost files.

useBackups();
let small: S3Server | undefined;
afterAll(() => small?.remove());

test('a red cluster: refused, the index named', async () => {
  await client.indices.create({
    index: 'nuvla-nowhere',
    settings: { 'index.routing.allocation.require._name': 'no-such-node' },
    wait_for_active_shards: 0,
  });
  await expectFailed('ClusterRed', 3, [/Elasticsearch is red/, /nuvla-nowhere/, /_cluster\/allocation\/explain/]);
  await nothingLeft();
});

test('another snapshot runs: the backup shows that it waits, then is refused; the snapshot is not disturbed', async () => {
  await write(4, 'second');
  await register({ max_snapshot_bytes_per_sec: '20kb' });
  await client.snapshot.create({ repository: 's3_backup', snapshot: 'of-another', indices: telemetry });
  try {
    await expectFailed('SnapshotRunning', 3, [
      new RegExp(`waiting: prepare store documents, for at most ${outageSeconds} s: waits for snapshot of-another`),
      /the snapshot of-another still runs/,
      /DELETE _snapshot\/s3_backup/,
    ]);
    expect((await snapshots()).filter((each) => !before.snapshots.includes(each))).toEqual(['of-another']);
  } finally {
    await client.snapshot.delete({ repository: 's3_backup', snapshot: 'of-another' });
  }
  await nothingLeft();
});

test('a repository that someone registered read-only stays read-only; leftovers of a run do not block a backup', async () => {
  await register({ readonly: 'true' });
  await expectFailed('RepositoryReadonly', 3, [
    /registered read-only, and not by a run of Rekindle/,
    /last written by this cluster/,
    /two writers corrupt it/,
  ]);
  expect((await registered()).settings['readonly']).toBe('true');
  await nothingLeft();

  await register({ readonly: 'true', rekindle_readonly_by: 'restore/of/another/day' });
  expectPassed(await variants.rekindle(['backup', name]));
  expect((await registered()).settings['readonly']).toBeUndefined();
});

test('a platform file that says readonly', async () => {
  await variants.write((file) => (file.stores[0]!.repository.settings['readonly'] = 'true'));
  await expectFailed('RepositoryReadonly', 3, [/platform file says .* readonly/, /repository\.settings/]);
  await nothingLeft();
});

test("the store's throttle becomes the repository's", async () => {
  const throttled = (file: PlatformFile) =>
    ((file.stores[0] as { snapshotThrottle?: string }).snapshotThrottle = '60mb');
  await variants.write(throttled);
  expectPassed(await variants.rekindle(['backup', name]));
  expect((await registered()).settings['max_snapshot_bytes_per_sec']).toBe('60mb');
  await variants.write();
  expectPassed(await variants.rekindle(['backup', name]));
  expect((await registered()).settings['max_snapshot_bytes_per_sec']).toBeUndefined();
});

test('object storage that is full', async () => {
  const { accessKey, secretKey } = scenario.platform.s3;
  small = await startS3Server(`${name}-small-s3`, {}, { credentials: { accessKey, secretKey }, megabytes: 20 });
  const { endpoint } = small;
  await small.createBuckets(['small', 'small-catalogue']);
  await write(30, 'third');
  await variants.write((file) => {
    const { settings } = file.stores[0]!.repository;
    file.stores[0]!.repository.name = 's3_small';
    Object.assign(settings, { bucket: 'small', endpoint });
  });
  await expectFailed('ObjectStorageFull', 1, [/nuvla-telemetry\[0\]/, /Make room in the object storage/]);
  expect(await snapshots('s3_small')).toEqual([]);
  await nothingLeft();

  // The same server full to the brim, as the catalogue's.
  const catalogue = s3Storage({
    bucket: 'small-catalogue',
    prefix: '',
    endpoint,
    region: 'us-east-1',
    accessKey,
    secretKey,
  });
  for (const bytes of [1 << 20, 1 << 12])
    for (let part = 0, full = false; !full; part++)
      full = await catalogue.put(`filler/${bytes}-${part}`, new Uint8Array(bytes)).then(
        () => false,
        () => true,
      );
  await variants.write((file) => Object.assign(file.catalogue, { bucket: 'small-catalogue', endpoint }));
  await expectFailed('ObjectStorageFull', 1, [/Writing .*small-catalogue/, /Make room where the catalogue lies/]);
  await nothingLeft();
  await client.snapshot.deleteRepository({ name: 's3_small' });
});

test('a file of the repository is deleted: the next backup, which refers to it, is refused its place', async () => {
  const described = await client.snapshot.status({ repository: 's3_backup', snapshot: before.snapshots.at(-1)! });
  expect(described.snapshots).toHaveLength(1);
  const files = await Promise.all(
    (await keysOf('indices/'))
      .filter((key) => /\/__/.test(key))
      .map(async (key) => ({ key, bytes: await bucket.get(key) })),
  );
  const lost = files.toSorted((a, b) => (b.bytes?.length ?? 0) - (a.bytes?.length ?? 0))[0]!;
  await bucket.delete(lost.key);
  try {
    await expectFailed('RepositoryCorrupted', 1, [
      new RegExp(`nuvla-telemetry\\[0\\]: ${lost.key} `),
      /becomes no recovery point/,
      /base_path/,
    ]);
    await nothingLeft();
  } finally {
    await bucket.put(lost.key, lost.bytes!);
  }
  expectPassed(await variants.rekindle(['backup', name]));
});

test("the repository's index is deleted", async () => {
  const [index = ''] = (await keysOf('index-')).toSorted().slice(-1);
  const kept = await bucket.get(index);
  await bucket.delete(index);
  try {
    await expectFailed('RepositoryCorrupted', 1, [/Put the missing files back/]);
    expect(await points()).toEqual(before.points);
    expect(await engineNow()).toEqual(before.engine);
  } finally {
    await bucket.put(index, kept!);
  }
  // As the runbook says: the registration is made anew, then the next backup finds what is there.
  await client.snapshot.deleteRepository({ name: 's3_backup' });
  expectPassed(await variants.rekindle(['backup', name]));
});
