import { compareListings } from '../../../domain/archives/listing.ts';
import { inspected, listingOf } from '../../../systems/archives/inspected.ts';
import { archiveOf, unpackInto } from '../../../systems/archives/volume-archive.ts';
import { ifThere } from '../../../systems/docker/failures.ts';
import { useAtEnd } from '../../at-end.ts';
import { docker, image, uniqueName } from './platform.ts';

const atTestEnd = useAtEnd();
const platform = uniqueName();

async function volume(): Promise<string> {
  const name = uniqueName();
  await docker.createVolume({ Name: name });
  atTestEnd(() => ifThere(docker.getVolume(name).remove()));
  return name;
}

/** Runs a script with the volume at /data. */
async function within(place: string, script: string): Promise<void> {
  const container = await docker.createContainer({
    Image: image,
    Entrypoint: ['sh', '-c', script],
    HostConfig: { Binds: [`${place}:/data`] },
  });
  try {
    await container.start();
    const { StatusCode } = (await container.wait()) as { StatusCode: number };
    expect(StatusCode).toBe(0);
  } finally {
    await container.remove({ force: true });
  }
}

const fill = `cd /data && mkdir -p sub/deep && echo one > sub/one && head -c 3000000 /dev/zero > sub/deep/large &&
  chmod 600 sub/one && chown 1234:4321 sub/one && ln -s /etc/passwd latest && ln sub/one hard`;

test('a volume comes back as it was, through containers that never start', async () => {
  const [from, to] = [await volume(), await volume()];
  await within(from, fill);
  const expected = await listingOf(archiveOf(docker, { platform, place: from, image }), from);
  expect(expected).toMatchObject({ files: 2, others: 2, bytes: 3_000_004 });
  await unpackInto(
    docker,
    { platform, place: to, image },
    inspected(archiveOf(docker, { platform, place: from, image }), from, () => undefined),
  );
  const restored = await listingOf(archiveOf(docker, { platform, place: to, image }), to);
  expect(compareListings(to, expected, restored)).toMatchObject({ verdict: 'pass' });
  await within(to, '[ "$(stat -c %u:%g:%a /data/sub/one)" = 1234:4321:600 ]');
  const left = await docker.listContainers({ all: true, filters: { name: [`rekindle-archive-${platform}`] } });
  expect(left).toEqual([]);
});

test('a volume that is missing is refused, not made', async () => {
  const place = uniqueName();
  await expect(listingOf(archiveOf(docker, { platform, place, image }), place)).rejects.toMatchObject({
    kind: 'VolumeRefused',
  });
  expect(await ifThere(docker.getVolume(place).inspect())).toBeUndefined();
});

test('an archive that breaks off fails the restore, with its own reason', async () => {
  const [from, to] = [await volume(), await volume()];
  await within(from, fill);
  async function* half(): AsyncGenerator<Uint8Array> {
    let bytes = 0;
    for await (const piece of archiveOf(docker, { platform, place: from, image })) {
      yield piece;
      bytes += piece.length;
      if (bytes > 100_000) throw new Error('the bucket is away');
    }
  }
  await expect(unpackInto(docker, { platform, place: to, image }, half())).rejects.toThrow('the bucket is away');
});
