import type { FastifyError } from 'fastify';
import { Failure } from '../../domain/failures.ts';
import type { IncidentSource } from '../../domain/incidents/incident.ts';
import { troubleOf, type Trouble } from '../../domain/status/status.ts';
import type { Refused } from './metrics.ts';

/** Why a request is not taken, and with which status: 503 is what all tools retry on. */
export interface Refusal {
  status: number;
  reason: Refused;
  trouble: Trouble;
}

export function refusalOf(error: FastifyError | Failure): Refusal {
  const trouble = troubleOf(error);
  if (!(error instanceof Failure)) {
    const { statusCode = 500 } = error;
    if (statusCode >= 500) return { status: 503, reason: 'not stored', trouble };
    return {
      status: statusCode,
      reason: statusCode === 413 ? 'too large' : 'malformed',
      trouble: { kind: 'InvalidArgument', message: error.message, remedy: 'Compare the sender with docs/incidents.md' },
    };
  }
  if (error.kind === 'InvalidArgument') return { status: 400, reason: 'malformed', trouble };
  // PagerDuty retries on 429 as well, Alertmanager does not.
  return { status: 503, reason: error.kind === 'TooManyRequests' ? 'too many' : 'not stored', trouble };
}

export const forgedRefusal = (source: IncidentSource, why: string): Refusal => ({
  status: 401,
  reason: 'forged',
  trouble: {
    kind: 'NotLoggedIn',
    message: `This is not proven to come from ${source}: ${why}`,
    remedy:
      source === 'pagerduty'
        ? "Put the webhook subscription's signing secret where sources.pagerduty.keys points"
        : `Let the sender use what sources.${source} in incidents.yaml names`,
  },
});

/** `trouble`: the file names sources, and cannot be used. */
export function notConfigured(source: IncidentSource, trouble: Trouble | undefined): Refusal {
  if (trouble) return { status: 503, reason: 'not configured', trouble };
  return {
    status: 404,
    reason: 'not configured',
    trouble: {
      kind: 'InvalidArgument',
      message: `This gateway takes no incidents of ${source}`,
      remedy: `Add sources.${source} to incidents.yaml (docs/incidents.md)`,
    },
  };
}
