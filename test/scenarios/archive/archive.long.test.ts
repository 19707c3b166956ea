import { mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loseEverything } from '../../../stack/disasters.ts';
import { startS3Server, type S3Server } from '../../../stack/s3-server.ts';
import { expecting } from '../../expecting.ts';
import { expectAlive, expectPassed, facts, useScenario, type Environment } from '../harness/index.ts';

// Platform, catalogue and repository are lost, the S3 server with them: one file and the key bring everything back, onto another
// S3 server, and backups go on there.

const scenario = useScenario({ fresh: true });
let folder: string;
let elsewhere: S3Server;
let environment: Environment;

beforeAll(async () => {
  const { project, s3 } = scenario.platform;
  folder = await mkdtemp(join(tmpdir(), `${project}-archive-`));
  const { accessKey, secretKey } = s3;
  const labels = { 'rekindle.stack': project };
  elsewhere = await startS3Server(`${project}-elsewhere`, labels, { credentials: { accessKey, secretKey } });
  await elsewhere.createBuckets(['another']);
  environment = {
    REKINDLE_PLATFORMS: join(folder, 'platforms'),
    AWS_ACCESS_KEY_ID: accessKey,
    AWS_SECRET_ACCESS_KEY: secretKey,
  };
  await mkdir(join(folder, 'platforms'));
});
afterAll(async () => {
  await elsewhere.remove();
  await scenario.platform.s3.start();
  await scenario.spoil();
  await rm(folder, { recursive: true, force: true });
});

const ask = async (...args: string[]) => {
  const ended = await scenario.rekindle([...args, '--json'], { environment });
  expecting(ended, ended.stdout + ended.stderr).toMatchObject({ exitCode: 0 });
  return ended;
};

test('a platform that is lost with its bucket and its catalogue comes back from one file', async () => {
  const { platform, rekindle } = scenario;
  const { project } = platform;
  const file = join(folder, 'platform.tgz');
  const exported = await rekindle(['export', project, 'latest', '-o', file, '--json']);
  expecting(exported, exported.stdout + exported.stderr).toMatchObject({ exitCode: 0 });
  expect(exported.json).toMatchObject({ point: facts().point, artefacts: 'data', files: [file] });
  const again = await rekindle(['export', project, 'latest', '-o', file]);
  expect(again).toMatchObject({ exitCode: 3 });
  expect(again.stderr).toContain(file);

  await loseEverything(platform);
  await platform.s3.stop();

  const place = ['--to', 's3://another/nuvla', '--endpoint', elsewhere.endpoint];
  const cut = join(folder, 'cut.tgz');
  const whole = await readFile(file);
  await writeFile(cut, whole);
  await truncate(cut, whole.length - 100);
  const refused = await rekindle(['import', cut, ...place], { environment });
  expect(refused).toMatchObject({ exitCode: 3 });

  await ask('import', file, '--check');
  await ask('import', file, ...place);
  const dry = await ask('restore', project, '--point', 'latest', '--dry-run');
  expect(dry.json).toMatchObject({ verdict: 'pass' });
  await scenario.startWorker(environment);
  await expectPassed(
    { ...scenario, rekindle: (args, options) => scenario.rekindle(args, { ...options, environment }) },
    await ask('restore', project, '--point', 'latest', '--yes'),
  );
  await expectAlive(scenario);

  // The repository that was put there held one snapshot; the restore took another one, and the next goes on from there.
  const backup = await ask('backup', project);
  expect(backup.json).toMatchObject({ verdict: 'pass' });
  const points = await ask('points', project);
  expect((points.json as { points: unknown[] }).points).toHaveLength(3);
});
