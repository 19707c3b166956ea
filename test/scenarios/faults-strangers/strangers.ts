import { engine, gone } from '../../../stack/engine.ts';
import { type EngineSnapshot, type Scenario, useScenario } from '../harness/index.ts';
import { engineNow, expectMessage } from '../faults-tools/message.ts';
import { useVariants, type Variants } from '../faults-tools/variants.ts';

// What the files of this folder share. Imports see the present values of what `useStrangers` sets.

export let scenario: Scenario;
export let variants: Variants;
export let name: string;
const containers: string[] = [];
/** Removed after each test, once their containers are gone. */
export const volumes: string[] = [];

export function useStrangers(): void {
  scenario = useScenario();
  variants = useVariants(scenario);
  beforeAll(async () => {
    name = scenario.platform.project;
    await variants.startWorker();
  });
  beforeEach(() => variants.write());
  afterEach(async () => {
    for (const one of containers.splice(0)) await gone(engine().getContainer(one).remove({ force: true, v: true }));
    for (const one of volumes.splice(0)) await gone(engine().getVolume(one).remove());
  });
}

export async function container(
  as: string,
  options: { labels?: Record<string, string>; network?: string; volume?: string },
) {
  const one = `${name}-${as}`;
  containers.push(one);
  return engine().createContainer({
    name: one,
    Image: 'rekindle-stack/core:1',
    Entrypoint: ['sleep', '600'],
    Cmd: [],
    ...(options.labels ? { Labels: options.labels } : {}),
    HostConfig: {
      NetworkMode: options.network ?? 'none',
      ...(options.volume ? { Mounts: [{ Type: 'volume', Source: options.volume, Target: '/data' }] } : {}),
    },
  });
}

/** By the whole way of a restore: exit code 3, and an engine as it was. */
export async function restoreRefused(says: (string | RegExp)[], ...args: string[]): Promise<void> {
  const before: EngineSnapshot = await engineNow();
  const ended = await variants.rekindle(['restore', name, '--yes', ...args]);
  await expectMessage(scenario, ended, 3, ['nothing was touched', ...says]);
  expect(await engineNow()).toEqual(before);
}
