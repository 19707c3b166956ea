import { createHash } from 'node:crypto';
import { canonicalJson, type Plan, type UnsealedPlan } from '../domain/plans/plan.ts';

/** The hash covers all of the plan: what is approved is what is carried out. */
export function seal(plan: UnsealedPlan): Plan {
  return { ...plan, hash: createHash('sha256').update(canonicalJson(plan)).digest('hex') };
}
