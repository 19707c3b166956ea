import { expect, onTestFinished, test } from 'vitest';
import { quarantineFolder } from '../../../systems/docker/quarantine.ts';
import { docker, engine, failureOf, image, uniqueName } from './platform.ts';

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
  onTestFinished(async () => {
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
    expect(StatusCode, lines.join('')).toBe(0);
    return lines.join('').trim();
  };
  return { volume, run, shell };
}

test('data goes aside and comes back, with owner and mode; each step may be repeated', async () => {
  const { volume, run, shell } = await setUp();
  await shell('echo old > /data/file; chown 123:456 /data; chmod 2750 /data');
  const task = { volume, run, image };

  const first = await engine.quarantineVolume(task);
  expect(first).toMatchObject({ outcome: 'moved', files: 1 });
  expect(first.path).toBe(`${(await engine.ping()).rootDir}/rekindle-quarantine/${quarantineFolder(run)}/${volume}`);
  expect(await shell('ls -A /data; stat -c "%u:%g %a" /data')).toBe('123:456 2750');
  await shell('echo new > /data/file');
  expect(await engine.quarantineVolume(task)).toMatchObject({ outcome: 'already there' });
  expect(await shell('cat /data/file')).toBe('new');
  const entries = await engine.listQuarantine({ image });
  expect(entries).toContainEqual({ folder: quarantineFolder(run), volumes: [volume] });

  expect(await engine.returnVolume(task)).toEqual({ returned: true });
  expect(await shell('cat /data/file; stat -c "%u:%g %a" /data')).toBe('old\n123:456 2750');
  expect(await engine.returnVolume(task)).toEqual({ returned: false });
  expect(await shell('cat /data/file')).toBe('old');
  const left = (await engine.listQuarantine({ image })).find(({ folder }) => folder === quarantineFolder(run));
  expect(left?.volumes).toEqual([`${volume}.replaced`]);

  await engine.releaseQuarantine({ run, volumes: [volume], image });
  expect((await engine.listQuarantine({ image })).map(({ folder }) => folder)).not.toContain(quarantineFolder(run));
  expect(await engine.releaseQuarantine({ run, volumes: [volume], image })).toEqual({ released: [] });
});

test('release deletes the data of the named volumes only', async () => {
  const one = await setUp();
  const two = await setUp();
  await engine.quarantineVolume({ volume: one.volume, run: one.run, image });
  await engine.quarantineVolume({ volume: two.volume, run: one.run, image });
  const released = await engine.releaseQuarantine({ run: one.run, volumes: [one.volume], image });
  expect(released).toEqual({ released: [one.volume] });
  const entry = (await engine.listQuarantine({ image })).find(({ folder }) => folder === quarantineFolder(one.run));
  expect(entry?.volumes).toEqual([two.volume]);
  await engine.releaseQuarantine({ run: one.run, volumes: [two.volume], image });
});

test('refused: in use by a running container, options, another place, a missing volume', async () => {
  const { volume, run } = await setUp();
  const name = uniqueName();
  const container = await docker.createContainer({
    name,
    Image: image,
    Cmd: ['node', '-e', 'setInterval(() => {}, 1000)'],
    HostConfig: { Binds: [`${volume}:/data`], NetworkMode: 'none' },
  });
  onTestFinished(async () => {
    await container.remove({ force: true });
  });
  await container.start();
  const refused = await failureOf(engine.quarantineVolume({ volume, run, image }));
  expect(refused).toMatchObject({ kind: 'VolumeRefused', message: expect.stringContaining(name) as string });

  const bound = uniqueName();
  await docker.createVolume({ Name: bound, DriverOpts: { type: 'none', o: 'bind', device: '/tmp' } });
  onTestFinished(async () => {
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
  expect(await outcome.catch((error: unknown) => error)).toSatisfy((end) => end === reason || 'path' in end);
  const left = await docker.listContainers({ all: true, filters: { label: [`rekindle.run=${run}`] } });
  expect(left).toEqual([]);
  expect((await engine.quarantineVolume({ volume, run, image })).path).toContain(volume);
});

test('a run has one folder, whatever its name', () => {
  expect(quarantineFolder('restore/demo/1')).toBe('restore%2Fdemo%2F1');
  expect(quarantineFolder('..')).toBe('%2E%2E');
  expect(quarantineFolder('x'.repeat(1000)).length).toBeLessThan(200);
});
