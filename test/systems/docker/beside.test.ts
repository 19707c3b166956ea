import { runHelper } from '../../../systems/docker/quarantine/helper.ts';
import { quarantineFolder } from '../../../systems/docker/quarantine/quarantine.ts';
import { docker, engine, image, uniqueName } from './platform.ts';
import { useAtEnd } from '../../at-end.ts';

const atTestEnd = useAtEnd();

async function volumeOfRun() {
  const volume = uniqueName();
  const run = `restore/${volume}/2026-05-01T10:00:00Z~0199a1b2`;
  await docker.createVolume({ Name: volume });
  atTestEnd(async () => {
    await engine.releaseQuarantine({ run, volumes: [volume], image });
    await engine.removeVolume(volume);
  });
  return { volume, run, file: { run, image, name: 'deployment.age' } };
}

test('a file beside the data is kept before anything is moved, and goes with the last of the data', async () => {
  const { volume, run, file } = await volumeOfRun();
  expect(await engine.readBeside(file)).toBeUndefined();
  const content = new Uint8Array(300_000).map((_byte, index) => index % 251);
  await engine.keepBeside(file, new Uint8Array([1, 2, 3]));
  await engine.keepBeside(file, content);
  expect(Buffer.compare((await engine.readBeside(file))!, content)).toBe(0);

  const { lines } = await runHelper(docker, {
    labels: { 'rekindle.run': uniqueName() },
    image,
    script: 'stat -c "%u:%g %a" "$1/.deployment.age"',
    arguments: [`/rekindle/rekindle-quarantine/${quarantineFolder(run)}`],
  });
  expect(lines).toEqual(['0:0 600']);

  const entry = async () =>
    (await engine.listQuarantine({ platform: 'rkt', image })).find(({ folder }) => folder === quarantineFolder(run));
  expect(await entry()).toBeUndefined();
  await engine.quarantineVolume({ volume, run, image });
  expect((await entry())?.volumes.map(({ name }) => name)).toEqual([volume]);
  await engine.returnVolume({ volume, run, image });
  // The way back still needs it to create what ran before.
  expect(await engine.readBeside(file)).toBeDefined();
  await engine.releaseQuarantine({ run, volumes: [volume], image });
  expect(await engine.readBeside(file)).toBeUndefined();
});

test('it goes when the run is undone, unless data of the run is still aside', async () => {
  const { volume, run, file } = await volumeOfRun();
  await engine.keepBeside(file, new Uint8Array([1, 2, 3]));
  expect(await engine.forgetRun(file)).toBe(true);
  expect(await engine.readBeside(file)).toBeUndefined();
  expect(await engine.forgetRun(file)).toBe(true);

  await engine.keepBeside(file, new Uint8Array([1, 2, 3]));
  await engine.quarantineVolume({ volume, run, image });
  expect(await engine.forgetRun(file)).toBe(false);
  // What took the data's place is still there.
  await engine.returnVolume({ volume, run, image });
  expect(await engine.forgetRun(file)).toBe(false);
  expect(await engine.readBeside(file)).toBeDefined();
});
