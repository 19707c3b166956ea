import { emptyTable } from '../../../domain/scrub/read-table.ts';
import type { ScrubbedBucket } from '../../../operations/scrub/bucket.ts';
import { healFiles } from '../../../operations/scrub/heal.ts';
import { scrubRepository } from '../../../operations/scrub/scrub-repository.ts';
import type { ObjectVersion } from '../../../systems/object-storage/s3-objects.ts';
import { memoryStorage } from '../../memory-storage.ts';

// The repository's index holds no checksum: what it was when it was read first is what tells of damage.

const text = (started: number) =>
  JSON.stringify({ snapshots: [], indices: {}, min_version: '7.12.0', start_time_millis: started });
const bytesOf = (content: string) => new TextEncoder().encode(content);

/** A repository of one object, with the versions of it that the bucket keeps, the newest first. */
function repository() {
  const storage = memoryStorage();
  const table = emptyTable();
  const versions: Uint8Array[] = [];
  const objects = {
    async read(key: string, { version }: { version?: string } = {}) {
      const bytes = version === undefined ? await storage.get(key) : versions[Number(version)];
      return (
        bytes &&
        (async function* () {
          yield await Promise.resolve(bytes);
        })()
      );
    },
    versions: () =>
      Promise.resolve(
        versions.map((bytes, id): ObjectVersion => ({
          id: String(id),
          at: 'then',
          bytes: bytes.length,
          latest: id === 0,
        })),
      ),
    putBack: (key: string, version: string) => storage.put(key, versions[Number(version)] ?? new Uint8Array()),
  };
  const bucket = { storage, objects, place: 'backups/es' } as unknown as ScrubbedBucket;
  const write = async (generation: number, content: string) => {
    versions.unshift(bytesOf(content));
    await storage.put(`index-${generation}`, bytesOf(content));
  };
  const scrub = (scope: 'all' | 'share' = 'share') =>
    scrubRepository(
      bucket,
      {
        scope: scope === 'all' ? { kind: 'all' } : { kind: 'share', days: 366 },
        since: Math.floor(Date.now() / 1000),
        days: 7,
        points: [],
        suspected: new Set(),
      },
      table,
      () => Promise.resolve(),
    );
  return { bucket, table, storage, write, scrub };
}

test('a byte that changes where nobody reads is found by the next scrub, also when its share reads nothing else', async () => {
  const { write, scrub } = repository();
  await write(3, text(1));
  expect(await scrub()).toMatchObject({ faults: [], files: 1, coverage: { files: 1, recentFiles: 1 } });
  await write(3, text(2));
  for (const scope of ['share', 'all'] as const)
    expect((await scrub(scope)).faults).toMatchObject([
      {
        file: { key: 'index-3', what: "the repository's index" },
        fault: 'it is not what it was when it was read before, and none is ever written twice',
      },
    ]);
  await write(3, text(1));
  expect((await scrub()).faults).toEqual([]);
});

test('the next generation is another file', async () => {
  const { write, scrub } = repository();
  await write(3, text(1));
  await scrub();
  await write(4, text(2));
  expect((await scrub()).faults).toEqual([]);
});

test('it is put back from the version that is what it was, and from no other', async () => {
  const { bucket, table, storage, write, scrub } = repository();
  await write(3, text(7));
  await write(3, text(1));
  await scrub();
  await write(3, text(2));
  const { faults } = await scrub();
  expect(await healFiles(bucket, faults, table)).toMatchObject({ healed: [{ file: { key: 'index-3' } }], left: [] });
  expect(new TextDecoder().decode(await storage.get('index-3'))).toBe(text(1));
  expect((await scrub()).faults).toEqual([]);
});
