import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile, chmod, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emptyScript } from '../../../systems/docker/quarantine/empty-folder.ts';
import { besideRoot, helperRoot } from '../../../systems/docker/quarantine/helper.ts';
import { entriesOf } from '../../../systems/docker/quarantine/list-quarantine.ts';
import { placeArguments } from '../../../systems/docker/quarantine/places.ts';
import { quarantineFolder } from '../../../systems/docker/quarantine/quarantine.ts';
import {
  listScript,
  quarantineScript,
  releaseScript,
  returnScript,
} from '../../../systems/docker/quarantine/quarantine-scripts.ts';
import { folderTrial, volumesTrial } from '../../../systems/docker/quarantine/trial.ts';
import { useAtEnd } from '../../at-end.ts';

// The helper's scripts, run by this machine's sh in folders of the test's own. With the engine: test/systems/docker.

const atTestEnd = useAtEnd();
const run = 'restore/demo/2026-05-01T10:00:00Z~0199a1b2';
const runFolder = quarantineFolder(run);

/** An engine's root, and a folder of the host with one that holds data. `name`: with what a path may hold. */
async function setUp(name = 'es data') {
  const folder = await mkdtemp(join(tmpdir(), 'rkt-scripts-'));
  atTestEnd(() => rm(folder, { recursive: true, force: true }));
  const [root, host] = [join(folder, 'root'), join(folder, 'srv')];
  const data = join(host, name);
  await mkdir(join(root, 'volumes', 'esdata', '_data'), { recursive: true });
  await mkdir(data, { recursive: true });
  await writeFile(join(data, 'node.lock'), 'old');
  await chmod(data, 0o750);
  const sh = (script: string, ...words: string[]) =>
    new Promise<{ exitCode: number; lines: string[] }>((resolve) => {
      const here = script.replaceAll(besideRoot, host).replaceAll(new RegExp(`${helperRoot}(?![\\w-])`, 'g'), root);
      execFile('sh', ['-c', here, 'rekindle', ...words], (error, stdout, stderr) =>
        resolve({ exitCode: error ? Number(error.code) : 0, lines: `${stdout}${stderr}`.split('\n').filter(Boolean) }),
      );
    });
  const place = placeArguments(data);
  return {
    root,
    host,
    data,
    sh,
    quarantine: () => sh(quarantineScript, runFolder, ...place, encodeURI(run)),
    bringBack: () => sh(returnScript, runFolder, ...place),
    release: () => sh(releaseScript, runFolder, ...place),
    list: async () => entriesOf((await sh(listScript)).lines),
    tryOut: async () => (await sh(folderTrial, 'mark', name)).lines,
  };
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

test('a folder is set aside beside itself, an empty one takes its place; repeated, nothing more happens', async () => {
  const { data, host, quarantine, list } = await setUp();
  const first = await quarantine();
  expect(first).toMatchObject({ exitCode: 0 });
  expect(first.lines).toEqual(expect.arrayContaining(['state=moved', 'files=1', 'bytes=3']));
  expect(await readFile(join(host, '.rekindle-quarantine', runFolder, 'es data', 'node.lock'), 'utf8')).toBe('old');
  expect(await readdir(data)).toEqual([]);
  expect((await stat(data)).mode & 0o7777).toBe(0o750);
  await writeFile(join(data, 'new'), 'restored');
  expect((await quarantine()).lines).toContain('state=present');
  expect(await readdir(data)).toEqual(['new']);
  expect(await list()).toEqual([
    { folder: runFolder, run, volumes: [expect.objectContaining({ name: data, files: 1, bytes: 3 })] },
  ]);
});

test('it comes back; what took its place is kept, listed and released', async () => {
  const { data, host, root, sh, quarantine, bringBack, release, list } = await setUp();
  await quarantine();
  await writeFile(join(data, 'new'), 'restored');
  expect((await bringBack()).lines).toEqual(expect.arrayContaining(['state=moved', 'found.files=1']));
  expect(await readFile(join(data, 'node.lock'), 'utf8')).toBe('old');
  expect((await list())[0]?.volumes.map(({ name }) => name)).toEqual([`${data}.replaced`]);
  expect((await bringBack()).lines).toContain('state=present');
  // A second restore and a second way back keep what is there already.
  await quarantine();
  await bringBack();
  expect((await list())[0]?.volumes.map(({ name }) => name)).toEqual([`${data}.replaced`, `${data}.replaced.2`]);
  // A volume of the same run is left alone.
  const volume = [runFolder, ...placeArguments('esdata')];
  await sh(quarantineScript, ...volume, encodeURI(run));
  expect(await release()).toMatchObject({ exitCode: 0 });
  expect((await list())[0]?.volumes.map(({ name }) => name)).toEqual(['esdata']);
  expect(await exists(join(host, '.rekindle-quarantine'))).toBe(false);
  expect((await sh(releaseScript, ...volume)).lines).toEqual(['released=yes']);
  expect(await list()).toEqual([]);
  expect(await exists(join(host, '.rekindle-quarantine'))).toBe(false);
  expect(await exists(join(root, 'rekindle-quarantine', runFolder))).toBe(false);
  expect(await readFile(join(data, 'node.lock'), 'utf8')).toBe('old');
});

test('released, it is gone, and what stands in its place stays', async () => {
  const { data, host, quarantine, release, list } = await setUp();
  await quarantine();
  await writeFile(join(data, 'new'), 'restored');
  expect((await release()).lines).toEqual(['released=yes']);
  expect(await exists(join(host, '.rekindle-quarantine'))).toBe(false);
  expect(await readdir(data)).toEqual(['new']);
  expect(await list()).toEqual([]);
  expect((await release()).lines).toEqual([]);
});

test('cut off between note and rename, the way back finds all in its place', async () => {
  const { data, root, quarantine, bringBack, host, list } = await setUp();
  await quarantine();
  // As it was the moment before: noted, not moved.
  await rm(data, { recursive: true });
  await mkdir(data);
  await rm(join(host, '.rekindle-quarantine'), { recursive: true });
  expect((await list())[0]?.volumes).toHaveLength(1);
  expect((await bringBack()).lines).toContain('state=present');
  expect(await list()).toEqual([]);
  expect(await exists(join(root, 'rekindle-quarantine'))).toBe(true);
});

test('a rename is tried out, and nothing of the trial is left', async () => {
  const { host, root, tryOut, sh } = await setUp();
  expect(await tryOut()).toEqual(['trial=']);
  expect((await sh(volumesTrial, 'mark', 'esdata', 'gone')).lines).toEqual(['esdata=']);
  expect(await readdir(host)).toEqual(['es data']);
  expect(await readdir(join(root, 'volumes', 'esdata'))).toEqual(['_data']);
  expect(await readdir(root)).toEqual(['volumes']);
});

test("the engine's volumes on another file system than its root", async () => {
  const { root, sh } = await setUp();
  const elsewhere = await mkdtemp('/dev/shm/rkt-scripts-');
  atTestEnd(() => rm(elsewhere, { recursive: true, force: true }));
  expect((await stat(elsewhere)).dev).not.toBe((await stat(root)).dev);
  await symlink(elsewhere, join(root, 'rekindle-quarantine'));
  const why = 'it lies on another file system than its quarantine';
  expect((await sh(volumesTrial, 'mark', 'esdata')).lines).toEqual([`esdata=${why}`]);
  expect(await sh(quarantineScript, runFolder, ...placeArguments('esdata'), encodeURI(run))).toEqual({
    exitCode: 21,
    lines: [why],
  });
  expect(await readdir(join(root, 'volumes', 'esdata'))).toEqual(['_data']);
  expect(await readdir(elsewhere)).toEqual([runFolder]);
});

test('a trial says what a rename cannot do: links, files, what is missing', async () => {
  const link = await setUp('link');
  await rm(link.data, { recursive: true });
  expect(await link.tryOut()).toEqual([]);
  await writeFile(link.data, '');
  expect(await link.tryOut()).toEqual(['trial=it is no folder']);
  await rm(link.data);
  await symlink('/tmp', link.data);
  expect(await link.tryOut()).toEqual([expect.stringContaining('symbolic link')]);
  expect(await link.quarantine()).toMatchObject({ exitCode: 21 });
  expect(await readdir('/tmp')).not.toHaveLength(0);
});

test('a volume goes and comes back as before', async () => {
  const { root, sh } = await setUp();
  const live = join(root, 'volumes', 'esdata', '_data');
  await writeFile(join(live, 'a'), '12');
  const words = [runFolder, ...placeArguments('esdata')];
  expect((await sh(quarantineScript, ...words, encodeURI(run))).lines).toContain('state=moved');
  expect(await readdir(live)).toEqual([]);
  expect((await sh(returnScript, ...words)).lines).toContain('state=moved');
  expect(await readdir(live)).toEqual(['a']);
  expect(await sh(releaseScript, ...words)).toMatchObject({ exitCode: 0 });
  expect(await readdir(join(root, 'rekindle-quarantine'))).toEqual([]);
});

test('a folder is emptied, of hidden files as well, and stays', async () => {
  const { data, host, sh } = await setUp();
  await writeFile(join(data, '.hidden'), '');
  await writeFile(join(data, '..odd'), '');
  await mkdir(join(data, 'nodes'));
  const script = emptyScript.replaceAll(besideRoot, `"${data}"`);
  expect(await sh(script)).toMatchObject({ exitCode: 0 });
  expect(await readdir(data)).toEqual([]);
  expect(await sh(script)).toMatchObject({ exitCode: 0 });
  expect(await readdir(host)).toEqual(['es data']);
});

test('several volumes of a run are set aside at once, and none takes part in the trial of another', async () => {
  const { root, sh } = await setUp();
  const volumes = Array.from({ length: 12 }, (_, number) => `volume-${number}`);
  for (const volume of volumes) await mkdir(join(root, 'volumes', volume, '_data'), { recursive: true });
  const aside = (volume: string) => sh(quarantineScript, runFolder, ...placeArguments(volume), encodeURI(run));
  const results = await Promise.all(volumes.map(aside));
  expect(results.map(({ exitCode, lines }) => [exitCode, lines[0]])).toEqual(volumes.map(() => [0, 'state=moved']));
});
