import { createHash } from 'node:crypto';
import { planCopy } from '../../domain/copies/plan-copy.ts';
import type { ExistingTreatment } from '../../domain/copies/wishes.ts';
import { canonicalJson, type Plan } from '../../domain/plans/plan.ts';
import { copySituation } from '../unit/domain/copies/samples.ts';

/** What a copy into the platform does, with one index that is there already. */
export function copyPlan(platform: string, from: string, existing: ExistingTreatment): Plan {
  const situation = copySituation({
    wishes: { existing },
    seen: existing === 'fail' ? {} : { indices: { 'nuvla-job': { uuid: 'u1', state: 'open' } } },
  });
  const plan = planCopy({
    ...situation,
    platform: { ...situation.platform, platform },
    from: { ...situation.from, platform: from },
  });
  return { ...plan, hash: createHash('sha256').update(canonicalJson(plan)).digest('hex') };
}
