import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { RecoveryPointManifest } from '../../../domain/recovery-points/recovery-point.ts';
import { openCatalogue } from '../../../systems/catalogue/open-catalogue.ts';
import { directoryStorage } from '../../../systems/object-storage/directory.ts';
import type { ObjectStorage } from '../../../systems/object-storage/object-storage.ts';
import { s3Storage } from '../../../systems/object-storage/s3.ts';
import { startS3, type S3Server } from '../object-storage/server.ts';

// Many orchestrators on one catalogue, all in the same minute, and their schedules give all runs the same id.
const writers = 16;
const rounds = 3;
const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

/** Each request waits a while before it is sent, and a while before its answer is looked at. */
function slow(storage: ObjectStorage, longestMs: number): ObjectStorage {
  const wait = () => pause(Math.random() * longestMs);
  const slowly = async <T>(work: () => Promise<T>): Promise<T> => {
    await wait();
    const answer = await work();
    await wait();
    return answer;
  };
  return {
    ...storage,
    put: (key, bytes) => slowly(() => storage.put(key, bytes)),
    get: (key) => slowly(() => storage.get(key)),
    delete: (key) => slowly(() => storage.delete(key)),
    async *list(prefix, range) {
      await wait();
      yield* storage.list(prefix, range);
      await wait();
    },
  };
}

/**
 * A backup as an orchestrator writes it, but for its servers. Every second one is tried again in the middle: then it has
 * the same id, or another one when somebody tried for the first at that moment, and `strays` names that.
 */
async function backUp(storage: ObjectStorage, index: number, strays: string[]): Promise<RecoveryPointManifest> {
  const catalogue = openCatalogue(slow(storage, 15), 'nuvla');
  const owner = { run: 'backup/nuvla/2026-11-21T09:30:00Z', execution: randomUUID() };
  const claim = (attempt: number) =>
    catalogue.claim({ owner, at: new Date(Date.UTC(2026, 10, 21, 9, 30, 12, 10 * index + attempt)).toISOString() });
  let id = await claim(0);
  if (index % 2 === 0) {
    const again = await claim(1);
    if (again !== id) strays.push(id);
    id = again;
  }
  const mine = `written by ${owner.execution}`;
  const expectedSet = await catalogue.putObject(id, 'stores/documents.expected.json', encode({ mine }));
  const manifest: RecoveryPointManifest = {
    version: 1,
    id,
    platform: 'nuvla',
    run: owner.run,
    startedAt: '2026-11-21T09:30:12.345Z',
    finishedAt: '2026-11-21T09:30:20.000Z',
    platformFileHash: owner.execution,
    stores: [
      {
        store: 'documents',
        kind: 'elasticsearch',
        snapshot: `snapshot.${id}`,
        repository: 's3_backup',
        indices: 1,
        documents: 1,
        shards: 1,
        totalBytes: 1,
        incrementalBytes: 1,
        expectedSet,
      },
    ],
    capture: await catalogue.putObject(id, 'capture.age', encode(mine)),
    images: {},
  };
  await catalogue.writeManifest(manifest, owner);
  return manifest;
}

function concurrentWriters(name: string, open: () => ObjectStorage): void {
  describe(`${writers} concurrent writers: ${name}`, () => {
    test('no two own one id, every manifest and object is complete, and the list shows them all', async () => {
      for (let round = 0; round < rounds; round++) {
        const storage = open();
        const strays: string[] = [];
        const work = Array.from({ length: writers }, (_, index) => backUp(storage, index, strays));
        const manifests = await Promise.all(work);
        expect(new Set(manifests.map(({ id }) => id)).size).toBe(writers);
        const catalogue = openCatalogue(storage, 'nuvla');
        const { points, unfinished, warnings } = await catalogue.listPoints();
        expect({ unfinished, warnings }).toEqual({ unfinished: strays.toSorted(), warnings: [] });
        expect(points.map(({ id }) => id).toSorted()).toEqual(manifests.map(({ id }) => id).toSorted());
        for (const manifest of manifests) {
          expect(await catalogue.readManifest(manifest.id)).toEqual(manifest);
          for (const object of [manifest.capture, manifest.stores[0]?.expectedSet])
            expect(new TextDecoder().decode(await catalogue.getObject(object!))).toContain(manifest.platformFileHash);
        }
      }
    });
  });
}

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'rkt-'));
});
afterAll(() => rm(root, { recursive: true }));
concurrentWriters('a directory', () => directoryStorage(join(root, randomUUID())));

describe('an S3 server', () => {
  let server: S3Server;
  beforeAll(async () => {
    server = await startS3();
  });
  afterAll(() => server.remove());
  concurrentWriters('S3', () => s3Storage({ ...server.options, prefix: randomUUID() }));
});
