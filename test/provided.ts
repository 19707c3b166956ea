import type { Facts } from './scenarios/harness/lane.ts';

/** What the set-up of a project (jest.config.mjs) made, for all its files of tests. */
export interface Provided {
  temporalAddress: string;
  /** A file. */
  workflowBundle: string;
  /** For each lane. */
  scenarios: Facts[];
}

/** What a set-up answers; the runner calls `tearDown` when the files have ended, however they did. */
export interface SetUp {
  provided: Partial<Provided>;
  tearDown: () => Promise<void>;
}

/** Throws in a project whose set-up provides no such thing. */
export function provided<K extends keyof Provided>(key: K): Provided[K] {
  const all = (globalThis as Record<symbol, unknown>)[Symbol.for('rekindle.provided')] as Partial<Provided> | undefined;
  const value = all?.[key];
  if (value === undefined) throw new Error(`the set-up of this project provides no ${key}`);
  return value;
}
