import { crc32 } from 'node:zlib';
import { emptyTable } from '../../../domain/scrub/read-table.ts';
import type { ScrubbedBucket } from '../../../operations/scrub/bucket.ts';
import type { StorePoint } from '../../../operations/scrub/held-points.ts';
import { scrubRepository } from '../../../operations/scrub/scrub-repository.ts';
import { globalMetadataCrc } from '../../../systems/elasticsearch/repository/global-metadata.ts';
import { memoryStorage } from '../../memory-storage.ts';

// Global metadata names no snapshot, and its own checksum is good wherever it lies: the backup notes what it wrote.

/** A file as Lucene frames it. */
function framed(kind: string, content: string): Buffer {
  const begin = Buffer.concat([
    Buffer.from([0x3f, 0xd7, 0x6c, 0x17, kind.length]),
    Buffer.from(kind),
    Buffer.from([0, 0, 0, 1]),
  ]);
  const covered = Buffer.concat([begin, Buffer.from(content), Buffer.from([0xc0, 0x28, 0x93, 0xe8, 0, 0, 0, 0])]);
  const sum = Buffer.alloc(8);
  sum.writeBigUInt64BE(BigInt(crc32(covered)));
  return Buffer.concat([covered, sum]);
}

async function repository() {
  const storage = memoryStorage();
  const snapshots = ['first', 'second'].map((name) => ({ name, uuid: `${name}-uuid`, state: 1 }));
  await storage.put('index-1', Buffer.from(JSON.stringify({ snapshots, indices: {} })));
  for (const { name, uuid } of snapshots) {
    await storage.put(`snap-${uuid}.dat`, framed('snapshot', name));
    await storage.put(`meta-${uuid}.dat`, framed('metadata', `templates of ${name}`));
  }
  const objects = {
    async read(key: string) {
      const bytes = await storage.get(key);
      return bytes && [bytes];
    },
  };
  const bucket = { storage, objects, place: 'backups/es' } as unknown as ScrubbedBucket;
  const noted = async (): Promise<StorePoint[]> => {
    const points = snapshots.map(async ({ name }): Promise<StorePoint> => {
      const crc = await globalMetadataCrc(storage, name);
      return { id: name, snapshot: name, indices: [], ...(crc !== undefined && { globalMetadataCrc: crc }) };
    });
    return Promise.all(points);
  };
  const swap = async () => {
    const [a, b] = ['meta-first-uuid.dat', 'meta-second-uuid.dat'] as const;
    const [one, other] = [await storage.get(a), await storage.get(b)];
    await storage.put(a, other ?? new Uint8Array());
    await storage.put(b, one ?? new Uint8Array());
  };
  const scrub = async (points: StorePoint[]) => {
    const request = { scope: { kind: 'all' as const }, since: 2 ** 31, days: 7, points, suspected: new Set<string>() };
    const { faults } = await scrubRepository(bucket, request, emptyTable(), () => Promise.resolve());
    return faults
      .map(({ file, fault }) => `${file.what}: ${fault}, ${file.points.map(({ id }) => id).join()}`)
      .toSorted();
  };
  return { storage, noted, swap, scrub };
}

test('two that changed places before anybody read them are found, and each spoils its point', async () => {
  const { noted, swap, scrub } = await repository();
  const points = await noted();
  expect(await scrub(points)).toEqual([]);
  await swap();
  expect(await scrub(points)).toEqual([
    'the global metadata of first: it is not what the backup wrote, first',
    'the global metadata of second: it is not what the backup wrote, second',
  ]);
});

test('of points that were published without a note, the first reading counts', async () => {
  const { noted, swap, scrub } = await repository();
  await swap();
  expect(await scrub((await noted()).map(({ globalMetadataCrc: _, ...point }) => point))).toEqual([]);
});

test('what is damaged, missing or not listed is not noted as good', async () => {
  const { storage } = await repository();
  const bytes = framed('metadata', 'templates of first');
  bytes[20] = (bytes[20] ?? 0) ^ 0xff;
  await storage.put('meta-first-uuid.dat', bytes);
  await storage.delete('meta-second-uuid.dat');
  for (const name of ['first', 'second', 'third']) expect(await globalMetadataCrc(storage, name)).toBeUndefined();
});
