import { Failure } from '../domain/failures.ts';

const units: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A time as it is given, or so long from `now` (milliseconds): ISO 8601, UTC. Failure: InvalidArgument. */
export function expiryOf(given: string | undefined, now: number): string | undefined {
  if (given === undefined) return undefined;
  const [, count, unit = ''] = /^(\d{1,6})([mhd])$/.exec(given) ?? [];
  const at = count === undefined ? timeOf(given) : now + Number(count) * (units[unit] ?? NaN);
  if (Number.isNaN(at) || at <= now)
    throw new Failure('InvalidArgument', {
      message: `--expires "${given}" is ${Number.isNaN(at) ? 'neither a time nor a duration' : 'in the past'}`,
      remedy: 'Give a time to come, such as 2027-01-31T00:00:00Z, or a duration: 30m, 12h, 90d',
    });
  return new Date(at).toISOString();
}

/** Only as ISO 8601 has it: JavaScript would take "90" for a year. */
function timeOf(given: string): number {
  return /^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2}))?$/.test(given) ? Date.parse(given) : NaN;
}
