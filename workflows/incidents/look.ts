import { isCancellation } from '@temporalio/workflow';
import type { Check } from '../../domain/checks.ts';
import type { IncidentState } from '../../domain/incidents/incident.ts';
import { assess } from '../run/assess.ts';
import { recordOf } from '../run/failure-record.ts';

const mostChecks = 60;
const rank = { fail: 0, inconclusive: 1, pass: 2 } as const;

/** Preflight of the incident's platform. What keeps it from being asked is a finding, too. */
export async function look(platform: string): Promise<NonNullable<IncidentState['preflight']>> {
  const at = new Date().toISOString();
  try {
    const { checks, verdict, plan, forecast } = await assess({ platform });
    const point = plan?.recoveryPoint?.id;
    return {
      ...{ at, verdict, checks: bounded(checks) },
      ...(point !== undefined && { recoveryPoint: point }),
      ...(forecast && { forecast }),
    };
  } catch (error) {
    if (isCancellation(error)) throw error;
    const { message, remedy } = recordOf(error);
    return {
      at,
      verdict: 'inconclusive',
      checks: [{ name: 'preflight', verdict: 'inconclusive', evidence: message, remedy }],
    };
  }
}

/** What did not pass comes first, and stays. */
function bounded(checks: Check[]): Check[] {
  const weight = ({ verdict, warning }: Check) => rank[verdict] + (warning ? 0 : 1);
  return checks.toSorted((a, b) => weight(a) - weight(b)).slice(0, mostChecks);
}

/** In a line, with the checks that did not pass. */
export function lookWords({
  verdict,
  checks,
  recoveryPoint,
  forecast,
}: NonNullable<IncidentState['preflight']>): string {
  const bad = checks.filter((check) => check.verdict !== 'pass').map(({ name }) => name);
  const point = recoveryPoint === undefined ? '' : `, recovery point ${recoveryPoint}`;
  const time = forecast ? `, about ${Math.round(forecast.downtimeSeconds)} s to restore` : '';
  return `preflight ${verdict}${bad.length > 0 ? ` (${bad.slice(0, 10).join(', ')})` : ''}${point}${time}`;
}
