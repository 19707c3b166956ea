import { isCancellation, setCurrentDetails } from '@temporalio/workflow';
import type { Assessment } from '../domain/runs/assessment.ts';
import type { CheckInput } from '../domain/runs/run.ts';
import { assess } from './run/assess.ts';
import { checkLines } from './run/details-page.ts';
import { failureOf, platformIn, recordOf } from './run/failure-record.ts';
import { showAttributes } from './run/search-attributes.ts';

/**
 * Could the platform be restored now? Changes nothing, holds no lock, leaves no report: it is no run. Whatever preflight
 * says is its result; it fails only when preflight could not be asked.
 */
export async function check(input: CheckInput): Promise<Assessment> {
  const platform = platformIn(input);
  showAttributes({ kind: 'check', platform, phase: 'running' });
  try {
    const found = await assess(input);
    showAttributes({ phase: found.verdict === 'pass' ? 'passed' : 'refused', verdict: found.verdict });
    const point = found.plan?.recoveryPoint;
    setCurrentDetails(
      [
        `## Preflight of ${platform}: ${found.verdict}`,
        ...(point ? [`Recovery point **${point.id}**, data as of ${point.startedAt}.`] : []),
        checkLines(found.checks),
      ].join('\n\n'),
    );
    return found;
  } catch (error) {
    showAttributes({ phase: isCancellation(error) ? 'cancelled' : 'failed' });
    throw isCancellation(error) ? error : failureOf(recordOf(error));
  }
}
