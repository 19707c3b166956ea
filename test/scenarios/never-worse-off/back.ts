import { exitCodes } from '../../../cli/exit-codes.ts';
import type { RunProgress } from '../../../domain/runs/progress.ts';
import { facts, quarantined, type Scenario, useScenario } from '../harness/index.ts';
import { textOf } from '../faults-tools/message.ts';
import { type PlatformFile, useVariants, type Variants } from '../faults-tools/variants.ts';
import { expecting } from '../../expecting.ts';

// What the files of the way back share. Imports see the present values of what `useWayBack` sets.

export let scenario: Scenario;
export let variants: Variants;
export let name: string;

export function useWayBack(): void {
  scenario = useScenario({ fresh: true });
  variants = useVariants(scenario);
  beforeAll(async () => {
    name = scenario.platform.project;
    await variants.startWorker();
  });
  beforeEach(() => variants.write());
  // The newest recovery points hold what these tests wrote.
  afterAll(() => scenario.spoil());
}

const missingBucket = (file: PlatformFile) => {
  file.stores[0]!.repository.settings['bucket'] = 'no-such-bucket-here';
};

export const keptOf = async (run: string) =>
  (await quarantined(name)).filter((path) => path.includes(encodeURIComponent(run)));

/** A restore whose repository is gone once the old data is set aside: it waits for a decision. */
export async function restoreThatFails(): Promise<{ run: string; progress: RunProgress }> {
  const started = variants.rekindle(['restore', name, '--point', facts().point, '--yes', '--json']);
  const run = await scenario.openRun('restore');
  await scenario.until(run, 'has set the data aside', ({ steps }) =>
    steps.some(({ id, status }) => id === 'start-elasticsearch' && status !== 'waiting'),
  );
  await variants.write(missingBucket);
  const ended = await started;
  expecting(ended.exitCode, textOf(ended)).toBe(exitCodes.waitsForPerson);
  const progress = await scenario.until(run, 'asks', ({ phase }) => phase === 'waiting for decision');
  expect(progress.pendingDecisions[0]).toMatchObject({ failure: { kind: 'BucketMissing' } });
  expect(progress.pointOfNoReturn?.passedAt).toBeDefined();
  return { run, progress };
}
