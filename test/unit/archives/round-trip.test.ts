import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { importArchive } from '../../../operations/archives/import-archive.ts';
import { folderTarget } from '../../../operations/archives/import-target.ts';
import { exportPoint, type ExportRequest } from '../../../operations/archives/export-point.ts';
import { backUpStore } from '../../../operations/streams/back-up-store.ts';
import { verifyParts } from '../../../operations/streams/restore-store.ts';
import type { OpenPlatform } from '../../../operations/open-platform.ts';
import { Failure } from '../../../domain/failures.ts';
import { openCatalogue } from '../../../systems/catalogue/open-catalogue.ts';
import { directoryObjects } from '../../../systems/object-storage/directory-objects.ts';
import { directoryStorage } from '../../../systems/object-storage/directory.ts';
import { directoryStreams } from '../../../systems/object-storage/directory-streams.ts';
import { encrypt, generateKey } from '../../../systems/encryption/age.ts';
import { demoManifest, demoPlatform } from '../../demo-situation.ts';
import { fakeStreamStore } from '../systems/streams/fake-stream-store.ts';
import { smallRepository, snapshot } from './small-repository.ts';

const id = '2026-11-21t0930z';
const platformText =
  '# Kept comment\nplatform: demo\ncatalogue: {kind: directory, path: /backups}\nstores:\n  - {name: documents, kind: elasticsearch, repository: {name: s3_backup, type: s3, settings: {bucket: snapshots}}}\n';

let folder: string;
let open: OpenPlatform;
let identity: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rka-'));
  await smallRepository(join(folder, 'bucket'));
  const catalogue = openCatalogue(directoryStorage(join(folder, 'backups')), 'demo');
  const key = await generateKey();
  identity = key.identity;
  const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
  const indices = [
    {
      name: 'jobs',
      state: 'open',
      primaries: 1,
      aliases: [],
      replicas: 0,
      documents: { atLeast: 1, atMost: 1 },
      samples: [],
    },
  ];
  const expectedSet = await catalogue.putObject(
    id,
    'stores/documents.expected.json',
    json({ store: 'documents', repository: 's3_backup', snapshot, indices }),
  );
  // A store that is backed up by streams, next to the one with snapshots.
  const streams = directoryStreams(join(folder, 'backups'));
  const { store: accounts } = fakeStreamStore();
  const destination = { streams, catalogue, platform: 'demo', point: id, recipient: key.recipient, silenceSeconds: 30 };
  const parts = await backUpStore(accounts, { name: 'accounts', kind: 'postgres' }, destination);
  const capture = await catalogue.putObject(id, 'capture.age', await encrypt(json({ containers: [] }), key.recipient));
  const manifest = demoManifest();
  const [store] = manifest.stores;
  if (store === undefined) throw new Error('The demo has a store');
  await catalogue.writeManifest({
    ...manifest,
    id,
    platform: 'demo',
    capture,
    stores: [{ ...store, store: 'documents', repository: 's3_backup', snapshot, expectedSet }],
    streams: [parts],
  });
  await catalogue.mark(id, 'proven', { at: '2026-11-22T10:00:00.000Z', run: 'drill/demo/1' });
  const silent = () => Promise.reject(new Failure('DockerUnreachable', { message: 'No engine', remedy: '' }));
  open = {
    platform: demoPlatform(),
    host: 'here',
    catalogue,
    streams: () => Promise.resolve(streams),
    docker: { observe: silent },
    kitSources: { fileText: platformText, keyFile: '/key' },
    identity: () => Promise.resolve(identity),
    based: () => ({}),
  } as unknown as OpenPlatform;
});
afterEach(() => rm(folder, { recursive: true }));

const bucket = () => ({
  storage: directoryStorage(join(folder, 'bucket')),
  objects: directoryObjects(join(folder, 'bucket')),
});
const exported = (more: Partial<ExportRequest> = {}) =>
  exportPoint(open, {
    point: 'latest',
    file: join(folder, 'out.tgz'),
    artefacts: 'data',
    version: '0.1.0',
    openBucket: () => Promise.resolve(bucket()),
    ...more,
  });
const imported = (file = 'out.tgz', to = 'new') =>
  importArchive(join(folder, file), (platform) =>
    folderTarget(join(folder, to), join(folder, `${to}-platforms`), platform),
  );
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'was not refused',
    (error: unknown) => {
      if (!(error instanceof Failure)) throw error;
      return `${error.kind}: ${error.message}`;
    },
  );
const left = async () => (await readdir(folder)).filter((name) => name.includes('out')).toSorted();

/** No times in fractions of seconds, which an export does not write either. */
const plainPax = ['--format=pax', '--pax-option=delete=atime,delete=ctime,delete=mtime'];

/** Takes an archive apart with the tools that every machine has, and puts it together again. */
/**
 * The file with the first wrong bit from there on that changes what it holds: a few are harmless, such as those that say from where
 * among equal zeros some are copied.
 */
function withWrongBit(file: Buffer, from: number): Buffer {
  const content = gunzipSync(file);
  // The first ten bytes are gzip's own, of which some mean nothing.
  for (let at = Math.max(from, 10); at < file.length; at += 1) {
    const damaged = Buffer.from(file);
    damaged[at] = (damaged[at] ?? 0) ^ 0x10;
    if (!unpacksTo(damaged, content)) return damaged;
  }
  throw new Error(`no bit from byte ${from} on matters`);
}

function unpacksTo(file: Buffer, content: Buffer): boolean {
  try {
    return gunzipSync(file).equals(content);
  } catch {
    return false;
  }
}

async function tampered(change: (root: string) => Promise<void>, tarOptions: string[] = []): Promise<void> {
  const root = join(folder, 'apart');
  await mkdir(root);
  const names = execFileSync('tar', ['tzf', join(folder, 'out.tgz')], { encoding: 'utf8' })
    .trim()
    .split('\n');
  execFileSync('tar', ['xzf', join(folder, 'out.tgz'), '-C', root]);
  await change(root);
  execFileSync('tar', ['czf', join(folder, 'out.tgz'), ...plainPax, ...tarOptions, '-C', root, ...names]);
}

test('what was exported is imported: the point with its marks, the files of its snapshot only, the platform file', async () => {
  const { header, files, noScript } = await exported();
  expect(files).toEqual([join(folder, 'out.tgz')]);
  expect(noScript).toContain('No engine');
  expect(header).toMatchObject({ platform: 'demo', point: id, artefacts: 'data' });
  const { placed } = await imported();
  const catalogue = openCatalogue(directoryStorage(join(folder, 'new/catalogue')), 'demo');
  expect(await catalogue.readManifest(id)).toEqual(await open.catalogue.readManifest(id));
  const { points } = await catalogue.listPoints();
  expect(points).toMatchObject([{ id, provenBy: 'drill/demo/1', pinned: false }]);
  const repository = join(folder, 'new/repositories/documents');
  const present = (await readdir(repository, { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  );
  expect(present.map(({ name }) => name).toSorted()).toEqual(
    ['__ours', '__parts.part0', '__parts.part1', 'index-7', 'index-gen', 'index.latest']
      .concat('meta-meta-ours.dat', 'meta-uuid-ours.dat', 'snap-uuid-ours.dat', 'snap-uuid-ours.dat')
      .toSorted(),
  );
  const index = JSON.parse(await readFile(join(repository, 'index-7'), 'utf8')) as { snapshots: { name: string }[] };
  expect(index.snapshots.map(({ name }) => name)).toEqual([snapshot]);
  const text = await readFile(placed?.platformFile ?? '', 'utf8');
  expect(text).toContain('# Kept comment');
  expect(text).toContain(join(folder, 'new/catalogue'));
  // Nothing is pinned any more where it came from.
  expect((await open.catalogue.listPoints()).points).toMatchObject([{ pinned: false }]);
  // What was imported can be exported, and an import be repeated.
  expect(await imported()).toMatchObject({ header: { point: id } });
});

const partsFolder = () => join(folder, 'backups/demo/points', id, 'stores/accounts');
const firstPart = async () => {
  const [name = ''] = (await readdir(partsFolder())).filter((each) => each.endsWith('.age'));
  return name;
};

test.each(['data', 'references'] as const)('the parts of a store of streams travel with it: %s', async (artefacts) => {
  await exported({ artefacts });
  await imported();
  const catalogue = openCatalogue(directoryStorage(join(folder, 'new/catalogue')), 'demo');
  const [artefact] = (await catalogue.readManifest(id)).streams ?? [];
  expect(artefact?.parts.length).toBeGreaterThan(1);
  const there = directoryStreams(join(folder, 'new/catalogue'));
  const [check] = await verifyParts(artefact!, there, identity);
  expect(check).toMatchObject({ verdict: 'pass' });
});

test('an archive is not written with a part that is damaged, and one that lacks a part is refused', async () => {
  const part = await firstPart();
  const good = await readFile(join(partsFolder(), part));
  await writeFile(
    join(partsFolder(), part),
    good.map((byte, at) => (at === good.length - 1 ? byte ^ 1 : byte)),
  );
  expect(await refusal(exported())).toContain('RepositoryCorrupted');
  expect(await left()).toEqual([]);
  await writeFile(join(partsFolder(), part), good);
  await exported();
  const inside = join('catalogue/demo/points', id, 'stores/accounts', part);
  await tampered(async (root) => {
    await writeFile(join(root, inside), 'other');
    const sums = join(root, 'SHA256SUMS');
    const digest = createHash('sha256').update('other').digest('hex');
    const text = await readFile(sums, 'utf8');
    const lines = text.split('\n').map((line) => (line.endsWith(part) ? `${digest}  ${inside}` : line));
    await writeFile(sums, lines.join('\n'));
  });
  expect(await refusal(imported())).toContain('is not what its manifest names');
  expect(await readdir(folder)).not.toContain('new');
});

test('tools that every machine has read it and check its digests; the key is not in it', async () => {
  await exported();
  await tampered(async (root) => {
    expect(execFileSync('sha256sum', ['--check', '--quiet', 'SHA256SUMS'], { cwd: root, encoding: 'utf8' })).toBe('');
    expect(await readFile(join(root, 'README'), 'utf8')).toContain('is missing: No engine');
  });
  const tar = gunzipSync(await readFile(join(folder, 'out.tgz')));
  expect(tar.includes(identity.slice(20))).toBe(false);
});

test('references: the archive says where the snapshot lies, and needs no bucket', async () => {
  const { header } = await exported({
    artefacts: 'references',
    openBucket: () => Promise.reject(new Error('Not asked')),
  });
  expect(header.stores).toMatchObject([{ store: 'documents', snapshot, place: 'snapshots', files: 0 }]);
  await imported();
  expect(await readdir(join(folder, 'new'))).toEqual(['catalogue']);
});

test('in parts: together they are the archive, and without one of them it is refused', async () => {
  const { files } = await exported({ splitBytes: 700 });
  expect(files.length).toBeGreaterThan(2);
  expect(files[0]).toBe(join(folder, 'out.tgz.001'));
  expect(await importArchive(files[0] ?? '')).toMatchObject({ files });
  await imported();
  await rm(files.at(-1) ?? '');
  expect(await refusal(imported('out.tgz', 'other'))).toContain('it is cut off');
  await rm(files[1] ?? '');
  expect(await refusal(imported('out.tgz', 'other'))).toMatch(/ArchiveRefused/);
  expect(await readdir(folder)).not.toContain('other');
});

test('one file is written by one export: another is refused, and so is a name that is taken', async () => {
  const file = join(folder, 'out.tgz');
  await writeFile(`${file}.rekindle-lock`, '');
  expect(await refusal(exported())).toContain('ArchiveRefused: Another export writes');
  // One that died: what it left is removed.
  await utimes(`${file}.rekindle-lock`, 1, 1);
  await writeFile(join(folder, '.out.tgz.001.rekindle-tmp'), 'left');
  await exported();
  expect(await left()).toEqual(['out.tgz']);
  const before = await readFile(file);
  expect(await refusal(exported())).toContain('exists already');
  expect(await readFile(file)).toEqual(before);
  // A part of another archive would be read as one of this.
  await writeFile(join(folder, 'split.tgz.007'), 'left');
  expect(await refusal(exported({ file: join(folder, 'split.tgz'), splitBytes: 700 }))).toContain(
    'split.tgz.007 exists',
  );
  const both = await Promise.all([1, 2].map(() => refusal(exported({ file: join(folder, 'both.tgz') }))));
  expect(both.toSorted()).toEqual([expect.stringContaining('ArchiveRefused'), 'was not refused']);
});

test.each<[string, (bucket: string) => Promise<void>, string]>([
  [
    'a file is damaged',
    async (root) => {
      const file = join(root, 'indices/idx/0/__ours');
      const bytes = await readFile(file);
      bytes[100] = 0;
      await writeFile(file, bytes);
    },
    'RepositoryCorrupted: The recovery point 2026-11-21t0930z cannot be exported',
  ],
  ['a file is missing', (root) => rm(join(root, 'indices/idx/0/__parts.part1')), 'RepositoryCorrupted'],
  ['a file is cut short', (root) => truncate(join(root, 'indices/idx/0/__ours'), 100), 'instead of'],
  [
    'the snapshot is gone',
    (root) => writeFile(join(root, 'index-8'), '{"snapshots":[],"indices":{}}'),
    'SnapshotMissing',
  ],
])('nothing is left of an export when %s', async (_, damage, said) => {
  await damage(join(folder, 'bucket'));
  expect(await refusal(exported())).toContain(said);
  expect(await left()).toEqual([]);
  expect((await open.catalogue.listPoints()).points).toMatchObject([{ pinned: false }]);
});

test('a platform file with the value of a secret is not exported', async () => {
  const leaking = { ...open, kitSources: { fileText: `${platformText}# ${identity}\n`, keyFile: '/key' } };
  const request = { point: id, file: join(folder, 'out.tgz'), artefacts: 'references' as const, version: '1' };
  expect(await refusal(exportPoint(leaking, request))).toContain('holds the value of a secret');
  expect(await left()).toEqual([]);
});

test('an archive that is cut short anywhere, or has one wrong bit, is refused with nothing written', async () => {
  await exported();
  const whole = await readFile(join(folder, 'out.tgz'));
  const cut = join(folder, 'cut.tgz');
  for (let at = 0; at < whole.length; at += Math.ceil(whole.length / 9)) {
    await writeFile(cut, whole.subarray(0, at));
    expect(await refusal(imported('cut.tgz'))).toContain('ArchiveRefused');
    await writeFile(cut, withWrongBit(whole, at));
    expect(await refusal(imported('cut.tgz'))).toContain('ArchiveRefused');
  }
  expect(await readdir(folder)).not.toContain('new');
  expect(await readdir(folder)).not.toContain('new-platforms');
});

test.each<[string, (root: string) => Promise<void>, string[], string]>([
  [
    'content that was changed',
    (root) => writeFile(join(root, 'platform.yaml'), 'platform: evil'),
    [],
    'does not match its content',
  ],
  [
    'a path that leads out',
    () => Promise.resolve(),
    ['--transform=s,^README$,../README,'],
    'that no archive of Rekindle has',
  ],
  [
    'an absolute path',
    () => Promise.resolve(),
    ['-P', '--transform=s,^README$,/tmp/README,'],
    'that no archive of Rekindle has',
  ],
  ['an entry twice', () => Promise.resolve(), ['--transform=s,^README$,platform.yaml,'], 'twice'],
  [
    'a link',
    async (root) => {
      await rm(join(root, 'README'));
      execFileSync('ln', ['-s', '/etc/passwd', join(root, 'README')]);
    },
    [],
    'a symbolic link',
  ],
])('hostile: %s is refused with nothing written', async (_, change, options, said) => {
  await exported({ artefacts: 'references' });
  await tampered(change, options);
  expect(await refusal(imported())).toContain(said);
  expect(await readdir(folder)).not.toContain('new');
  expect(await readdir(folder)).not.toContain('new-platforms');
});

test('whoever changes content and digests alike is stopped by the digest in the name of the manifest', async () => {
  await exported({ artefacts: 'references' });
  await tampered(async (root) => {
    const file = join(root, `catalogue/demo/points/${id}/capture.age`);
    await writeFile(file, 'other');
    const sums = join(root, 'SHA256SUMS');
    const digest = createHash('sha256').update('other').digest('hex');
    await writeFile(sums, (await readFile(sums, 'utf8')).replace(/^\w{64}(?= {2}.*capture\.age$)/m, digest));
  });
  expect(await refusal(imported())).toContain('ArchiveRefused');
  expect(await readdir(folder)).not.toContain('new');
});

test('no other repository, point or platform file is replaced', async () => {
  await exported();
  await mkdir(join(folder, 'new/repositories/documents'), { recursive: true });
  await writeFile(join(folder, 'new/repositories/documents/index-3'), '{}');
  expect(await refusal(imported())).toContain('holds another snapshot repository');
  await mkdir(join(folder, 'second-platforms'));
  await writeFile(join(folder, 'second-platforms/demo.yaml'), 'platform: demo\n');
  expect(await refusal(imported('out.tgz', 'second'))).toContain('exists already and says something else');
  for (const to of ['new', 'second']) expect(await readdir(join(folder, to, 'catalogue'))).toEqual([]);
});
