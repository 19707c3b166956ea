import type { Objectives } from '../policies.ts';
import type { RunProgress } from '../runs/progress.ts';

export const reportFormat = 'rekindle-report/1';

/** The report of a run, as it is kept in the catalogue: how it went, and what a judgement years later needs to know. */
export interface RunReport extends RunProgress {
  /** Absent, as the fields below, in reports of earlier versions. */
  format?: typeof reportFormat;
  /** What the platform file asked for when the run ended. */
  objectives?: Objectives;
  /** SHA-256 of the platform file by then. */
  platformFileHash?: string;
  writtenBy?: ReportWriter;
}

/** The program that wrote a report. */
export interface ReportWriter {
  /** Of Rekindle. */
  version: string;
  /** Of Node. */
  node: string;
  host: string;
}

/** Backups, their scrubs and prunes end every hour, and a recovery point's manifest has its own digest: only the others are chained. */
export function isChained({ kind }: { kind: RunProgress['kind'] }): boolean {
  return kind !== 'backup' && kind !== 'scrub' && kind !== 'prune';
}
