import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { renderPoints } from '../cli/render/points.ts';
import { manifestName, markerName, pointObjectKey } from '../domain/recovery-points/catalogue-keys.ts';
import {
  recoveryPointId,
  snapshotNameOf,
  type RecoveryPointManifest,
} from '../domain/recovery-points/recovery-point.ts';
import { decideRetention } from '../domain/recovery-points/retention.ts';
import { startS3Server } from '../stack/s3-server.ts';
import { openCatalogue } from '../systems/catalogue/open-catalogue.ts';
import { directoryStorage } from '../systems/object-storage/directory.ts';
import type { ObjectStorage, StoredObject } from '../systems/object-storage/object-storage.ts';
import { s3Storage } from '../systems/object-storage/s3.ts';
import { say } from './rig.ts';

export const platform = 'bench';
const rounds = 3;
const atOnce = 32;
const retention = {
  hourly: 48,
  daily: 14,
  weekly: 8,
  monthly: 12,
  yearly: 2,
  minimumCount: 3,
  maximumAgeDays: 1000,
};

/**
 * A catalogue of so many recovery points, one an hour, with the objects that backups write: in the stack's S3 server and
 * in a directory. Prints what listing its keys takes, and what `points` and retention's decision take after that.
 */
export async function benchCatalogue(count: number): Promise<void> {
  const interruption = new AbortController();
  const interrupt = () => interruption.abort(new Error('Interrupted'));
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  const { signal } = interruption;
  const name = `bench-${randomBytes(4).toString('hex')}`;
  const folder = await mkdtemp(join(tmpdir(), 'rekindle-bench-'));
  try {
    const server = await startS3Server(`${name}-s3`);
    try {
      await server.createBuckets([name]);
      const { endpoint, accessKey, secretKey } = server;
      const place = { bucket: name, prefix: '', endpoint, region: 'us-east-1', accessKey, secretKey };
      await measure('s3', s3Storage(place), { count, signal });
    } finally {
      await server.remove();
    }
    await measure('directory', directoryStorage(folder), { count, signal });
  } finally {
    await rm(folder, { recursive: true, force: true });
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

interface Filling {
  count: number;
  /** Aborts on Ctrl-C: what was made is removed, then the bench ends. */
  signal: AbortSignal;
}

async function measure(where: string, storage: ObjectStorage, { count, signal }: Filling): Promise<void> {
  const filling = await seconds(() => fillCatalogue(storage, { count, signal }));
  say(`${where}: ${count} recovery points written in ${filling.seconds.toFixed(1)} s`);
  for (let round = 1; round <= rounds; round++) {
    signal.throwIfAborted();
    let reads = 0;
    const counted: ObjectStorage = {
      ...storage,
      get: (key) => {
        reads += 1;
        return storage.get(key);
      },
    };
    const listing = await seconds(() => collect(counted.list(`${platform}/points/`)));
    // The same code over the keys that were just listed: what it takes beyond the listing.
    const points = await seconds(async () => {
      const listed = await openCatalogue(replayed(counted, listing.value), platform).listPoints();
      return { ...listed, text: renderPoints(listed.points, Date.now()) };
    });
    const decision = await seconds(() =>
      Promise.resolve(
        decideRetention(points.value.points, retention, { now: new Date().toISOString(), running: new Set() }),
      ),
    );
    if (points.value.points.length !== count || decision.value.length !== count)
      throw new Error(`${where}: ${points.value.points.length} of ${count} points were listed`);
    if (reads > 0) throw new Error(`${where}: a list read ${reads} objects`);
    const kept = decision.value.filter(({ keep }) => keep).length;
    say(
      `${where} round ${round}: listing of ${listing.value.length} keys ${figure(listing)}, objects read ${reads}; ` +
        `after it: points ${figure(points)}, retention ${figure(decision)} (${kept} stay)`,
    );
  }
}

interface Timed<T> {
  seconds: number;
  /** Of this process: on a machine that is busy with other work it says more than the time on the wall. */
  processorSeconds: number;
  value: T;
}

async function seconds<T>(work: () => Promise<T>): Promise<Timed<T>> {
  const processor = process.cpuUsage();
  const began = performance.now();
  const value = await work();
  const { user, system } = process.cpuUsage(processor);
  return { seconds: (performance.now() - began) / 1000, processorSeconds: (user + system) / 1e6, value };
}

const figure = ({ seconds: time, processorSeconds }: Timed<unknown>) =>
  `${time.toFixed(3)} s (processor ${processorSeconds.toFixed(3)} s)`;

async function collect(objects: AsyncIterable<StoredObject>): Promise<StoredObject[]> {
  const all: StoredObject[] = [];
  for await (const object of objects) all.push(object);
  return all;
}

/** The storage, but for its list, which is known. */
function replayed(storage: ObjectStorage, objects: readonly StoredObject[]): ObjectStorage {
  return {
    ...storage,
    // A storage lists asynchronously; here nothing is waited for.
    // oxlint-disable-next-line typescript/require-await
    async *list(prefix) {
      for (const object of objects) if (object.key.startsWith(prefix)) yield object;
    },
  };
}

/** One point an hour, back from now: every 24th proven, every 1,000th pinned. Answers what was written. */
export async function fillCatalogue(
  storage: Pick<ObjectStorage, 'put'>,
  { count, signal }: Filling,
): Promise<{ id: string; startedAt: string }[]> {
  const limit = pLimit(atOnce);
  const now = Date.now();
  const body = randomBytes(2000);
  const points = Array.from({ length: count }, (_, index) =>
    limit(async () => {
      signal.throwIfAborted();
      const startedAt = new Date(now - index * 3_600_000).toISOString();
      const id = recoveryPointId(startedAt, new Set());
      const put = (name: string, bytes: Uint8Array) => storage.put(pointObjectKey(platform, id, name), bytes);
      for (const object of ['capture.age', 'images.json', 'stores/documents.before.json']) await put(object, body);
      await put('stores/documents.expected.json', body);
      const { name, bytes } = manifestOf(id, startedAt);
      await put(name, bytes);
      const marker = { at: startedAt, run: `restore/${platform}/${startedAt}` };
      if (index % 24 === 0) await put(markerName({ marker: 'proven', ...marker }), new Uint8Array());
      if (index % 1000 === 0) await put(markerName({ marker: 'pinned', ...marker }), new Uint8Array());
      return { id, startedAt };
    }),
  );
  return Promise.all(points);
}

function manifestOf(id: string, startedAt: string): { name: string; bytes: Uint8Array } {
  const object = { key: pointObjectKey(platform, id, 'capture.age'), sha256: '0'.repeat(64), bytes: 2000 };
  const figures = { indices: 12, documents: 23_000, totalBytes: 80_000_000, incrementalBytes: 1_000_000 };
  const manifest: RecoveryPointManifest = {
    version: 1,
    id,
    platform,
    run: `backup/${platform}/${startedAt}`,
    startedAt,
    finishedAt: startedAt,
    platformFileHash: '0'.repeat(64),
    stores: [
      {
        store: 'documents',
        kind: 'elasticsearch',
        snapshot: snapshotNameOf(id),
        repository: 's3_backup',
        shards: 36,
        expectedSet: object,
        clusterUuid: 'AAAAAAAAAAAAAAAAAAAAAA',
        ...figures,
      },
    ],
    capture: object,
    images: { elasticsearch: { reference: 'elasticsearch:8.19.0', digest: `sha256:${'0'.repeat(64)}` } },
  };
  const bytes = new TextEncoder().encode(JSON.stringify(manifest));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { name: manifestName({ startedAt, durationSeconds: 12, sha256, ...figures }), bytes };
}
