import { validate } from '../../../operations/validate/validate.ts';
import type { Check } from '../../../domain/checks.ts';
import { waitFor } from '../../wait-for.ts';
import {
  platform,
  usePreflight,
  faultsOf,
  evidenceOf,
  keysIn,
  withObject,
  asWrittenByAnother,
} from './preflight-scene.ts';

usePreflight();

test('a platform file against what runs: all fits; a pattern without an index and a wrong service are found', async () => {
  const open = await platform.open();
  const namesOf = (checks: Check[]) => checks.map(({ name }) => name);
  const checks = await validate(open);
  expect(faultsOf(checks)).toEqual([]);
  expect(namesOf(checks)).toEqual(
    expect.arrayContaining(['project', 'services', 'volumes', 'networks', 'store documents', 'indices documents']),
  );
  expect(evidenceOf(checks, 'repository documents')).toBe('"s3_backup" is registered and can be read: 1 snapshots');
  expect(evidenceOf(checks, 'bucket documents')).toMatch(/can be read from here/);

  const [store] = open.platform.stores;
  if (store?.kind !== 'elasticsearch') throw new Error('no store');
  const wrong = {
    ...open.platform,
    stores: [{ ...store, indices: ['nuvla-*', 'nuvla-jobs', '-nuvla-none'] }],
    smoke: [
      {
        service: 'elastic-search',
        port: 9200,
        path: '/',
        headers: {},
        expectStatus: 200,
        expectJson: [],
        timeoutSeconds: 5,
      },
    ],
  };
  expect(faultsOf(await validate({ ...open, platform: wrong }))).toEqual([
    expect.stringMatching(/^services fail: .*"elastic-search" \(smoke\); did you mean "elasticsearch"\?$/),
    'indices documents fail: No index matches nuvla-jobs (the cluster has nuvla-job, nuvla-user); did you mean "nuvla-job"?',
  ]);
});

test('alive: every check passes, with figures', async () => {
  const checks = await platform.look();
  expect(faultsOf(checks)).toEqual([]);
  expect(checks.map(({ name }) => name)).toEqual([
    'recovery point',
    'services',
    'volumes',
    'other containers',
    'secrets',
    'images',
    'clock',
    'networks',
    'disk',
    'repository documents',
    'repository type documents',
    'version documents',
    'created versions documents',
    'nodes documents',
    'snapshots running documents',
    'writers documents',
    'indices documents',
    'bootstrap documents',
  ]);
  const { snapshot, clusterUuid } = platform.expected;
  // How many files a shard has depends on when Lucene merged.
  const repository = evidenceOf(checks, 'repository documents').replace(/\d+ files/, 'n files');
  expect(repository).toBe(
    `${snapshot} is in bucket ${platform.bucket}/es: SUCCESS, 2 of 2 indices, 6 shards, n files, 10 metadata files; Elasticsearch reads it: SUCCESS, 2 indices, 6 of 6 shards`,
  );
  expect(evidenceOf(checks, 'writers documents')).toBe(
    `Last written by this cluster (${clusterUuid}); 1 snapshots, 0 of them not in the catalogue`,
  );
  expect(evidenceOf(checks, 'version documents')).toBe('Elasticsearch is 8.19.0, the snapshot is of 8.19.0');
  expect(evidenceOf(checks, 'disk')).toMatch(/^\d+\.\d GB free under the engine's root, 0\.5 GB needed/);
  expect(evidenceOf(checks, 'clock')).toMatch(/^The clock of .* agrees with those of the Docker engine/);
  expect(faultsOf(await platform.look({}, 'remove'))).toEqual([]);
});

test('a snapshot that runs, a restore that runs', async () => {
  const client = await platform.client();
  await client.snapshot.createRepository({
    name: 'slow',
    verify: false,
    body: {
      type: 's3',
      settings: {
        bucket: platform.bucket,
        base_path: 'slow',
        max_snapshot_bytes_per_sec: '1kb',
        max_restore_bytes_per_sec: '1kb',
        endpoint: platform.s3.endpoint,
        path_style_access: 'true',
      },
    } as never,
  });
  await client.snapshot.create({
    repository: 'slow',
    snapshot: 'by-hand',
    indices: 'nuvla-job',
    wait_for_completion: false,
  });
  try {
    expect(faultsOf(await platform.look())).toEqual([
      'snapshots running documents fail: 1 snapshots run: slow/by-hand',
    ]);
  } finally {
    await client.snapshot.delete({ repository: 'slow', snapshot: 'by-hand' });
  }
  await client.cluster.putSettings({ transient: { 'indices.recovery.max_bytes_per_sec': '1kb' } });
  await client.snapshot.restore({
    repository: 's3_backup',
    snapshot: platform.expected.snapshot,
    indices: 'nuvla-job',
    rename_pattern: 'nuvla',
    rename_replacement: 'copy',
    wait_for_completion: false,
  });
  try {
    await waitFor(async () =>
      expect((await client.cat.recovery({ format: 'json', active_only: true })).length).toBeGreaterThan(0),
    );
    expect(faultsOf(await platform.look()).join()).toMatch(
      /^snapshots running documents fail: \d shards are being restored: copy-job\[\d\]/,
    );
  } finally {
    await client.indices.delete({ index: 'copy-job' });
    await client.cluster.putSettings({ transient: { 'indices.recovery.max_bytes_per_sec': null } });
    await client.snapshot.deleteRepository({ name: 'slow' });
    await client.close();
  }
}, 120_000);

test('a file of the snapshot is missing, cut short or damaged in the bucket', async () => {
  const all = await keysIn('es/');
  const [ofShard = ''] = all.filter((key) => /\/1\/snap-.*\.dat$/.test(key));
  const [data = ''] = all.filter((key) => key.includes('/__'));
  const [global = ''] = all.filter((key) => /^es\/meta-.*\.dat$/.test(key));
  for (const [key, bytes, says] of [
    [ofShard, undefined, /nuvla-(job|user)\[1\]: .* is not there/],
    [data, undefined, /nuvla-(job|user)\[\d\]: .* is not there/],
    [data, new Uint8Array(10), /nuvla-(job|user)\[\d\]: .* has 10 bytes instead of \d+/],
    [global, new Uint8Array(100), /the global metadata: .* is damaged/],
  ] as const)
    await withObject(key, bytes, async () => {
      const [fault, ...others] = faultsOf(await platform.look());
      expect(fault).toMatch(/^repository documents fail: .* is incomplete: /);
      expect(fault).toMatch(says);
      expect(others).toEqual([]);
    });
});

test('missing secrets are reported together; checks that need them say so', async () => {
  await platform.secret('access', undefined);
  await platform.secret('secret', undefined);
  try {
    const checks = await platform.look();
    expect(evidenceOf(checks, 'secrets')).toMatch(/^2 of 3 are missing: .*access_key.*secret_key/s);
    expect(evidenceOf(checks, 'repository documents')).toBe('Cannot be checked without its secrets');
  } finally {
    await platform.secret('access', platform.s3.accessKey);
    await platform.secret('secret', platform.s3.secretKey);
  }
});

test('another cluster wrote to the repository', () =>
  asWrittenByAnother(async () => {
    const faults = faultsOf(await platform.look());
    expect(faults.find((fault) => fault.startsWith('writers'))).toBe(
      "writers documents fail: Last written by the cluster AAAAAAAAAAAAAAAAAAAAAA, which is not this platform's; 2 snapshots, 1 of them not in the catalogue: of-another",
    );
  }));
