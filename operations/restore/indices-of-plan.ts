import type { Plan } from '../../domain/plans/plan.ts';
import type { IndexName, StoreName } from '../../domain/platform.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { readExpectedSet } from '../recovery-points/read-point.ts';

/** The names behind a restore's plan, which only counts indices, by store. Failures: those of reading the point. */
export async function indicesOfPlan(open: OpenPlatform, plan: Plan): Promise<Record<StoreName, IndexName[]>> {
  const named: Record<StoreName, IndexName[]> = {};
  for (const step of plan.steps) {
    if (step.action !== 'restoreIndices') continue;
    const { store, recoveryPoint } = step.arguments;
    named[store] = (await readExpectedSet(open, recoveryPoint, store)).indices.map(({ name }) => name);
  }
  return named;
}
