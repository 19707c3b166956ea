import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { quarantineFolder } from '../../../systems/docker/quarantine/quarantine.ts';
import { docker, engine, failureOf, image, uniqueName } from './platform.ts';
import { useAtEnd } from '../../at-end.ts';

// Bind-mounted folders of this machine, which must be the engine's; the rows of faults: test/unit/systems.

const atTestEnd = useAtEnd();

async function setUp() {
  const parent = await mkdtemp(join(tmpdir(), 'rkt-folder-'));
  const volume = join(parent, 'es data');
  const run = `restore/${uniqueName()}/2026-05-01T10:00:00Z~0199a1b2`;
  await mkdir(volume);
  await writeFile(join(volume, 'file'), 'old');
  await chown(volume, 123, 456);
  await chmod(volume, 0o750);
  atTestEnd(async () => {
    await engine.releaseQuarantine({ run, volumes: [volume], image });
    await rm(parent, { recursive: true, force: true });
  });
  const start = async (source = volume) => {
    const container = await docker.createContainer({
      Image: image,
      Entrypoint: ['sleep', '600'],
      HostConfig: { Binds: [`${source}:/data`], NetworkMode: 'none' },
    });
    atTestEnd(() => container.remove({ force: true }));
    await container.start();
    return container;
  };
  const entry = async () =>
    (await engine.listQuarantine({ platform: 'rkt', image })).find(({ folder }) => folder === quarantineFolder(run));
  return { parent, volume, run, task: { volume, run, image }, start, entry };
}

test('a folder goes aside beside itself and comes back, with owner and mode; each step may be repeated', async () => {
  const { parent, volume, run, task, entry } = await setUp();
  const first = await engine.quarantineVolume(task);
  expect(first).toMatchObject({
    path: join(parent, '.rekindle-quarantine', quarantineFolder(run), 'es data'),
    outcome: 'moved',
    inventory: { files: 1, bytes: 3 },
  });
  expect(await readFile(join(first.path, 'file'), 'utf8')).toBe('old');
  const fresh = await stat(volume);
  expect([fresh.uid, fresh.gid, fresh.mode & 0o7777]).toEqual([123, 456, 0o750]);
  expect(await readdir(volume)).toEqual([]);
  expect(await engine.quarantineVolume(task)).toEqual({ ...first, outcome: 'already there' });
  expect(await entry()).toMatchObject({ run, volumes: [{ name: volume, files: 1 }] });

  await writeFile(join(volume, 'new'), 'restored');
  const { inventory } = first;
  expect(await engine.returnVolume(task)).toEqual({ returned: true, recorded: inventory, found: inventory });
  expect(await readdir(volume)).toEqual(['file']);
  expect(await engine.returnVolume(task)).toMatchObject({ returned: false });
  expect((await entry())?.volumes.map(({ name }) => name)).toEqual([`${volume}.replaced`]);
  await engine.releaseQuarantine({ run, volumes: [volume], image });
  expect(await readdir(parent)).toEqual(['es data']);
  expect(await entry()).toBeUndefined();
});

test('while a container runs with it, or with something in it, it stays; the one above is no user', async () => {
  const { parent, volume, task, start } = await setUp();
  await mkdir(join(volume, 'hot'));
  await start(parent);
  const inner = await start(join(volume, 'hot'));
  expect(await failureOf(engine.quarantineVolume(task))).toMatchObject({
    kind: 'VolumeRefused',
    message: expect.stringContaining('running containers use it') as string,
  });
  await inner.stop({ t: 0 });
  expect(await engine.quarantineVolume(task)).toMatchObject({ outcome: 'moved' });
});

test('a trial leaves nothing; what is missing is told from what cannot be renamed', async () => {
  const { parent, volume } = await setUp();
  const named = uniqueName();
  await docker.createVolume({ Name: named });
  atTestEnd(async () => {
    await engine.removeVolume(named);
  });
  const missing = join(parent, 'none', 'below');
  expect(
    await engine.tryQuarantine({
      platform: 'rkt',
      image,
      volumes: [named, volume, join(parent, 'gone'), missing, '/proc/sys', '/dev/shm'],
    }),
  ).toEqual({
    [named]: { isThere: true },
    [volume]: { isThere: true, usedBy: [], finished: [] },
    [join(parent, 'gone')]: { isThere: false, usedBy: [], finished: [] },
    [missing]: { isThere: false, usedBy: [], finished: [] },
    '/proc/sys': {
      isThere: true,
      immovable: expect.stringContaining('nothing can be written') as string,
      usedBy: [],
      finished: [],
    },
    '/dev/shm': {
      isThere: true,
      immovable: expect.stringContaining('mount point of its own') as string,
      usedBy: [],
      finished: [],
    },
  });
  expect(await readdir(parent)).toEqual(['es data']);
});

test('a folder that is lost is created again, with owner and mode and what is above it; one that is there stays', async () => {
  const { parent, volume, run } = await setUp();
  const look = { platform: 'rkt', host: 'here', image };
  const captured = await engine.captureFolders({ ...look, folders: [volume, join(parent, 'gone'), '/not/there'] });
  expect(captured).toEqual([{ name: volume, host: 'here', create: { uid: 123, gid: 456, mode: '750' } }]);
  await engine.createFolder(captured[0]!, { run, image });
  expect(await readdir(volume)).toEqual(['file']);
  await rm(parent, { recursive: true });
  await engine.createFolder(captured[0]!, { run, image });
  const fresh = await stat(volume);
  expect([fresh.uid, fresh.gid, fresh.mode & 0o7777]).toEqual([123, 456, 0o750]);
  expect(await readdir(parent)).toEqual(['es data']);
});

test('a folder is emptied, not removed; released after its parent is gone, nothing fails', async () => {
  const { parent, volume, run, task } = await setUp();
  await writeFile(join(volume, '.hidden'), '');
  await engine.emptyFolder({ folder: volume, run, image });
  expect(await readdir(volume)).toEqual([]);
  await engine.emptyFolder({ folder: join(parent, 'gone'), run, image });
  await engine.quarantineVolume(task);
  await rm(parent, { recursive: true });
  await engine.releaseQuarantine({ run, volumes: [volume], image });
  expect((await engine.listQuarantine({ platform: 'rkt', image })).map(({ run: of }) => of)).not.toContain(run);
});

test('what a container is configured with is read while it runs and after', async () => {
  const { start } = await setUp();
  const container = await start();
  const { Name } = await container.inspect();
  const read = async () => {
    const configuration = await engine.readConfiguration(Name.slice(1));
    return [configuration?.words, await configuration?.file('/etc/passwd'), await configuration?.file('/nowhere')];
  };
  const running = await read();
  expect(running).toEqual([['sleep', '600'], expect.stringContaining('root') as string, undefined]);
  await container.stop({ t: 0 });
  expect(await read()).toEqual(running);
  expect(await engine.readConfiguration(uniqueName())).toBeUndefined();
});
