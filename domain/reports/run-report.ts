import type { Objectives } from '../policies.ts';
import type { RunProgress } from '../runs/progress.ts';
import type { ChainPlace } from './chain.ts';

export const reportFormat = 'rekindle-report/1';

/** The report of a run, as it is kept in the catalogue: how it went, and what a judgement years later needs to know. */
export interface RunReport extends RunProgress {
  /** Absent, as the fields below, in reports of earlier versions. */
  format?: typeof reportFormat;
  /** What the platform file asked for when the run ended. */
  objectives?: Objectives;
  /** SHA-256 of the platform file by then. */
  platformFileHash?: string;
  /** SHA-256 of the recovery point's manifest, which is in its key as well; absent: there is no point, or it is gone. */
  manifestHash?: string;
  /** Empty: there is none. */
  deviations?: Deviation[];
  writtenBy?: ReportWriter;
  /** Added by whoever reads it: it is not in the bytes that the chain vouches for. */
  chain?: ChainPlace;
}

/** Where a run did not go as planned, asked for or wished: what an auditor reads first. */
export interface Deviation {
  kind: 'plan' | 'decision' | 'step' | 'check' | 'objective' | 'extent';
  /** One sentence. */
  what: string;
  /** ISO 8601, UTC; absent: of no moment of its own. */
  at?: string;
  /** The person whose word it was; absent: nobody's. */
  by?: string;
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

/** The text that lies in the catalogue, byte for byte, also of a report that was read from there: its SHA-256 is the one that the chain names. */
export function reportText(report: unknown): string {
  return JSON.stringify(report, undefined, 2);
}

/** What of a report that was read lies in the catalogue. */
export function storedPart({ chain: _, ...stored }: RunReport): RunReport {
  return stored;
}
