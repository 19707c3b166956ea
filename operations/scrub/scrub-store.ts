import { baseNamed, basesOfPoint } from '../../domain/bases.ts';
import type { StepOutcome } from '../../domain/plans/steps.ts';
import type { StepCall } from '../../domain/runs/run.ts';
import type { Watch } from '../../domain/watch.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { basedOn, filedOf } from '../repository/bases.ts';
import { storeNamed } from '../stores/store-named.ts';
import { scrubBase } from './scrub-base.ts';

/**
 * Scrubs every base of a store's repository that recovery points are in: first the one that the platform file describes. Of
 * one point alone, the base that it is in. Failures: as of `scrubBase`.
 */
export async function scrubStore(open: OpenPlatform, call: StepCall<'scrubStore'>, watch: Watch): Promise<StepOutcome> {
  const { store, scope } = call.arguments;
  if (typeof scope === 'object') {
    const { stores } = await open.catalogue.readManifest(scope.point);
    const { [store]: base = 1 } = basesOfPoint(filedOf(open), stores);
    return (await scrubBase(onBase(open, store, base), call, watch)).outcome;
  }
  const first = await scrubBase(onBase(open, store, 1), call, watch);
  const { repository } = storeNamed(filedOf(open), 'elasticsearch', store);
  const outcomes = [first.outcome];
  // One whose points are gone is looked at once more, so that what was known of it is forgotten.
  const known = (await open.catalogue.listCoverages()).flatMap((coverage) => baseCovered(store, coverage.store) ?? []);
  const others = new Set([...first.elsewhere.flatMap((name) => baseNamed(repository, name) ?? []), ...known]);
  for (const base of [...others].toSorted((a, b) => a - b)) {
    watch.signal?.throwIfAborted();
    outcomes.push((await scrubBase(onBase(open, store, base), call, watch)).outcome);
  }
  if (outcomes.length === 1) return first.outcome;
  return {
    summary: outcomes.map(({ summary }) => summary).join('. '),
    checks: outcomes.flatMap(({ checks = [] }) => checks),
  };
}

const onBase = (open: OpenPlatform, store: string, base: number): OpenPlatform =>
  basedOn(open, base === 1 ? undefined : { [store]: base });

function baseCovered(store: string, name: string): number | undefined {
  const number = name.startsWith(`${store} (base `) ? /^(\d+)\)$/.exec(name.slice(store.length + 7))?.[1] : undefined;
  return number === undefined ? undefined : Number(number);
}
