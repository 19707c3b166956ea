import type { Plan } from '../../domain/plans/plan.ts';
import { untouched, type RunProgress } from '../../domain/runs/progress.ts';
import type { Output } from '../output.ts';
import { renderForecast } from './forecast.ts';
import { renderPlan } from './report.ts';

/** All that a person must read before approving, and what to type then. */
export function renderApproval(plan: Plan, progress: RunProgress, output: Pick<Output, 'colour'>, now: number): string {
  const { run, forecast, approvals, approvalsNeeded = 1, approvalUntil, notes = [] } = progress;
  const missing = approvalsNeeded - approvals.length;
  const until = approvalUntil === undefined ? '' : ` until ${approvalUntil}`;
  return [
    `${renderPlan(plan, output)}\n`,
    ...(forecast ? [`${renderForecast(forecast, now)}\n`] : []),
    ...notes.map((note) => `Note: ${note}`),
    ...approvals.map(({ by, at }) => `Approved by ${by} at ${at}`),
    `The run waits for ${missing === 1 ? 'one approval' : `${missing} approvals`}${until}; ${untouched(progress)}`,
    `  rekindle approve ${run} --hash ${plan.hash}`,
    `  rekindle reject ${run}`,
  ].join('\n');
}
