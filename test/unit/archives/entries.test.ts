import {
  archiveFormat,
  archiveVersion,
  imageEntry,
  imagePieceBytes,
  placeOf,
  type ArchiveHeader,
} from '../../../domain/archives/archive.ts';
import { byteSize } from '../../../domain/archives/byte-size.ts';
import { entryChecker } from '../../../domain/archives/check-entries.ts';
import { narrowIndex } from '../../../domain/archives/narrow-index.ts';
import { readHeader } from '../../../domain/archives/read-header.ts';

const header: ArchiveHeader = {
  format: archiveFormat,
  version: archiveVersion,
  platform: 'nuvla',
  point: 'p1',
  exportedAt: '2026-11-21T09:30:00.000Z',
  exportedBy: 'Rekindle 0.1.0',
  artefacts: 'data',
  stores: [{ store: 'documents', repository: 'backup', snapshot: 's', base: 1, place: 'bucket', files: 1, bytes: 5 }],
};

const withImages: ArchiveHeader = {
  ...header,
  stores: [],
  images: [
    { reference: 'app:1', digest: `app@sha256:${'0'.repeat(64)}`, id: `sha256:${'1'.repeat(64)}`, tag: 'app:1' },
    { reference: 'app@sha256:2', digest: 'x', id: `sha256:${'2'.repeat(64)}` },
  ],
};

test.each([
  '../etc/passwd',
  '/etc/passwd',
  'catalogue/../../x',
  'catalogue//x/y',
  'catalogue/./x',
  './archive.json',
  'catalogue\\x\\y',
  'repositories/documents/a\u0000b',
  'repositories/documents',
  'catalogue/x',
  'somewhere/else',
  'README/x',
  '',
  'constructor',
  'images/1',
  'images/00001/x',
  'images/0000a',
  `repositories/documents/${'x'.repeat(300)}`,
])('no entry of an archive: %j', (name) => {
  expect(placeOf(name)).toBeUndefined();
  const checker = entryChecker();
  checker.admit({ name: 'archive.json', bytes: 2 }, undefined);
  expect(checker.admit({ name, bytes: 1 }, header)).toContain('holds an entry that no archive of Rekindle has');
});

test.each<[string, { name: string; bytes: number }[], string]>([
  [
    'twice',
    [
      { name: 'README', bytes: 1 },
      { name: 'README', bytes: 1 },
    ],
    'holds "README" twice',
  ],
  ['another point', [{ name: 'catalogue/nuvla/points/p2/capture.age', bytes: 1 }], 'not of the recovery point p1'],
  ['another platform', [{ name: 'catalogue/other/points/p1/capture.age', bytes: 1 }], 'not of the recovery point p1'],
  ['another store', [{ name: 'repositories/others/index-1', bytes: 1 }], 'a store that it does not name'],
  ['images without a list', [{ name: 'images/00001', bytes: 1 }], 'holds images and names none'],
  ['too large', [{ name: 'platform.yaml', bytes: 2 ** 30 }], 'larger than it may be'],
  [
    'after the end',
    [
      { name: 'SHA256SUMS', bytes: 1 },
      { name: 'README', bytes: 1 },
    ],
    'goes on after SHA256SUMS',
  ],
])('refused: %s', (_, seen, said) => {
  const checker = entryChecker();
  checker.admit({ name: 'archive.json', bytes: 2 }, undefined);
  const answers = seen.map((entry) => checker.admit(entry, header));
  expect(answers.at(-1)).toContain(said);
});

test('the first entry must be the header; missing files and a missing end are named', () => {
  expect(entryChecker().admit({ name: 'README', bytes: 1 }, undefined)).toContain('does not begin with archive.json');
  const checker = entryChecker();
  checker.admit({ name: 'archive.json', bytes: 2 }, undefined);
  expect(checker.end(header)).toContain('cut off');
  checker.admit({ name: 'SHA256SUMS', bytes: 1 }, header);
  expect(checker.end(header)).toBe('it holds 0 files and 0 bytes of the store documents instead of 1 and 5');
});

test.each<[string, number[], string | undefined]>([
  ['all', [1, 2, 3], undefined],
  ['none', [], 'it lacks the images that it names: images/00001'],
  ['a gap', [1, 3], 'it holds "images/00003" and lacks images/00002'],
  ['not the first', [2], 'it holds "images/00002" and lacks images/00001'],
  ['another order', [2, 1], 'it holds "images/00002" and lacks images/00001'],
])('pieces of images: %s', (_, numbers, said) => {
  const checker = entryChecker();
  checker.admit({ name: 'archive.json', bytes: 2 }, undefined);
  const answers = numbers.map((number) => checker.admit({ name: imageEntry(number), bytes: 1 }, withImages));
  checker.admit({ name: 'SHA256SUMS', bytes: 1 }, withImages);
  expect(answers.find((answer) => typeof answer === 'string') ?? checker.end(withImages)).toBe(said);
});

test('a piece of images has its largest size', () => {
  const checker = entryChecker();
  checker.admit({ name: 'archive.json', bytes: 2 }, undefined);
  const bytes = imagePieceBytes + 1;
  expect(checker.admit({ name: imageEntry(1), bytes }, withImages)).toContain('larger than it may be');
});

test('the header is read strictly', () => {
  expect(readHeader(JSON.stringify(header))).toEqual(header);
  expect(readHeader(JSON.stringify(withImages))).toEqual(withImages);
  expect(readHeader('{')).toBe('it is not an archive of Rekindle');
  expect(readHeader('null')).toBe('it is not an archive of Rekindle');
  expect(readHeader(JSON.stringify({ ...header, version: 2 }))).toContain('version 2 of the format');
  for (const change of [
    { platform: '../x' },
    { point: 'a/b' },
    { artefacts: 'some' },
    { stores: [{}] },
    { stores: {} },
    { images: [] },
    { images: [{ ...withImages.images?.[0], id: 'app:1' }] },
    { images: [{ ...withImages.images?.[0], tag: '--help' }] },
  ])
    expect(readHeader(JSON.stringify({ ...header, ...change }))).toBe('its first entry is damaged');
});

test('the index of a copy lists one snapshot, its indices and their metadata only', () => {
  const index = {
    uuid: 'r',
    snapshots: [
      { name: 'a', uuid: '1', index_metadata_lookup: { x: 'v1' } },
      { name: 'b', uuid: '2', index_metadata_lookup: { x: 'v2', y: 'v3' } },
    ],
    indices: { x: { id: 'x', snapshots: ['1', '2'], shard_generations: ['g'] }, y: { id: 'y', snapshots: ['2'] } },
    index_metadata_identifiers: { v1: 'm1', v2: 'm2', v3: 'm3' },
  };
  expect(JSON.parse(narrowIndex(JSON.stringify(index), 'a') ?? '')).toEqual({
    uuid: 'r',
    snapshots: [index.snapshots[0]],
    indices: { x: { id: 'x', snapshots: ['1'], shard_generations: ['g'] } },
    index_metadata_identifiers: { v1: 'm1' },
  });
  expect(narrowIndex(JSON.stringify(index), 'c')).toBeUndefined();
  expect(narrowIndex('{', 'a')).toBeUndefined();
});

test.each<[string, number | undefined]>([
  ['650000000', 650_000_000],
  ['4700MB', 4_700_000_000],
  ['1.5 GB', 1_500_000_000],
  ['2g', 2_000_000_000],
  ['0', undefined],
  ['-1GB', undefined],
  ['2XB', undefined],
  ['many', undefined],
])('a size: %s', (text, size) => {
  expect(byteSize(text)).toBe(size);
});
