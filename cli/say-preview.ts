import type { Verdict } from '../domain/checks.ts';
import type { Assessment } from '../domain/runs/assessment.ts';
import { exitCodes } from './exit-codes.ts';
import type { Output } from './output.ts';
import { renderForecast } from './render/forecast.ts';
import { renderChecks, renderPlan } from './render/report.ts';

/** What a dry run found. */
export interface Preview extends Pick<Assessment, 'plan' | 'checks' | 'forecast'> {
  verdict: Verdict;
  /** Those that the plan restores, by store; absent: only their number is shown. */
  indices?: Record<string, string[]> | undefined;
}

/** Shows a dry run of a restore, drill or copy: plan, forecast, checks. Answers with the command's exit code. */
export function sayPreview(output: Output, { plan, indices, checks, verdict, forecast }: Preview): number {
  output.document({ plan, indices, checks, verdict, forecast });
  if (plan) output.say(`${renderPlan(plan, output, indices)}\n`);
  if (forecast) output.say(`${renderForecast(forecast, Date.now(), plan?.kind)}\n`);
  output.say(`Preflight: ${verdict}\n${renderChecks(checks, output)}`);
  return verdict === 'pass' ? exitCodes.passed : exitCodes.refused;
}
