import { container, name, restoreRefused, scenario, useStrangers } from './strangers.ts';

// What stands beside the platform on the same engine, and would suffer from a restore, or spoil it.

useStrangers();

test('a container that the platform file does not name runs on the data network', async () => {
  const stranger = await container('stranger', { network: scenario.platform.network });
  await stranger.start();
  await restoreRefused([
    new RegExp(`${name}-stranger \\(on ${scenario.platform.network}\\)`),
    /add its service to deployment.alsoStop, or stop it/,
  ]);
});
