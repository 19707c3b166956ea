import { drillOf } from '../../drill-situation.ts';
import fc from 'fast-check';
import { planCopy } from '../../../domain/copies/plan-copy.ts';
import { planBackup } from '../../../domain/plans/plan-backup.ts';
import { planPrune } from '../../../domain/plans/plan-prune.ts';
import { planRebuild } from '../../../domain/plans/plan-rebuild.ts';
import { planScrub } from '../../../domain/plans/plan-scrub.ts';
import { planRollback } from '../../../domain/plans/plan-rollback.ts';
import type { Plan, UnhashedPlan } from '../../../domain/plans/plan.ts';
import { describeStep } from '../../../domain/plans/describe-step.ts';
import type { Step } from '../../../domain/plans/steps.ts';
import type { StepState, StepStatus } from '../../../domain/runs/progress.ts';
import { demoCapture, demoObserved, demoPlatform, whollyGone } from '../../demo-situation.ts';
import { copySituation } from '../domain/copies/samples.ts';
import { planOf } from '../domain/plan-queries.ts';

const common = { platform: demoPlatform(), platformFileHash: 'f'.repeat(64), host: 'machine' };
const hashed = (plan: UnhashedPlan): Plan => ({ ...plan, hash: '0123456789abcdef'.repeat(4) });
const quarantined = ['demo_es-data', 'demo_zk-data', 'demo_zk-log'];
const removals = Array.from({ length: 250 }, (_, index) => ({
  id: `point-${index}`,
  snapshots: { documents: `snapshot-${index}` },
}));

/** One plan of each kind, of the demo platform. */
export const plans: Record<Plan['kind'] | 'restore of nothing', Plan> = {
  restore: hashed(planOf()),
  'restore of nothing': hashed(planOf({ observed: whollyGone() })),
  backup: hashed(planBackup({ ...common, recoveryPoint: '2026-11-21t1030z', startedAt: '2026-11-21T10:30:00.000Z' })),
  rebuild: hashed(planRebuild(common)),
  prune: hashed(planPrune({ ...common, removals, halfRemoved: ['point-x'], runs: ['restore/demo/1~01234567'] })),
  scrub: hashed(planScrub({ ...common, scope: 'all', startedAt: '2026-11-21T10:30:00Z' })),
  copy: hashed(planCopy(copySituation({ wishes: { existing: 'swap' } }))),
  drill: hashed(drillOf().plan),
  rollback: hashed(
    planRollback({ ...common, observed: demoObserved(), before: demoCapture(), quarantined, image: 'demo/image:1' }),
  ),
};

/** A step that does nothing, for plans that no planner makes. */
export function step(id: string, after: string[] = [], more: { store?: string; destructive?: true } = {}): Step {
  const { store = id, destructive } = more;
  const args = { store, timeoutSeconds: 1 };
  return { id, action: 'prepareStore', arguments: args, after, ...(destructive && { destructive }) };
}

export function planWith(steps: Step[], pointOfNoReturn?: string): Plan {
  return { ...plans.restore, steps, pointOfNoReturn };
}

/** 200 steps: volumes side by side, and many services that start one after the other. */
export function largePlan(): Plan {
  const volumes = Array.from({ length: 60 }, (_, index) => `volume-${index}`);
  const services = Array.from({ length: 138 }, (_, index) => `service-of-a-long-name-${index}`);
  return planWith(
    [
      step('first'),
      ...volumes.map((id) => step(id, ['first'], { destructive: true })),
      step('start', volumes),
      ...services.map((id, index) => step(id, [services[index - 1] ?? 'start'])),
    ],
    'volume-0',
  );
}

export function statesOf(plan: Plan, status: (index: number) => StepStatus, summary?: string): StepState[] {
  return plan.steps.map((each, index) => ({
    id: each.id,
    action: each.action,
    title: describeStep(each),
    status: status(index),
    startedAt: '2026-11-21T10:30:00.000Z',
    ...(status(index) === 'done' && { finishedAt: '2026-11-21T10:30:02.100Z' }),
    ...(summary !== undefined && { summary }),
  }));
}

// cspell:ignore עברית
/** Names that would break out of a drawing if they were written into it as they are. */
export const hostile = [
  '<script>alert(1)</script>',
  ']]> --> <!--',
  '"quoted" \'too\' `and so`',
  'a & b &amp; c &#60; #quot; #35;',
  'back\\slash \\" \\n \\N \\l',
  'two\nlines\r\nand\ttabs',
  'nul \u0000 bell \u0007 delete \u007f next line \u0085 \u2028 \ufffe \uffff',
  'half a pair \ud83d and \udc00 alone',
  '👩‍👩‍👧‍👦 界 é ê 🇨🇭 עברית',
  '%%{init: {"theme": "x"}}%% end; style a:b#c; classDef x:#y;',
  '] } ) --> end [ { ( | subgraph',
  '1. list - item * star _under_ __both__ ~~no~~',
  'x'.repeat(300),
  '',
  ' ',
];

const name = fc.oneof(fc.constantFrom(...hostile), fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }));

/** Plans of any shape: each step waits for some of those before it. */
export const anyPlan: fc.Arbitrary<Plan> = fc
  .array(fc.record({ store: name, seeds: fc.array(fc.nat(), { maxLength: 4 }), destructive: fc.boolean() }), {
    minLength: 1,
    maxLength: 16,
  })
  .chain((drafts) => fc.record({ drafts: fc.constant(drafts), platform: name, returns: fc.boolean() }))
  .map(({ drafts, platform, returns }) => {
    const steps = drafts.map(({ store, seeds, destructive }, index) =>
      step(`s${index}`, index === 0 ? [] : [...new Set(seeds.map((seed) => `s${seed % index}`))], {
        store,
        ...(returns && destructive && { destructive: true as const }),
      }),
    );
    return { ...planWith(steps, steps.find((each) => each.destructive)?.id), platform };
  });
