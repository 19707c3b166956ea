import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importCommand } from '../../../cli/commands/import.ts';
import { imagePieceBytes } from '../../../domain/archives/archive.ts';
import { heldTag } from '../../../domain/archives/held-tag.ts';
import { Failure } from '../../../domain/failures.ts';
import { exportPoint, type ExportRequest } from '../../../operations/archives/export-point.ts';
import { inPieces } from '../../../operations/archives/images-out.ts';
import { importArchive } from '../../../operations/archives/import-archive.ts';
import { folderTarget } from '../../../operations/archives/import-target.ts';
import type { OpenPlatform } from '../../../operations/open-platform.ts';
import { openCatalogue } from '../../../systems/catalogue/open-catalogue.ts';
import { encrypt, generateKey } from '../../../systems/encryption/age.ts';
import { directoryStorage } from '../../../systems/object-storage/directory.ts';
import { demoManifest, demoPlatform } from '../../demo-situation.ts';
import { runCommand } from '../../run-command.ts';
import { fakeImageEngine, idOf, type FakeImageEngine } from './fake-image-engine.ts';

const id = '2026-11-21t0930z';
/** Of a registry; built on the machine; its tag means another one by now; pinned in the Compose file. */
const [pulled, built, older, pinned] = [idOf('pulled'), idOf('built'), idOf('older'), idOf('pinned')];
const digest = `postgres@${idOf('manifest')}`;
const pinnedDigest = `redis@${idOf('another')}`;
const captured = [
  { reference: 'postgres', digest },
  { reference: 'app:1', digest: built },
  { reference: 'app:1', digest: built },
  { reference: 'app:1', digest: older },
  { reference: `redis:7@${idOf('another')}`, digest: pinnedDigest },
];
const names = { 'postgres:latest': pulled, [digest]: pulled, 'app:1': built, 'app:0': older, [pinnedDigest]: pinned };

let folder: string;
let open: OpenPlatform;
const engines: FakeImageEngine[] = [];
let old: FakeImageEngine;
let fresh: FakeImageEngine;

async function engineOf(known: Record<string, string>, bytes?: number): Promise<FakeImageEngine> {
  const engine = await fakeImageEngine(known, bytes);
  engines.push(engine);
  return engine;
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rki-'));
  old = await engineOf(names);
  fresh = await engineOf({});
  const catalogue = openCatalogue(directoryStorage(join(folder, 'backups')), 'demo');
  const { identity, recipient } = await generateKey();
  const containers = captured.map((image, at) => ({ name: `c${at}`, image }));
  const content = new TextEncoder().encode(JSON.stringify({ containers }));
  const capture = await catalogue.putObject(id, 'capture.age', await encrypt(content, recipient));
  await catalogue.writeManifest({ ...demoManifest(), id, platform: 'demo', capture, stores: [] });
  const silent = () => Promise.reject(new Failure('DockerUnreachable', { message: 'No engine', remedy: '' }));
  open = {
    platform: demoPlatform(),
    host: 'here',
    catalogue,
    docker: { ...old.docker, observe: silent },
    kitSources: {
      fileText: 'platform: demo\ncatalogue: {kind: directory, path: /backups}\nstores: []\n',
      keyFile: '/key',
    },
    identity: () => Promise.resolve(identity),
    based: () => ({}),
  } as unknown as OpenPlatform;
});
afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.end()));
  await rm(folder, { recursive: true });
});

const file = () => join(folder, 'out.tgz');
const exported = (more: Partial<ExportRequest> = {}) =>
  exportPoint(open, { point: 'latest', file: file(), artefacts: 'data', version: '1', withImages: true, ...more });
const imported = (engine?: FakeImageEngine) =>
  importArchive(
    file(),
    (platform) => folderTarget(join(folder, 'new'), join(folder, 'new-platforms'), platform),
    engine && { docker: engine.docker },
  );
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'was not refused',
    (error: unknown) => {
      if (!(error instanceof Failure)) throw error;
      return `${error.kind}: ${error.message} ${error.remedy}`;
    },
  );

test('images come out of one engine and into another, each once and with its names', async () => {
  const { header } = await exported();
  expect(header.images).toEqual([
    { reference: 'postgres', digest, id: pulled, tag: 'postgres:latest' },
    { reference: 'app:1', digest: built, id: built, tag: 'app:1' },
    { reference: 'app:1', digest: older, id: older },
    { reference: captured[4]?.reference, digest: pinnedDigest, id: pinned },
  ]);
  expect(old.asked).toEqual([`save postgres:latest app:1 ${older} ${pinned}`]);
  expect(await imported(fresh)).toMatchObject({ engineImages: 'loaded', placed: {} });
  expect(fresh.streams).toEqual(old.streams);
  // A restore finds them: by the reference where the capture's image has it, else by what it is known by here.
  const found = await Promise.all(captured.map((image) => fresh.docker.ensureImage(image)));
  expect(found).toEqual(['postgres', 'app:1', 'app:1', older, pinned]);
  expect(fresh.names.get(heldTag(digest) ?? '')).toBe(pulled);
  // Again: all is there.
  expect(await imported(fresh)).toMatchObject({ engineImages: 'present' });
  expect(fresh.asked.filter((each) => each === 'load')).toEqual(['load']);
  // What was brought in this way can be exported again.
  open = { ...open, docker: { ...fresh.docker, observe: open.docker.observe } };
  expect(await exported({ file: join(folder, 'second.tgz') })).toMatchObject({ header: { images: header.images } });
});

test('a long stream is cut into pieces, which cat puts together again; in parts, with references', async () => {
  const large = await engineOf(names, 34_000_000);
  open = { ...open, docker: { ...large.docker, observe: open.docker.observe } };
  const { files } = await exported({ artefacts: 'references', splitBytes: 100_000 });
  expect(files.length).toBeGreaterThan(1);
  const root = await mkdtemp(join(folder, 'apart-'));
  const whole = execFileSync('sh', ['-c', `cat ${file()}.* | tar xz -C ${root} && cat ${root}/images/*`], {
    maxBuffer: 100_000_000,
  });
  expect(await readdir(join(root, 'images'))).toEqual(['00001', '00002']);
  expect(await readFile(join(root, 'README'), 'utf8')).toContain('cat images/* | docker load');
  expect([createHash('sha256').update(whole).digest('hex')]).toEqual(large.streams);
  await imported(fresh);
  expect(fresh.streams).toEqual(large.streams);
});

test('without --images they are verified and left, and the output says how they are loaded', async () => {
  await exported();
  const variables = { REKINDLE_PLATFORMS: join(folder, 'new-platforms') };
  for (const options of [{ check: true }, { to: join(folder, 'new') }]) {
    const { exitCode, said } = await runCommand(variables, importCommand, [file()], options);
    expect(exitCode).toBe(0);
    expect(said).toContain('It holds 4 images: postgres, app:1, app:1, redis:7@sha256:');
    expect(said).toContain('load them with --images');
  }
  expect(fresh.asked).toEqual([]);
});

test('without an engine nothing is read or imported', async () => {
  await exported();
  await fresh.end();
  expect(await refusal(imported(fresh))).toContain('DockerUnreachable: The Docker engine at tcp://127.0.0.1');
  expect(await readdir(folder)).not.toContain('new');
});

test('an image that is not on the engine is named, and nothing is written', async () => {
  for (const gone of [older, 'app:0']) old.names.delete(gone);
  expect(await refusal(exported())).toMatch(
    /^ArchiveRefused: Nothing was exported: .* lacks images .*: app:1 \(sha256:/,
  );
  expect(await readdir(folder)).toEqual(['backups']);
});

test.each([
  ['save breaks off', 'DockerUnreachable: The Docker engine broke off its export'],
  ['save ends with words', 'layer is gone'],
] as const)('nothing is left of an export when the %s', async (fault, said) => {
  old.fault = fault;
  expect(await refusal(exported())).toContain(said);
  expect(await readdir(folder)).toEqual(['backups']);
});

test('a name that means another image is never moved: nothing is imported', async () => {
  await exported();
  fresh.names.set('app:1', idOf('other'));
  const said = await refusal(imported(fresh));
  expect(said).toContain('other images under the names app:1');
  expect(said).toContain('docker rmi app:1');
  expect(fresh.asked).toEqual([]);
  expect(await readdir(folder)).not.toContain('new');
});

test('an archive without images has none to load', async () => {
  await exported({ withImages: false });
  expect(await refusal(imported(fresh))).toContain('the archive holds no images');
  expect(await readdir(folder)).not.toContain('new');
});

test.each([
  ['load says no', 'ImageMissing: The Docker engine did not load the images of the archive: bad "layer"'],
  ['load refuses', 'DiskFull: '],
  ['load forgets', `it does not have postgres as ${pulled}`],
] as const)('when the engine does not load them the import fails, and can be repeated: %s', async (fault, said) => {
  const large = await engineOf(names, 12_000_000);
  open = { ...open, docker: { ...large.docker, observe: open.docker.observe } };
  await exported();
  fresh.fault = fault;
  expect(await refusal(imported(fresh))).toContain(said);
  expect(await readdir(join(folder, 'new'), { recursive: true })).not.toContain('catalogue/demo');
  delete fresh.fault;
  expect(await imported(fresh)).toMatchObject({ engineImages: 'loaded' });
});

test('pieces have the size that is asked for, whatever comes', async () => {
  async function* stream() {
    for (const length of [3, 0, 10, 4, 7]) yield await Promise.resolve(Buffer.alloc(length, 'x'));
  }
  const sizes: number[] = [];
  for await (const { bytes, content } of inPieces(stream(), 8)) {
    let length = 0;
    for await (const part of content()) length += part.length;
    expect(length).toBe(bytes);
    sizes.push(bytes);
  }
  expect(sizes).toEqual([8, 8, 8]);
  expect(imagePieceBytes).toBe(32 * 1024 * 1024);
});
