import type { ExpectedSet } from '../../../domain/recovery-points/recovery-point.ts';
import { Failure } from '../../../domain/failures.ts';
import type { StepProgress } from '../../../domain/plans/steps.ts';
import { awaitRestore } from '../../../systems/elasticsearch/restore/await-restore.ts';
import { awaitSnapshot } from '../../../systems/elasticsearch/snapshots/await-snapshot.ts';
import { checkExpectedSet } from '../../../systems/elasticsearch/restore/check-expected-set.ts';
import { clusterIdentity } from '../../../systems/elasticsearch/health.ts';
import { closeIndices, resolveIndices } from '../../../systems/elasticsearch/indices.ts';
import { startRestore } from '../../../systems/elasticsearch/restore/restore.ts';
import { deleteSnapshot, readSnapshot, startSnapshot } from '../../../systems/elasticsearch/snapshots/snapshots.ts';
import { raiseThrottles, readThrottles, resetThrottles } from '../../../systems/elasticsearch/restore/throttles.ts';
import { createIndex, seedDocuments } from './seed.ts';
import { expecting } from '../../expecting.ts';
import { waitFor } from '../../wait-for.ts';
import {
  useRestore,
  connectAnew,
  servers,
  client,
  repository,
  patterns,
  indices,
  first,
  backup,
  wipe,
  restoreFirst,
  faultsOf,
} from './restore-scene.ts';

let expected: ExpectedSet;
useRestore();

test('a snapshot without writers has exact counts', async () => {
  expect(await resolveIndices(client, patterns)).toEqual(indices);
  const progress: StepProgress[] = [];
  expected = await backup(first.snapshot, undefined, { onProgress: (seen: StepProgress) => progress.push(seen) });
  expect(
    expected.indices.map(({ name, state, documents }) => [name, state, documents?.atLeast, documents?.atMost]),
  ).toEqual([
    ['nuvla-big', 'open', 6_000, 6_000],
    ['nuvla-job', 'open', 1_999, 1_999],
    ['rk-closed', 'closed', 49, 49],
    ['rk-hidden', 'open', 10, 10],
  ]);
  expect(expected.indices.map(({ samples }) => samples.length)).toEqual([20, 20, 0, 10]);
  expect(expected).toMatchObject({ shards: 12, globalState: { indexTemplates: ['rk-template'] } });
  expect(expected.totalBytes).toBeGreaterThan(6_000_000);
  expect(expected.incrementalBytes).toBe(expected.totalBytes);
  expect(progress.every(({ unit, done, total }) => unit === 'bytes' && done <= total)).toBe(true);
  expect(faultsOf(await checkExpectedSet(client, expected))).toEqual([]);
});

test('a second attempt at a snapshot goes on with the first; another run is refused', async () => {
  const request = { repository, snapshot: first.snapshot, indices, metadata: { run: 'r1' } };
  expect(await startSnapshot(client, request)).toEqual({ started: false });
  await expect(startSnapshot(client, { ...request, metadata: { run: 'r2' } })).rejects.toMatchObject({
    kind: 'RepositoryRefused',
  });
});

test('a snapshot taken during writes has a range that holds after the restore', async () => {
  const stop = new AbortController();
  let written = 0;
  const writer = (async () => {
    while (!stop.signal.aborted) {
      await seedDocuments(client, 'nuvla-job', 20, 0, 10_000 + written);
      written += 20;
      await client
        .deleteByQuery({ index: 'nuvla-job', query: { term: { number: written } }, conflicts: 'proceed' })
        .catch(() => undefined);
    }
  })();
  const set = await backup('snapshot.second');
  stop.abort();
  await writer;
  const { documents, samples } = set.indices.find(({ name }) => name === 'nuvla-job')!;
  expect(documents!.atMost).toBeGreaterThan(documents!.atLeast);
  expect(samples.length).toBeGreaterThan(0);
  expect(set.incrementalBytes).toBeLessThan(set.totalBytes);
  await wipe();
  const request = { repository, snapshot: 'snapshot.second', indices };
  await startRestore(client, { ...request, globalState: true });
  await awaitRestore(client, request);
  await closeIndices(client, ['rk-closed']);
  expect(faultsOf(await checkExpectedSet(client, set))).toEqual([]);
});

test('restored with progress onto an emptied cluster, the expected set is there', async () => {
  await wipe();
  const before = await raiseThrottles(client, '8mb');
  const progress: StepProgress[] = [];
  const { bytes, shards } = await restoreFirst({ onProgress: (seen: StepProgress) => progress.push(seen) });
  expect({ bytes, shards }).toEqual({ bytes: expected.totalBytes, shards: 12 });
  expect(progress.at(-1)).toMatchObject({
    done: bytes,
    total: bytes,
    unit: 'bytes',
    note: '12 of 12 shards, 4 of 4 indices',
  });
  expect(progress.some(({ done }) => done > 0 && done < bytes)).toBe(true);
  expect(await resetThrottles(client)).toEqual(before);
  expect(await readThrottles(client)).toEqual(before);
  const checks = await checkExpectedSet(client, expected);
  expect(faultsOf(checks)).toEqual([]);
  expect(checks.map(({ evidence }) => evidence)).toContain(
    '1,999 of 1,999 documents, 20 of 20 samples equal, 3 primaries, 2 aliases',
  );
});

test('a repeated start of a finished restore changes nothing', async () => {
  expect(await startRestore(client, { ...first, globalState: true })).toMatchObject({ started: [] });
  await awaitRestore(client, first);
});

test('what is missing or changed is named', async () => {
  const [sample] = expected.indices.find(({ name }) => name === 'nuvla-big')!.samples;
  await client.delete({ index: 'rk-hidden', id: 'd1', refresh: true });
  await client.indices.deleteAlias({ index: 'nuvla-job', name: 'work' });
  await client.index({ index: 'nuvla-big', id: sample!.id, document: { number: -1 } });
  await client.indices.open({ index: 'rk-closed' });
  await client.indices.deleteIndexTemplate({ name: 'rk-template' });
  const faults = faultsOf(await checkExpectedSet(client, expected));
  expect(faults).toEqual([
    expect.stringContaining(`index nuvla-big: 1 of 20 samples differ or are gone: ${sample!.id}`) as string,
    'index nuvla-job: The alias is missing: work',
    'index rk-closed: open instead of closed',
    expect.stringContaining('index rk-hidden: 9 of 10 documents; 1 of 10 samples') as string,
    'global state: Missing: template rk-template',
  ]);
});

test('an index that does not come from the snapshot is not touched', async () => {
  await wipe();
  await createIndex(client, 'nuvla-job');
  await expect(startRestore(client, { ...first, globalState: true })).rejects.toMatchObject({
    kind: 'RestoreFailed',
    message: expect.stringContaining('nuvla-job') as string,
  });
  expect(await resolveIndices(client, ['*'])).toEqual(['nuvla-job']);
});

test('a worker that died: the restore that goes on is found and waited for', async () => {
  await wipe();
  const before = await raiseThrottles(client, '4mb');
  const death = new AbortController();
  await startRestore(client, { ...first, globalState: true });
  const dead = awaitRestore(client, first, { signal: death.signal, onProgress: () => death.abort(new Error('died')) });
  await expect(dead).rejects.toThrow('died');
  expect(await startRestore(client, { ...first, globalState: true })).toMatchObject({ started: [] });
  await awaitRestore(client, first);
  expect(await resetThrottles(client)).toEqual(before);
  await closeIndices(client, ['rk-closed']);
  expect(faultsOf(await checkExpectedSet(client, expected))).toEqual([]);
});

/** Starts a slow restore, lets `disaster` strike in the middle, and returns the failure that the wait ends with. */
async function struckBy(disaster: () => Promise<unknown>): Promise<Failure> {
  await wipe();
  await raiseThrottles(client, '500kb');
  await startRestore(client, { ...first, globalState: true });
  await waitFor(async () =>
    expect((await client.cat.recovery({ format: 'json', active_only: true })).length).toBeGreaterThan(0),
  );
  const wait = awaitRestore(client, first).catch((error: unknown) => error);
  await disaster();
  let outcome = await wait;
  // Elasticsearch is away first and tells what became of the shards once it is back.
  for (
    let tries = 0;
    outcome instanceof Failure && /ECONN|socket|other side/i.test(outcome.message) && tries < 20;
    tries += 1
  ) {
    await client.close();
    await connectAnew();
    outcome = await awaitRestore(client, first).catch((error: unknown) => error);
  }
  expect(outcome).toBeInstanceOf(Failure);
  return outcome as Failure;
}

async function recovers() {
  await resetThrottles(client);
  await waitFor(async () => expect(await restoreFirst().then(() => 'restored', String)).toBe('restored'), {
    timeout: 60_000,
    interval: 1_000,
  });
  expect(faultsOf(await checkExpectedSet(client, expected))).toEqual([]);
}

test('Elasticsearch killed halfway: the incomplete indices are restored again', async () => {
  const failure = await struckBy(async () => {
    await servers.elasticsearch.kill();
    await servers.elasticsearch.start();
    await connectAnew();
    await waitFor(
      async () =>
        expect(
          await clusterIdentity(client).then(
            () => true,
            () => false,
          ),
        ).toBe(true),
      { timeout: 90_000, interval: 500 },
    );
  });
  expecting(failure.kind, failure.message).toBe('ElasticsearchUnreachable');
  await recovers();
}, 180_000);

test('object storage killed in the middle: retryable, and the restore is repeated', async () => {
  const failure = await struckBy(() => servers.s3.kill());
  expecting(failure.kind, failure.message).toBe('ObjectStorageUnreachable');
  await servers.s3.start();
  await recovers();
}, 180_000);

test('a snapshot that lost a file fails naming index and shard', async () => {
  await wipe();
  const data = (await servers.listObjects('backups')).filter(({ key }) => /^indices\/.*\/__/.test(key));
  const [biggest] = data.toSorted((a, b) => b.bytes - a.bytes);
  await servers.deleteObject('backups', biggest!.key);
  await startRestore(client, { ...first, globalState: true });
  const failure = await awaitRestore(client, first).catch((error: unknown) => error);
  expect(failure).toMatchObject({ kind: 'RestoreFailed' });
  expect(String(failure)).toMatch(/nuvla-big\[\d\]: /);
}, 120_000);

test('a snapshot with a damaged shard is refused as partial', async () => {
  await wipe();
  await createIndex(client, 'nuvla-job');
  await seedDocuments(client, 'nuvla-job', 500);
  await client.indices.flush({ index: 'nuvla-job', force: true });
  const damage =
    'for f in $(find data/indices -name "*.cfs" -o -name "*.fdt"); do printf XX | dd of=$f bs=1 seek=60 conv=notrunc; done';
  await servers.exec(['sh', '-c', damage], '');
  await startSnapshot(client, {
    repository,
    snapshot: 'snapshot.damaged',
    indices: ['nuvla-job'],
    metadata: { run: 'r1' },
  });
  const failure = await awaitSnapshot(client, repository, 'snapshot.damaged').catch((error: unknown) => error);
  expect(failure).toMatchObject({ kind: 'SnapshotPartial' });
  expect(String(failure)).toMatch(/nuvla-job\[\d\]: /);
  await deleteSnapshot(client, repository, 'snapshot.damaged');
  await deleteSnapshot(client, repository, 'snapshot.damaged');
  await expect(readSnapshot(client, repository, 'snapshot.damaged')).rejects.toMatchObject({ kind: 'SnapshotMissing' });
}, 120_000);
