import { createHash } from 'node:crypto';
import { canonicalJson, type Plan, type UnhashedPlan } from '../domain/plans/plan.ts';

/** The hash covers all of the plan: what is approved is what is carried out. */
export function withHash(plan: UnhashedPlan): Plan {
  return { ...plan, hash: createHash('sha256').update(canonicalJson(plan)).digest('hex') };
}
