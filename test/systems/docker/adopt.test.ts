import type { Failure } from '../../../domain/failures.ts';
import { quarantineFolder } from '../../../systems/docker/quarantine/quarantine.ts';
import { unless } from '../../../systems/docker/failures.ts';
import { useAtEnd } from '../../at-end.ts';
import { docker, engine, image, uniqueName } from './platform.ts';

// With the engine; each moment at which the script may be cut off: test/unit/systems/adopt-script.test.ts.

const atTestEnd = useAtEnd();

async function setUp() {
  const [volume, from] = [uniqueName(), uniqueName()];
  const run = `restore/${volume}/2026-05-01T10:00:00Z`;
  for (const name of [volume, from]) await docker.createVolume({ Name: name });
  atTestEnd(async () => {
    await engine.releaseQuarantine({ run, volumes: [volume], image });
    for (const name of [volume, from]) await engine.removeVolume(name);
  });
  /** What a container of the engine sees and does in a volume. */
  const inVolume = async (name: string, script: string): Promise<string> => {
    const lines: string[] = [];
    const side = {
      name: uniqueName(),
      Image: image,
      User: '0',
      Entrypoint: ['sh', '-c', script],
      HostConfig: { Binds: [`${name}:/data`] },
    };
    const container = await docker.createContainer(side);
    try {
      await container.start();
      await container.wait();
      const logs = await container.logs({ stdout: true, stderr: true });
      // Each line comes with a header of eight bytes.
      for (let at = 0; at < logs.length; at += 8 + logs.readUInt32BE(at + 4))
        lines.push(logs.toString('utf8', at + 8, at + 8 + logs.readUInt32BE(at + 4)).trimEnd());
    } finally {
      await unless([404], container.remove({ force: true }));
    }
    return lines.join('\n');
  };
  return { volume, from, run, inVolume, task: { volume, from, run, image } };
}

test('a container finds the adopted data with owner and mode, twice adopted or not; the way back is the quarantine’s', async () => {
  const { volume, from, inVolume, task } = await setUp();
  await inVolume(volume, 'echo old > /data/file');
  await inVolume(from, 'echo restored > /data/file; chown 1000:0 /data; chmod 2770 /data');
  await engine.quarantineVolume(task);
  expect(await engine.adoptVolume(task)).toMatchObject({ outcome: 'moved', inventory: { files: 1, bytes: 9 } });
  const look = 'cat /data/file; stat -c "%u:%g %a" /data';
  expect(await inVolume(volume, look)).toBe('restored\n1000:0 2770');
  expect(await inVolume(from, 'ls -A /data')).toBe('');
  await inVolume(volume, 'echo since > /data/file');
  expect(await engine.adoptVolume(task)).toMatchObject({ outcome: 'already there' });
  expect(await inVolume(volume, 'cat /data/file')).toBe('since');

  expect(await engine.returnVolume(task)).toMatchObject({ returned: true });
  expect(await inVolume(volume, 'cat /data/file')).toBe('old');
  const kept = await engine.listQuarantine({ platform: 'rkt', image });
  expect(kept.find(({ folder }) => folder === quarantineFolder(task.run))?.volumes).toMatchObject([
    { name: `${volume}.replaced` },
  ]);
}, 120_000);

test('refused: data that this run has not set aside, a volume in use, a folder', async () => {
  const { volume, from, inVolume, task } = await setUp();
  await inVolume(volume, 'echo old > /data/file');
  await inVolume(from, 'echo restored > /data/file');
  const refusal = (message: RegExp) =>
    expect.objectContaining({ kind: 'VolumeRefused', message: expect.stringMatching(message) as string }) as Failure;
  await expect(engine.adoptVolume(task)).rejects.toEqual(refusal(/own data was not set aside/));
  await expect(engine.adoptVolume({ ...task, from: '/srv/es' })).rejects.toEqual(refusal(/folder \/srv\/es/));
  const user = await docker.createContainer({
    name: uniqueName(),
    Image: image,
    Entrypoint: ['sleep', '600'],
    HostConfig: { Binds: [`${from}:/data`] },
  });
  atTestEnd(() => unless([404], user.remove({ force: true })));
  await user.start();
  await engine.quarantineVolume(task);
  await expect(engine.adoptVolume(task)).rejects.toEqual(refusal(/running containers use it/));
  expect(await inVolume(volume, 'ls -A /data')).toBe('');
}, 120_000);
