/** One step as it was measured; times in seconds from the first stop. */
export interface TimedStep {
  name: string;
  from: number;
  seconds: number;
}

/** What one way of bringing the platform back took. */
export interface Measurement {
  way: string;
  /** First stop → all core services healthy and the api answers. Seconds. */
  downtime: number;
  /** The command's start → its end. Seconds. */
  total: number;
  steps: TimedStep[];
  /** Rekindle only: see orchestration.ts. Seconds. */
  orchestration?: number;
}

export function stepTable({ way, steps, downtime, total }: Measurement): string {
  const rows = steps.map(({ name, from, seconds }) => `${at(from)} ${at(seconds)}  ${name}`);
  return [
    `${way}: downtime ${downtime.toFixed(1)} s, total ${total.toFixed(1)} s`,
    '   from  seconds  step',
    ...rows,
  ].join('\n');
}

const at = (seconds: number) => seconds.toFixed(2).padStart(7);

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}
