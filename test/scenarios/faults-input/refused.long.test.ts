import { expectMessage } from '../faults-tools/message.ts';
import { facts } from '../harness/index.ts';
import { name, scenario, untouched, useRefused, variants } from './use-refused.ts';

// A good platform file, and a wish or a machine that does not fit it. With a worker: the whole way of a user.

useRefused();

test('a recovery point that does not exist: --point, --before', async () => {
  const restore = (...args: string[]) => variants.rekindle(['restore', name, '--yes', ...args]);
  const lists = `"rekindle points ${name}" lists`;
  const said = (words: string) => [words, lists];
  await expectMessage(scenario, await restore('--point', 'nonesuch'), 2, said('no recovery point "nonesuch"'));
  await expectMessage(scenario, await restore('--before', '2001-01-01T00:00:00Z'), 2, said('before 2001-01-01'));
  await expectMessage(scenario, await restore('--before', 'yesterday'), 2, ['"yesterday" is not a time', /ISO 8601/]);
  const both = await restore('--point', facts().point, '--before', '2001-01-01');
  expect(both.stderr).toContain("'--point <point>' cannot be used with option '--before <time>'");
  expect(both.exitCode).toBe(2);
  await untouched();
});

test('missing secrets of a store: both reported at once, before anything is stopped', async () => {
  await variants.write((file) => {
    file.stores[0]!.secrets = {
      's3.client.default.access_key': { file: '/nowhere/access' },
      's3.client.default.secret_key': { env: 'REKINDLE_SCENARIO_ABSENT' },
    };
  });
  const ended = await variants.rekindle(['restore', name, '--yes']);
  await expectMessage(scenario, ended, 3, [
    /"documents.s3.client.default.access_key" cannot be read: file \/nowhere\/access does not exist/,
    /"documents.s3.client.default.secret_key" cannot be read: environment variable REKINDLE_SCENARIO_ABSENT is not set/,
  ]);
  await untouched();
});

test('no key, or a file without one: neither backup nor restore begins', async () => {
  const points = await variants.rekindle(['points', name, '--json']);
  const queue = { REKINDLE_TASK_QUEUE: `${scenario.environment['REKINDLE_TASK_QUEUE']}-keyless` };
  const keyless = { ...queue, REKINDLE_KEY_FILE: await variants.file('no-key.txt', '# nothing\n') };
  const worker = await variants.startWorker(keyless);
  const restore = await variants.rekindle(['restore', name, '--yes'], keyless);
  await expectMessage(scenario, restore, 2, [/no-key.txt holds no key/, 'rekindle keygen', 'REKINDLE_KEY_FILE']);
  const backup = await variants.rekindle(['backup', name], keyless);
  await expectMessage(scenario, backup, 2, [/no-key.txt holds no key/]);
  expect(backup.stdout).not.toContain('snapshot');
  await worker.stop();
  const dry = await variants.rekindle(['check', name], { REKINDLE_KEY_FILE: '/nowhere/key.txt' });
  await expectMessage(scenario, dry, 2, ['There is no key file /nowhere/key.txt']);
  expect((await variants.rekindle(['points', name, '--json'])).stdout).toBe(points.stdout);
  await untouched();
});

test('a Docker engine that does not answer: reported without a worker, waited for by a run', async () => {
  const nowhere = { DOCKER_HOST: 'unix:///nowhere/docker.sock' };
  const says = [/The Docker engine at unix:\/\/\/nowhere\/docker.sock does not answer/, /systemctl start docker/];
  await expectMessage(scenario, await variants.rekindle(['check', name], nowhere), 1, says);
  const own = { ...nowhere, REKINDLE_TASK_QUEUE: `${scenario.environment['REKINDLE_TASK_QUEUE']}-dockerless` };
  const worker = await variants.startWorker(own);
  const began = Date.now();
  const ended = await variants.rekindle(['restore', name, '--yes'], own);
  await worker.stop();
  await expectMessage(scenario, ended, 1, [...says, /waiting: .*attempt \d of at most \d/]);
  expect(Date.now() - began).toBeLessThan(30_000);
  await untouched();
});
