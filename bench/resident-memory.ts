import { readFile } from 'node:fs/promises';
import { median } from './timeline.ts';

/** What a process held in memory after so many backups. */
export interface Sample {
  backups: number;
  megabytes: number;
  /** Of a backup, the mean since the sample before. */
  seconds: number;
}

/** The resident memory of a process in MB (10⁶ bytes), as the kernel counts it. */
export async function residentMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  if (kibibytes === undefined) throw new Error(`/proc/${pid}/status names no VmRSS`);
  return (Number(kibibytes) * 1024) / 1e6;
}

const columns = 48;

/** One row a sample: figures, and a bar from the lowest to the highest. */
export function memoryCurve(samples: readonly Sample[]): string {
  const values = samples.map(({ megabytes }) => megabytes);
  const [lowest, highest] = [Math.min(...values), Math.max(...values)];
  const rows = samples.map(({ backups, megabytes, seconds }) => {
    const filled = 1 + Math.round(((megabytes - lowest) / Math.max(1, highest - lowest)) * (columns - 1));
    return `${String(backups).padStart(7)} ${megabytes.toFixed(1).padStart(8)} ${seconds.toFixed(2).padStart(8)}  ${'█'.repeat(filled)}`;
  });
  return [`backups       MB s/backup  ${lowest.toFixed(0)} to ${highest.toFixed(0)} MB`, ...rows].join('\n');
}

/** So many samples at either end: one alone may lie right before or right after a collection of garbage. */
const atEitherEnd = 3;

/** What was added from the first samples to the last, in MB, and over how many backups. */
export function growthOf(samples: readonly Sample[]): { megabytes: number; backups: number } {
  // No sample belongs to both ends.
  const count = Math.min(atEitherEnd, Math.floor(samples.length / 2));
  const [first, last] = [samples.slice(0, count), samples.slice(-count)];
  const middle = (of: readonly Sample[], value: (sample: Sample) => number) => median(of.map(value));
  return {
    megabytes: middle(last, ({ megabytes }) => megabytes) - middle(first, ({ megabytes }) => megabytes),
    backups: middle(last, ({ backups }) => backups) - middle(first, ({ backups }) => backups),
  };
}
