import { Failure } from '../../domain/failures.ts';

const dayMs = 86_400_000;

/**
 * The period that `--from` and `--to` name, as ISO 8601 in UTC: a day (`2026-01-01`) or a time; `--to` ends before it, and is now
 * when left out. Failure: InvalidArgument.
 */
export function periodOf(from: string | undefined, to: string | undefined, now: number): { from: string; to: string } {
  const begin = timeOf('--from', from ?? new Date(now - 365 * dayMs).toISOString());
  const end = to === undefined ? now : timeOf('--to', to);
  if (begin >= end)
    throw new Failure('InvalidArgument', {
      message: `--from ${from ?? ''} does not lie before --to ${to ?? 'now'}`,
      remedy: 'Give the beginning of the period with --from, and its end with --to',
    });
  return { from: new Date(begin).toISOString(), to: new Date(end).toISOString() };
}

function timeOf(option: string, given: string): number {
  // Only as ISO 8601 has it: JavaScript would take "90" for a year.
  const time = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z)?$/.test(given) ? Date.parse(given) : NaN;
  if (!Number.isNaN(time)) return time;
  throw new Failure('InvalidArgument', {
    message: `${option} "${given}" is neither a day nor a time in UTC`,
    remedy: 'Give one such as 2026-01-01 or 2026-01-01T09:30:00Z',
  });
}
