import { engine, gone } from '../../stack/engine.ts';
import { removeLeftovers } from '../../stack/tear-down.ts';
import { connectDocker } from '../../systems/docker/engine.ts';
import { runHelper } from '../../systems/docker/quarantine/helper.ts';

const project = `rkleft${process.pid}`;
const volume = `${project}_esdata`;
const foreign = `${project}x_esdata`;
const image = 'rekindle-stack/s3:1.8.0';
const docker = connectDocker();
const run = `restore/${project}/2026-11-21T09:30:00Z~0199a1b2`;

beforeAll(async () => {
  for (const Name of [volume, foreign]) await engine().createVolume({ Name });
});
afterAll(async () => {
  await docker.releaseQuarantine({ run, volumes: [foreign], image });
  for (const name of [volume, foreign]) await gone(engine().getVolume(name).remove());
});

const foldersWith = async (name: string) =>
  (await docker.listQuarantine({ platform: project, image }))
    .filter(({ volumes }) => volumes.some((kept) => kept.name.startsWith(name)))
    .map(({ folder }) => folder);

/** As a full disk or an older Rekindle leaves it. */
const forgetRecords = () =>
  runHelper(engine(), {
    labels: { 'rekindle.test': project },
    image,
    script: 'rm -f /rekindle/rekindle-quarantine/*/."$1".inventory',
    arguments: [volume],
  });

test('data that restores set aside is removed, whatever their ids; what does not belong to the demo stays', async () => {
  const chosen = ['restore it, 50% (#2)!', '-n', '..', 'x'.repeat(300), `a${'é'.repeat(80)}`, '5b0e62c4-uuid'];
  for (const id of chosen) {
    await docker.quarantineVolume({ volume, run: `${id}~0199a1b2`, image });
  }
  await forgetRecords();
  // Brought back: what had taken the data's place is kept under another name.
  await docker.quarantineVolume({ volume, run: 'brought back~0199a1b2', image });
  await docker.returnVolume({ volume, run: 'brought back~0199a1b2', image });
  await docker.quarantineVolume({ volume: foreign, run, image });
  expect(await foldersWith(volume)).toHaveLength(chosen.length + 1);
  await removeLeftovers(project);
  expect(await foldersWith(volume)).toEqual([]);
  expect(await foldersWith(foreign)).toHaveLength(1);
});
