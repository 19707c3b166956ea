import { createHash } from 'node:crypto';
import { planCopy } from '../../domain/copies/plan-copy.ts';
import type { ExistingTreatment } from '../../domain/copies/wishes.ts';
import { canonicalJson, type Plan } from '../../domain/plans/plan.ts';
import { copySituation, indexOf } from '../unit/domain/copies/samples.ts';

/** What a copy into the platform does, with one index that is there already, or, where that fails, so many new ones. */
export function copyPlan(
  platform: string,
  from: string,
  existing: ExistingTreatment,
  uuid = 'u1',
  count?: number,
): Plan {
  const indices = count === undefined ? undefined : Array.from({ length: count }, (_, n) => indexOf(`nuvla-${n}`));
  const situation = copySituation({
    ...(indices && { indices }),
    wishes: { existing },
    seen: existing === 'fail' ? {} : { indices: { 'nuvla-job': { uuid, state: 'open' } } },
  });
  const plan = planCopy({
    ...situation,
    platform: { ...situation.platform, platform },
    from: { ...situation.from, platform: from },
  });
  return { ...plan, hash: createHash('sha256').update(canonicalJson(plan)).digest('hex') };
}
