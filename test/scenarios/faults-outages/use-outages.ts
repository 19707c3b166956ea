import { startService } from '../../../stack/disasters.ts';
import { engine } from '../../../stack/engine.ts';
import { untilHealthy } from '../../../stack/wait.ts';
import { type Scenario, useScenario } from '../harness/index.ts';
import { streamRekindle } from '../faults-tools/streamed.ts';
import { useVariants, type Variants } from '../faults-tools/variants.ts';

// What the files of this folder share. Imports see the present values of what `useOutages` sets.

export let scenario: Scenario;
export let variants: Variants;
export let name: string;

export function useOutages(): void {
  scenario = useScenario();
  variants = useVariants(scenario);
  beforeAll(async () => {
    name = scenario.platform.project;
    await variants.startWorker();
  });
  beforeEach(() => variants.write((file) => (file.catalogue['prefix'] = 'outages')));
  afterEach(async () => {
    const { platform } = scenario;
    if (!(await engine().getContainer(platform.s3.container).inspect()).State.Running) await platform.s3.start();
    await startService(platform, 'zookeeper');
    await untilHealthy(platform);
  });
}

export const patient = () =>
  variants.write((file) => {
    file.catalogue['prefix'] = 'outages';
    file.restore['outageSeconds'] = 90;
  });
export const start = (...args: string[]) =>
  streamRekindle(args, { ...scenario.environment, REKINDLE_PLATFORMS: variants.folder });
