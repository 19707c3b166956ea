import type { Check, Verdict } from '../checks.ts';
import type { Plan } from '../plans/plan.ts';
import type { Forecast } from './forecast.ts';

/** What preflight says at one moment, and the plan that a restore would have then. */
export interface Assessment {
  at: string;
  verdict: Verdict;
  checks: Check[];
  /** Absent: what preflight found makes planning impossible. */
  plan?: Plan;
  forecast?: Forecast;
  /** The plan is that of a rollback of this run. */
  rollbackOf?: string;
}
