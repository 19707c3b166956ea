import { type EngineSnapshot, useScenario } from '../harness/index.ts';
import { engineNow, expectMessage } from '../faults-tools/message.ts';
import { useVariants } from '../faults-tools/variants.ts';

// cspell:ignore aproval stors

// What can be wrong with a platform file, on the way of each command that reads it. None of it needs a worker.

const scenario = useScenario();
const variants = useVariants(scenario);
let before: EngineSnapshot;
let name: string;

beforeAll(async () => {
  before = await engineNow();
  name = scenario.platform.project;
});

/** The same message from each command, on a line with the exit code 2, and nothing happened. */
async function refusedAsInput(commands: string[][], says: (string | RegExp)[], environment = {}): Promise<void> {
  for (const command of commands) await expectMessage(scenario, await variants.rekindle(command, environment), 2, says);
  expect(await engineNow()).toEqual(before);
}

test('unknown platform: names the folder, the nearest name and all there are', async () => {
  await refusedAsInput(
    [
      ['backup', `${name}x`],
      ['restore', `${name}x`, '--yes'],
      ['points', `${name}x`],
    ],
    [`no platform file "${name}x.yaml"`, variants.folder, `did you mean "${name}"`],
  );
  await refusedAsInput([['check', 'elsewhere']], [/REKINDLE_PLATFORMS/], { REKINDLE_PLATFORMS: '/nowhere' });
});

test('malformed YAML: the line, and not what stands in it', async () => {
  await variants.writeText('platform: x\nsecret: [hunter2\nstores:\n  - name: x\n   kind: y\n');
  await refusedAsInput([['check', name]], [`${name}.yaml`, /line 3, column 1: not valid YAML/]);
  await variants.writeText('platform: x\npassword: *hunter2\n');
  const aliased = await variants.rekindle(['backup', name]);
  await expectMessage(scenario, aliased, 2, [/not valid YAML: an alias/]);
  expect(aliased.stderr).not.toContain('hunter2');
});

test('unknown keys, wrong kinds and missing keys: all at once, each with its path', async () => {
  await variants.write((file) => {
    file['stors'] = [];
    file.restore = { aproval: 'none', outageSeconds: 'hunter2' };
    delete (file.stores[0] as { repository?: object }).repository;
  });
  const ended = await variants.rekindle(['restore', name, '--yes']);
  await expectMessage(scenario, ended, 2, [
    /stors: unknown key; did you mean "stores"/,
    /restore.aproval: unknown key; did you mean "approval"/,
    /restore.outageSeconds: found a text/,
    /stores\[0\].repository: missing; expected a mapping/,
  ]);
  expect(ended.stderr).not.toContain('hunter2');
});

test("a file that names another platform than its own name, and one that doesn't make sense", async () => {
  await variants.write((file) => (file.platform = 'another'));
  await refusedAsInput([['points', name]], [`names the platform "another"`]);
  await variants.write((file) => (file.deployment.data = ['zookeeper']));
  await refusedAsInput([['points', name]], [/stores\[0\].service: "elasticsearch" is not among deployment.data/]);
});

test('missing secrets of the catalogue: file, empty file, variable and ${NAME}', async () => {
  const empty = await variants.file('empty', '\n');
  await variants.write((file) => {
    file.catalogue['accessKey'] = { file: '/nowhere/access' };
    file.catalogue['secretKey'] = { env: 'REKINDLE_SCENARIO_ABSENT' };
  });
  await refusedAsInput(
    [
      ['backup', name],
      ['points', name],
    ],
    [
      '"catalogue.accessKey" cannot be read: file /nowhere/access does not exist',
      '"catalogue.secretKey" cannot be read: environment variable REKINDLE_SCENARIO_ABSENT is not set',
    ],
  );
  await variants.write((file) => (file.catalogue['accessKey'] = { file: empty }));
  await refusedAsInput([['points', name]], [`file ${empty} is empty`]);
  await variants.write((file) => (file.catalogue['bucket'] = '${REKINDLE_SCENARIO_ABSENT}'));
  await refusedAsInput([['points', name]], [/the environment has no REKINDLE_SCENARIO_ABSENT/]);
});
