import { engineNow } from '../faults-tools/message.ts';
import { useVariants, type Variants } from '../faults-tools/variants.ts';
import { type EngineSnapshot, type Scenario, useScenario } from '../harness/index.ts';

// What the files of refusals share. Imports see the present values of what `useRefused` sets.

export let scenario: Scenario;
export let variants: Variants;
export let name: string;
let before: EngineSnapshot;

export function useRefused(): void {
  scenario = useScenario();
  variants = useVariants(scenario);
  beforeAll(async () => {
    before = await engineNow();
    name = scenario.platform.project;
    await variants.startWorker();
  });
  beforeEach(() => variants.write());
}

export const untouched = async () => expect(await engineNow()).toEqual(before);
