import { expectMessage } from '../faults-tools/message.ts';
import { name, scenario, untouched, useRefused, variants } from './use-refused.ts';

// A good platform file, and a wish or a machine that does not fit it. With a worker: the whole way of a user.

useRefused();

test('no recovery point in a fresh catalogue', async () => {
  await variants.write((file) => (file.catalogue['prefix'] = 'fresh'));
  const says = [`${name} has no recovery point`, `Take one with "rekindle backup ${name}"`];
  await expectMessage(scenario, await variants.rekindle(['restore', name, '--yes']), 2, says);
  await expectMessage(scenario, await variants.rekindle(['check', name]), 2, says);
  await untouched();
});

test('a service that is in neither engine nor capture', async () => {
  await variants.write((file) => file.deployment.core.push('nonesuch'));
  const says = ['Neither on the engine nor in the capture: nonesuch', 'Correct the names in the platform file'];
  const ended = await variants.rekindle(['restore', name, '--yes']);
  await expectMessage(scenario, ended, 3, [...says, 'nothing was touched']);
  await expectMessage(scenario, await variants.rekindle(['check', name]), 3, says);
  await untouched();
});

test('a Temporal that does not answer is reported at once; commands that do not need it keep working', async () => {
  const nowhere = { TEMPORAL_ADDRESS: '127.0.0.1:9' };
  for (const command of [['backup', name], ['runs']]) {
    const began = Date.now();
    const ended = await variants.rekindle(command, nowhere);
    // 4 s to connect, and the start of the program on a busy machine: it does not wait for minutes.
    expect(Date.now() - began).toBeLessThan(20_000);
    await expectMessage(scenario, ended, 1, ['Temporal does not answer at 127.0.0.1:9', 'rekindle up']);
  }
  expect((await variants.rekindle(['points', name], nowhere)).exitCode).toBe(0);
  const namespace = await variants.rekindle(['runs'], { TEMPORAL_NAMESPACE: 'nonesuch' });
  await expectMessage(scenario, namespace, 2, ['has no namespace "nonesuch"', 'TEMPORAL_NAMESPACE']);
});
