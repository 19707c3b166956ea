import { createHash } from 'node:crypto';
import { runHelper } from '../../../systems/docker/quarantine/helper.ts';
import { quarantineFolder } from '../../../systems/docker/quarantine/quarantine.ts';
import { docker, engine, failureOf, image, uniqueName } from './platform.ts';
import { expecting } from '../../expecting.ts';
import { useAtEnd } from '../../at-end.ts';

const atTestEnd = useAtEnd();

interface Setting {
  volume: string;
  run: string;
  shell: (script: string) => Promise<string>;
}

async function setUp(): Promise<Setting> {
  const volume = uniqueName();
  const run = `restore/${volume}/2026-05-01T10:00:00Z`;
  const holder = uniqueName();
  await docker.createVolume({ Name: volume });
  atTestEnd(async () => {
    await docker
      .getContainer(holder)
      .remove({ force: true })
      .catch(() => undefined);
    await engine.releaseQuarantine({ run, volumes: [volume], image });
    await engine.removeVolume(volume);
  });
  const shell = async (script: string): Promise<string> => {
    const lines: string[] = [];
    const container = await docker.createContainer({
      name: holder,
      Image: image,
      User: '0',
      Entrypoint: ['sh', '-c', script],
      HostConfig: { Binds: [`${volume}:/data`], NetworkMode: 'none' },
    });
    await container.start();
    const { StatusCode } = (await container.wait()) as { StatusCode: number };
    const output = await container.logs({ stdout: true, stderr: true, follow: false });
    // Each chunk of the log has a header of eight bytes.
    for (let at = 0; at < output.length; at += 8 + output.readUInt32BE(at + 4)) {
      lines.push(output.subarray(at + 8, at + 8 + output.readUInt32BE(at + 4)).toString());
    }
    await container.remove();
    expecting(StatusCode, lines.join('')).toBe(0);
    return lines.join('').trim();
  };
  return { volume, run, shell };
}

async function entryOf(run: string) {
  return (await engine.listQuarantine({ platform: 'rkt', image })).find(
    ({ folder }) => folder === quarantineFolder(run),
  );
}

/** Does something to the quarantine behind Rekindle's back; `$1` is the run's folder. */
async function insideQuarantine(run: string, script: string, ...more: string[]): Promise<string[]> {
  const folder = `/rekindle/rekindle-quarantine/${quarantineFolder(run)}`;
  const task = { labels: { 'rekindle.run': uniqueName() }, image, script, arguments: [folder, ...more] };
  const { exitCode, lines } = await runHelper(docker, task);
  expecting(exitCode, lines.join('\n')).toBe(0);
  return lines;
}

test('data goes aside and comes back, with owner and mode; each step may be repeated', async () => {
  const { volume, run, shell } = await setUp();
  await shell('echo old > /data/file; chown 123:456 /data; chmod 2750 /data');
  const task = { volume, run, image };

  const first = await engine.quarantineVolume(task);
  const checksum = createHash('sha256').update('4 ./file\n').digest('hex');
  const inventory = { files: 1, bytes: 4, checksum };
  expect(first).toMatchObject({ outcome: 'moved', inventory });
  expect(first.path).toBe(`${(await engine.ping()).rootDir}/rekindle-quarantine/${quarantineFolder(run)}/${volume}`);
  expect(await shell('ls -A /data; stat -c "%u:%g %a" /data')).toBe('123:456 2750');
  await shell('echo new > /data/file');
  expect(await engine.quarantineVolume(task)).toEqual({ ...first, outcome: 'already there' });
  expect(await shell('cat /data/file')).toBe('new');
  const entry = await entryOf(run);
  const quarantinedAt = entry!.volumes[0]!.quarantinedAt!;
  expect(entry).toEqual({
    folder: quarantineFolder(run),
    run,
    volumes: [{ name: volume, ...inventory, quarantinedAt }],
  });
  expect(Math.abs(Date.now() - Date.parse(quarantinedAt))).toBeLessThan(60_000);

  expect(await engine.returnVolume(task)).toEqual({ returned: true, recorded: inventory, found: inventory });
  expect(await shell('cat /data/file; stat -c "%u:%g %a" /data')).toBe('old\n123:456 2750');
  expect(await engine.returnVolume(task)).toEqual({ returned: false, recorded: inventory, found: inventory });
  expect(await shell('cat /data/file')).toBe('old');
  expect(await entryOf(run)).toMatchObject({ run, volumes: [{ name: `${volume}.replaced` }] });

  await engine.releaseQuarantine({ run, volumes: [volume], image });
  expect(await insideQuarantine(run, 'ls -dA "$1" 2>/dev/null || true')).toEqual([]);
  expect(await engine.releaseQuarantine({ run, volumes: [volume], image })).toEqual({ released: [] });
});

test('data that changed while set aside comes back, and is reported as changed', async () => {
  const { volume, run, shell } = await setUp();
  await shell(
    'mkdir -p "/data/a b"; echo one > "/data/a b/é $(printf "x\\ny")"; echo two > /data/two; ln -s two /data/link',
  );
  const task = { volume, run, image };
  const { inventory } = await engine.quarantineVolume(task);
  expect(inventory).toMatchObject({ files: 2, bytes: 8 });
  // Same sizes, another name: files and bytes are as before, the checksum is not.
  await insideQuarantine(run, `mv "$1/${volume}/two" "$1/${volume}/three"`);
  const { returned, recorded, found } = await engine.returnVolume(task);
  expect({ returned, recorded }).toEqual({ returned: true, recorded: inventory });
  expect(found).toMatchObject({ files: 2, bytes: 8 });
  expect(found!.checksum).not.toBe(inventory!.checksum);
});

test.each(['before the rename', 'before the empty folder', 'before the inventory', 'with half a record'])(
  'cut off %s, the script is run again',
  async (moment) => {
    const { volume, run, shell } = await setUp();
    await shell('echo old > /data/file');
    const live = `/rekindle/volumes/${volume}/_data`;
    const states: Record<string, string> = {
      'before the rename': 'printf "run=x\nquarantinedAt=2020-01-01T00:00:00Z\n" > "$1/.$2.inventory"',
      'before the empty folder': `mv ${live} "$1/$2"`,
      'before the inventory': `mv ${live} "$1/$2"; mkdir ${live}; echo "run=$3" > "$1/.$2.inventory"`,
      'with half a record': `mv ${live} "$1/$2"; echo "run=$3" > "$1/.$2.inventory"; echo 9 > "$1/.$2.new"; echo 9 > "$1/.$2.listing"`,
    };
    await insideQuarantine(run, `mkdir -p "$1"; ${states[moment]}`, volume, run);
    const task = { volume, run, image };
    expect((await engine.quarantineVolume(task)).inventory).toMatchObject({ files: 1, bytes: 4 });
    expect(await entryOf(run)).toMatchObject({ run, volumes: [{ name: volume, files: 1 }] });
    expect((await engine.returnVolume(task)).found).toMatchObject({ files: 1, bytes: 4 });
    expect(await shell('cat /data/file')).toBe('old');
  },
);

test('cut off in the middle of the return, the data still comes back', async () => {
  const { volume, run, shell } = await setUp();
  await shell('echo old > /data/file');
  const { inventory } = await engine.quarantineVolume({ volume, run, image });
  await insideQuarantine(run, `mv /rekindle/volumes/${volume}/_data "$1/$2.replaced"`, volume);
  const back = await engine.returnVolume({ volume, run, image });
  expect(back).toEqual({ returned: true, recorded: inventory, found: inventory });
  expect(await shell('cat /data/file')).toBe('old');
});

test('the image of Elasticsearch serves as well', async () => {
  const { volume, run, shell } = await setUp();
  await shell('echo old > /data/file');
  const task = { volume, run, image: 'rekindle-stack/elasticsearch:8.19.0' };
  const { inventory } = await engine.quarantineVolume(task);
  expect(inventory).toMatchObject({ files: 1, bytes: 4 });
  expect(await engine.returnVolume(task)).toEqual({ returned: true, recorded: inventory, found: inventory });
});

test('1 GB goes aside and comes back in under 2 s each', async () => {
  const { volume, run, shell } = await setUp();
  await shell('for n in 1 2 3 4 5 6 7 8; do head -c 134217728 /dev/zero > /data/$n; done');
  const timed = async (work: () => Promise<unknown>) => {
    const started = performance.now();
    await work();
    return Math.round(performance.now() - started);
  };
  const aside = await timed(() => engine.quarantineVolume({ volume, run, image }));
  const back = await timed(() => engine.returnVolume({ volume, run, image }));
  console.log(`1 GiB in 8 files: aside ${aside} ms, back ${back} ms`);
  expect(aside).toBeLessThan(2000);
  expect(back).toBeLessThan(2000);
});

test('release deletes the data of the named volumes only', async () => {
  const one = await setUp();
  const two = await setUp();
  await engine.quarantineVolume({ volume: one.volume, run: one.run, image });
  await engine.quarantineVolume({ volume: two.volume, run: one.run, image });
  const released = await engine.releaseQuarantine({ run: one.run, volumes: [one.volume], image });
  expect(released).toEqual({ released: [one.volume] });
  expect(await entryOf(one.run)).toMatchObject({ run: one.run, volumes: [{ name: two.volume, files: 0, bytes: 0 }] });
  await engine.releaseQuarantine({ run: one.run, volumes: [two.volume], image });
});

test('refused: in use by a running container, options, another driver, a missing volume', async () => {
  const { volume, run } = await setUp();
  const name = uniqueName();
  const container = await docker.createContainer({
    name,
    Image: image,
    Cmd: ['node', '-e', 'setInterval(() => {}, 1000)'],
    HostConfig: { Binds: [`${volume}:/data`], NetworkMode: 'none' },
  });
  atTestEnd(async () => {
    await container.remove({ force: true });
  });
  await container.start();
  const refused = await failureOf(engine.quarantineVolume({ volume, run, image }));
  expect(refused).toMatchObject({ kind: 'VolumeRefused', message: expect.stringContaining(name) as string });

  const bound = uniqueName();
  await docker.createVolume({ Name: bound, DriverOpts: { type: 'none', o: 'bind', device: '/tmp' } });
  atTestEnd(async () => {
    await docker.getVolume(bound).remove();
  });
  const hidden = await failureOf(engine.quarantineVolume({ volume: bound, run, image }));
  expect(hidden).toMatchObject({ kind: 'VolumeRefused', message: expect.stringContaining('options') as string });

  const missing = engine.quarantineVolume({ volume: uniqueName(), run, image });
  expect(await failureOf(missing)).toMatchObject({ kind: 'VolumeRefused' });
});

test('nothing of a helper is left, even when it was cancelled', async () => {
  const { volume, run } = await setUp();
  const cancel = new AbortController();
  const reason = new Error('cancelled');
  const onProgress = (): void => cancel.abort(reason);
  const outcome = engine.quarantineVolume({ volume, run, image, signal: cancel.signal, onProgress });
  // It may have been done before the first look at it.
  const end: unknown = await outcome.catch((error: unknown) => error);
  if (end !== reason) expect(end).toHaveProperty('path');
  const left = await docker.listContainers({ all: true, filters: { label: [`rekindle.run=${run}`] } });
  expect(left).toEqual([]);
  expect((await engine.quarantineVolume({ volume, run, image })).path).toContain(volume);
});

test('a run has one folder, whatever its name', () => {
  expect(quarantineFolder('restore/demo/1')).toBe('restore%2Fdemo%2F1');
  expect(quarantineFolder('..')).toBe('%2E%2E');
  expect(quarantineFolder('x'.repeat(1000)).length).toBeLessThan(200);
});
