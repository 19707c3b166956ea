import { statfs } from 'node:fs/promises';
import { docker, engine, image, uniqueName } from './platform.ts';
import { useAtEnd } from '../../at-end.ts';

const atTestEnd = useAtEnd();

test("what is free under the engine's root, and what volumes take up", async () => {
  const volume = uniqueName();
  await docker.createVolume({ Name: volume });
  atTestEnd(async () => {
    await engine.removeVolume(volume);
  });
  const container = await docker.createContainer({
    Image: image,
    Entrypoint: ['sh', '-c', 'head -c 50000000 /dev/zero > /data/file'],
    HostConfig: { Binds: [`${volume}:/data`], NetworkMode: 'none' },
  });
  await container.start();
  await container.wait();
  await container.remove();
  const seen = await engine.measureDisk({
    platform: 'rkt',
    image,
    volumes: [volume, 'not-there', '/tmp'],
    folders: ['/tmp', '/not/there'],
  });
  expect(Object.keys(seen.volumeBytes).filter((name) => name !== '/tmp')).toEqual([volume]);
  expect(Object.keys(seen.folders)).toEqual(['/tmp']);
  expect(seen.folders['/tmp']?.totalBytes).toBeGreaterThan(seen.folders['/tmp']?.freeBytes ?? 0);
  expect(seen.volumeBytes[volume]).toBeGreaterThanOrEqual(50_000_000);
  expect(seen.volumeBytes[volume]).toBeLessThan(51_000_000);
  const { bavail, blocks, bsize } = await statfs((await engine.ping()).rootDir);
  expect(seen.totalBytes).toBeLessThanOrEqual(blocks * bsize);
  // Others use the disk meanwhile.
  expect(Math.abs(seen.freeBytes - bavail * bsize)).toBeLessThan(2e9);
});
