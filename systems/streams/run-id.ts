import { createHash } from 'node:crypto';

/** Of a run and what it works on: the same at each attempt, and short enough for any name. */
export const runId = (run: string, of: string): string =>
  createHash('sha256').update(`${run}\n${of}`).digest('hex').slice(0, 16);

/** What a run's programs and sessions are marked with, by which what a dead worker left of them is found. */
export const applicationName = (run: string, store: string): string => `rekindle-${runId(run, store)}`;
