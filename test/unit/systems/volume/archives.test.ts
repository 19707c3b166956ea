import { pack, type Header } from 'tar-stream';
import { differences, harmOf, type Listing } from '../../../../domain/volume/listing.ts';
import { filtered } from '../../../../systems/volume/filtered.ts';
import { inspected, listingOf } from '../../../../systems/volume/inspected.ts';
import { broken, steady } from '../streams/sources.ts';

type Given = [Partial<Header> & Pick<Header, 'name'>, string?];

const usual: Given[] = [
  [{ name: './', type: 'directory', mode: 0o755 }],
  [{ name: './a.txt', mode: 0o644, uid: 1000 }, 'content of a'],
  [{ name: './sub/b.txt', mode: 0o600 }, 'x'.repeat(5000)],
  [{ name: './latest', type: 'symlink', linkname: '/etc/passwd' }],
];

async function tarOf(entries: Given[]): Promise<Buffer> {
  const archive = pack();
  for (const [header, content] of entries) archive.entry(header, content ?? '');
  archive.finalize();
  const all: Uint8Array[] = [];
  for await (const piece of archive as AsyncIterable<Uint8Array>) all.push(piece);
  return Buffer.concat(all);
}

const listed = async (entries: Given[], size?: number) =>
  listingOf(steady(await tarOf(entries), size), 'The volume data');

test('an archive passes through unchanged, and is counted', async () => {
  const archive = await tarOf(usual);
  const passed: Uint8Array[] = [];
  const found: Listing[] = [];
  for await (const piece of inspected(steady(archive, 777), 'x', (listing) => found.push(listing))) passed.push(piece);
  expect(Buffer.concat(passed).equals(archive)).toBe(true);
  expect(found).toMatchObject([{ files: 2, folders: 0, others: 1, bytes: 5012 }]);
  expect(found[0]?.digest).toMatch(/^[0-9a-f]{64}$/);
});

test('equal trees have one listing, in whatever order and pieces they come, and at whatever time they were written', async () => {
  const later = usual.map(([header, content]): Given => [{ ...header, mtime: new Date(0) }, content]);
  const wanted = await listed(usual);
  expect(await listed(later.toReversed(), 1)).toEqual(wanted);
  expect(differences(wanted, await listed(later))).toEqual([]);
});

test.each<[string, Given[], RegExp]>([
  ['a file less', usual.slice(0, 2), /1 files instead of 2/],
  ['another content', [...usual.slice(0, 1), [usual[1]![0], 'content of b'], ...usual.slice(2)], /with other names/],
  [
    'another owner',
    [...usual.slice(0, 1), [{ ...usual[1]![0], uid: 0 }, usual[1]![1]], ...usual.slice(2)],
    /other names, owners/,
  ],
])('a tree with %s differs', async (_, entries, evidence) => {
  expect(differences(await listed(usual), await listed(entries)).join(', ')).toMatch(evidence);
});

test.each<[string, Given]>([
  ['lies above', [{ name: '../evil' }, 'x']],
  ['is absolute', [{ name: '/etc/cron.d/evil' }, 'x']],
  ['climbs in its middle', [{ name: 'a/../../evil' }, 'x']],
  ['links to what lies above', [{ name: 'innocent', type: 'link', linkname: '../../etc/shadow' }]],
])('an entry that %s is refused and named', async (_, entry) => {
  const refusal: unknown = await listed([...usual, entry]).catch((error: unknown) => error);
  expect(refusal).toMatchObject({ kind: 'RepositoryCorrupted' });
  expect(String(refusal)).toMatch(/The volume data is refused: .*(evil|innocent)/);
});

test('names that only look alike are not refused', () => {
  for (const path of ['./..a', 'a..b/c', '.../x', './.hidden']) expect(harmOf({ path, kind: 'file' })).toBeUndefined();
});

// In a header, in an entry, and between two entries.
test.each([600, 1024, 3000, 512])('an archive that is cut short after %d bytes is no archive', async (length) => {
  const cut = (await tarOf(usual)).subarray(0, length);
  await expect(listingOf(steady(cut), 'The volume data')).rejects.toMatchObject({ kind: 'RepositoryCorrupted' });
});

test('a failure of the source is the one that is reported', async () => {
  const failure = new Error('the engine is away');
  const archive = await tarOf(usual);
  await expect(listingOf(broken(archive.subarray(0, 2000), failure), 'x')).rejects.toBe(failure);
});

test('what is no archive is refused', async () => {
  const noise = Buffer.alloc(4096, 'x');
  await expect(listingOf(steady(noise), 'The volume data')).rejects.toThrow(/^The volume data is damaged: /);
});

const filteredListing = async (entries: Given[], exclude: string[]) =>
  listingOf(filtered(steady(await tarOf(entries), 777), exclude), 'The volume data');

test('what is left out is left out with all that lies in it, and so is what a restore keeps there itself', async () => {
  const entries: Given[] = [
    ...usual,
    [{ name: './sub/deep/c.txt' }, 'c'],
    [{ name: './subway' }, 'not below sub'],
    [{ name: './rekindle-kept-0123/a.txt' }, 'of an earlier run'],
    [{ name: './lost+found/', type: 'directory' }],
  ];
  const kept = entries.filter(([{ name }]) => !/sub\/|rekindle|lost/.test(name));
  expect(await filteredListing(entries, ['sub'])).toEqual(await listed(kept));
  expect(await filteredListing(usual, [])).toEqual(await listed(usual));
});

test('a hard link to what is left out is refused by name', async () => {
  const entries: Given[] = [...usual, [{ name: './hard', type: 'link', linkname: './sub/b.txt' }]];
  await expect(filteredListing(entries, ['sub'])).rejects.toThrow(/The hard link hard leads to sub\/b\.txt/);
  await expect(filteredListing(entries, [])).resolves.toMatchObject({ others: 2 });
});

test('large files pass, and a source that fails ends the archive with its own reason', async () => {
  const large: Given[] = [[{ name: './large' }, 'x'.repeat(5_000_000)], ...usual];
  expect(await filteredListing(large, [])).toEqual(await listed(large));
  const failure = new Error('the engine is away');
  const cut = (await tarOf(large)).subarray(0, 3_000_000);
  await expect(listingOf(filtered(broken(cut, failure), []), 'x')).rejects.toBe(failure);
});

test('who reads no further ends the source', async () => {
  let ended = false;
  async function* source(): AsyncGenerator<Uint8Array> {
    try {
      yield* steady(await tarOf([[{ name: './large' }, 'x'.repeat(5_000_000)]]), 65_536);
    } finally {
      ended = true;
    }
  }
  for await (const _ of filtered(source(), [])) break;
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(ended).toBe(true);
});
