import {
  lastBackupOf,
  lastRestoreOf,
  lastRunOf,
  lastSkippedOf,
  hasFailed,
  type CatalogueSeen,
} from '../../domain/status/status.ts';
import type { FailureText } from '../../domain/failures.ts';
import type { RunOutcome } from '../../domain/runs/outcome.ts';
import { digestPoints, type PointsDigest } from '../../domain/recovery-points/points-digest.ts';
import type { RecoveryPointSummary } from '../../domain/recovery-points/recovery-point.ts';

/** The part of a catalogue that the gateway reads. */
export interface CatalogueView {
  listPoints: () => Promise<{ points: RecoveryPointSummary[] }>;
  listOutcomes: (since?: string) => Promise<RunOutcome[]>;
  readReport: (run: string) => Promise<unknown>;
}

/** An outcome may be written late: one that ended this long before the newest known one is still noticed. */
const overlapMs = 24 * 3_600_000;
/** Listing all points takes at most this share of the time, and is never postponed for longer than that. */
const listingShare = 0.05;
const listingAtLeastEveryMs = 300_000;

/** Everything read from a catalogue so far. */
interface Read {
  fileHash: string;
  catalogue: CatalogueView;
  points?: { digest: PointsDigest; at: number; tookMs: number };
  /** The end of the newest outcome, in milliseconds. */
  newest: number;
  lastBackup?: RunOutcome;
  lastSkipped?: RunOutcome;
  lastRun?: RunOutcome;
  lastRestore?: RunOutcome;
  /** The failure in the report of `lastBackup`. */
  told?: { of: RunOutcome; failure: FailureText | undefined };
}

/**
 * Reads a catalogue repeatedly and cheaply: only outcomes since the last read, and all points only when a run
 * has ended since, or when that is cheap. `onOutcome` is called once for each outcome, whatever happens to the platform
 * file. Failures: those of `open` and of the catalogue.
 */
export function catalogueReader(
  open: () => Promise<CatalogueView>,
  onOutcome: (outcome: RunOutcome) => void,
): (fileHash: string) => Promise<CatalogueSeen> {
  const heard = new Set<string>();
  let read: Read | undefined;

  return async (fileHash) => {
    if (read?.fileHash !== fileHash) read = undefined;
    try {
      read ??= { fileHash, catalogue: await open(), newest: -Infinity };
      // A backup or a prune writes its outcome after changing the points, so outcomes are read first.
      const ended = await readOutcomes(read, (outcome) => {
        const name = `${outcome.finishedAt} ${outcome.run}`;
        if (heard.has(name)) return false;
        heard.add(name);
        onOutcome(outcome);
        return true;
      });
      const points = await readPoints(read, ended);
      const lastFailure = await failureOfLast(read);
      const { lastRun, lastBackup, lastSkipped, lastRestore } = read;
      return { points, lastRun, lastBackup, lastSkipped, lastRestore, lastFailure };
    } catch (error) {
      // Secrets may have changed: reopening reads them again.
      read = undefined;
      throw error;
    }
  };
}

/** Whether a run has ended since the last read; `tell` answers whether an outcome is new. */
async function readOutcomes(read: Read, tell: (outcome: RunOutcome) => boolean): Promise<boolean> {
  const since = read.newest === -Infinity ? undefined : new Date(read.newest - overlapMs).toISOString();
  const outcomes = await read.catalogue.listOutcomes(since);
  let news = false;
  for (const outcome of outcomes) {
    read.newest = Math.max(read.newest, Date.parse(outcome.finishedAt));
    news = tell(outcome) || news;
  }
  read.lastBackup = lastBackupOf(outcomes, read.lastBackup);
  read.lastSkipped = lastSkippedOf(outcomes, read.lastSkipped);
  read.lastRun = lastRunOf(outcomes, read.lastRun);
  read.lastRestore = lastRestoreOf(outcomes, read.lastRestore);
  return news;
}

async function readPoints(read: Read, ended: boolean): Promise<PointsDigest> {
  const now = Date.now();
  const { points } = read;
  const restMs = points && Math.min(points.tookMs / listingShare, listingAtLeastEveryMs);
  if (points && restMs !== undefined && !ended && now < points.at + restMs) return points.digest;
  const digest = digestPoints((await read.catalogue.listPoints()).points);
  read.points = { digest, at: Date.now(), tookMs: Date.now() - now };
  return digest;
}

async function failureOfLast(read: Read): Promise<FailureText | undefined> {
  const { lastBackup, told } = read;
  if (!lastBackup || !hasFailed(lastBackup)) return undefined;
  if (told && told.of.run === lastBackup.run && told.of.finishedAt === lastBackup.finishedAt) return told.failure;
  try {
    const failure = failureIn(await read.catalogue.readReport(lastBackup.run));
    read.told = { of: lastBackup, failure };
    return failure;
  } catch {
    // A damaged report only costs the failure text.
    return undefined;
  }
}

function failureIn(report: unknown): FailureText | undefined {
  const { failure } = (report ?? {}) as { failure?: Partial<FailureText> };
  const { message, remedy } = failure ?? {};
  return typeof message === 'string' && typeof remedy === 'string' ? { message, remedy } : undefined;
}
