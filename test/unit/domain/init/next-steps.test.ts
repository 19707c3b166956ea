import { parsePlatform } from '../../../../config/platform-file.ts';
import { nextSteps } from '../../../../domain/init/next-steps.ts';
import { proposePlatform } from '../../../../domain/init/propose.ts';
import type { SeenPlatform } from '../../../../domain/init/seen.ts';
import { platformFileOf } from '../../../../operations/init/file-text.ts';
import { demoStoresSeen, onSwarm } from './seen-samples.ts';

const stepsOf = (seen: SeenPlatform, hasKey: boolean) => {
  const text = platformFileOf(proposePlatform('demo', seen), { source: 'here' });
  return nextSteps(parsePlatform(text, 'demo.yaml', {}), { hasKey });
};

test('after the file come the key, a backup, and the drill that proves it', () => {
  const commands = stepsOf(demoStoresSeen(), false).map(({ command }) => command);
  expect(commands).toEqual([
    'rekindle keygen',
    'rekindle validate demo',
    'rekindle up',
    'rekindle backup demo',
    'rekindle drill demo',
  ]);
  expect(stepsOf(demoStoresSeen(), true).map(({ command }) => command)).toEqual(commands.slice(1));
});

test('on Docker Swarm the same: a drill needs plain containers alone', () => {
  expect(stepsOf(onSwarm(demoStoresSeen()), true).at(-1)).toMatchObject({ command: 'rekindle drill demo' });
});
