import type { RunPolicy } from '../../domain/runs/run.ts';

/** Until when data is kept that gets its deadline now. ISO 8601, UTC. */
export function deadline(policy: Pick<RunPolicy, 'quarantineHours'>): string {
  return new Date(Date.now() + policy.quarantineHours * 3_600_000).toISOString();
}
