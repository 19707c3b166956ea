import { setTimeout as pause } from 'node:timers/promises';
import {
  lastBackupOf,
  lastDrillOf,
  lastMeasuredOf,
  lastRestoreOf,
  lastRunOf,
  lastSkippedOf,
  hasFailed,
} from '../../domain/status/last-runs.ts';
import type { CatalogueSeen } from '../../domain/status/status.ts';
import type { FailureText } from '../../domain/failures.ts';
import type { RunOutcome } from '../../domain/runs/outcome.ts';
import type { Coverage } from '../../domain/scrub/coverage.ts';
import { digestPoints, updatedBy, type PointsDigest } from '../../domain/recovery-points/points-digest.ts';
import type { RecoveryPointId, RecoveryPointSummary } from '../../domain/recovery-points/recovery-point.ts';

/** The part of a catalogue that the gateway reads. */
export interface CatalogueView {
  listPoints: (only?: readonly RecoveryPointId[]) => Promise<{ points: RecoveryPointSummary[] }>;
  listPointsSince: (since: string) => Promise<{ points: RecoveryPointSummary[] }>;
  listOutcomes: (since?: string) => Promise<RunOutcome[]>;
  readReport: (run: string) => Promise<unknown>;
  listCoverages: () => Promise<Coverage[]>;
}

export interface ReaderOptions {
  open: () => Promise<CatalogueView>;
  /** Called once for each outcome of the last days and of those to come, whatever happens to the platform file. */
  onOutcome: (outcome: RunOutcome) => void;
  /** How all of a catalogue is read; absent: at once, and every caller waits for it. */
  whole?: Queue;
}

export interface Queue {
  /** Where it waits for its turn. */
  inTurn: (work: () => Promise<void>) => Promise<void>;
  /** The longest that a caller waits for it. */
  waitMs: number;
}

const dayMs = 24 * 3_600_000;
/** An outcome may be written late: one that ended this long before the newest known one is still noticed. */
const overlapMs = dayMs;
/** What says how a platform is: it is read before all that is older. */
const recentMs = 3 * dayMs;
/** Listing all points takes at most this share of the time, and is never postponed for longer than that. */
const listingShare = 0.05;
const listingAtLeastEveryMs = 300_000;

/** What a list of all points said, and when that was read. */
interface Whole {
  digest: PointsDigest;
  at: number;
  tookMs: number;
}

/** Everything read from a catalogue so far. */
interface Read {
  fileHash: string;
  catalogue: CatalogueView;
  /** Of recent points alone. */
  recent?: PointsDigest;
  /** Of all points. */
  whole?: Whole;
  /** While all of it is read, or waits for its turn. */
  listing?: Promise<void> | undefined;
  /** Points with news since that began: what is listed may be older. */
  meanwhile: Set<RecoveryPointId>;
  /** The end of the newest outcome, in milliseconds. */
  newest: number;
  lastBackup?: RunOutcome;
  lastSkipped?: RunOutcome;
  lastRun?: RunOutcome;
  lastRestore?: RunOutcome;
  lastDrill?: RunOutcome;
  lastMeasured?: RunOutcome;
  /** How much scrubs had read when the last of them ended. */
  coverages?: Coverage[] | undefined;
  /** The failure in the report of `lastBackup`. */
  told?: { of: RunOutcome; failure: FailureText | undefined };
}

/**
 * Reads a catalogue repeatedly and cheaply: of a large one only what is recent at first, while the rest is read in the
 * background; then what runs that ended since say of their points, and all points only now and then. Failures: those of
 * `open` and of the catalogue.
 */
export function catalogueReader({ open, onOutcome, whole }: ReaderOptions) {
  const heard = new Set<string>();
  const tell = (outcome: RunOutcome) => {
    const name = `${outcome.finishedAt} ${outcome.run}`;
    if (heard.has(name)) return false;
    heard.add(name);
    onOutcome(outcome);
    return true;
  };
  const forget = () => {
    // No list that is read from now on goes back further.
    const horizon = new Date(Date.now() - recentMs - overlapMs).toISOString();
    for (const name of heard) if (name < horizon) heard.delete(name);
  };
  let read: Read | undefined;

  return async (fileHash: string): Promise<CatalogueSeen> => {
    if (read?.fileHash !== fileHash) read = undefined;
    try {
      read ??= { fileHash, catalogue: await open(), newest: Date.now() - recentMs + overlapMs, meanwhile: new Set() };
      // A backup or a prune writes its outcome after changing the points, so outcomes are read first.
      const news = (await readOutcomes(read)).filter(tell);
      forget();
      const points = await readPoints(read, news, whole);
      const lastFailure = await failureOfLast(read);
      if (news.some(({ kind }) => kind === 'scrub')) read.coverages = undefined;
      read.coverages ??= await read.catalogue.listCoverages();
      const scrubbed = read.coverages.length > 0 ? { scrubbed: read.coverages } : {};
      const { lastRun, lastBackup, lastSkipped, lastRestore, lastDrill, lastMeasured } = read;
      const ended = { lastRun, lastBackup, lastSkipped, lastRestore, lastDrill, lastMeasured, lastFailure };
      const known = { points, ...ended, ...scrubbed };
      return isPartial(read) ? { ...known, partial: true } : known;
    } catch (error) {
      // Secrets may have changed: reopening reads them again.
      read = undefined;
      throw error;
    }
  };
}

const isPartial = ({ whole }: Read): boolean => whole === undefined;

/** Those that ended since the last read, and some from before that. */
async function readOutcomes(read: Read): Promise<RunOutcome[]> {
  const outcomes = await read.catalogue.listOutcomes(new Date(read.newest - overlapMs).toISOString());
  for (const { finishedAt } of outcomes) read.newest = Math.max(read.newest, Date.parse(finishedAt));
  note(read, outcomes);
  return outcomes;
}

function note(read: Read, outcomes: RunOutcome[]): void {
  read.lastBackup = lastBackupOf(outcomes, read.lastBackup);
  read.lastSkipped = lastSkippedOf(outcomes, read.lastSkipped);
  read.lastRun = lastRunOf(outcomes, read.lastRun);
  read.lastRestore = lastRestoreOf(outcomes, read.lastRestore);
  read.lastDrill = lastDrillOf(outcomes, read.lastDrill);
  read.lastMeasured = lastMeasuredOf(outcomes, read.lastMeasured);
}

const atOnce: Queue = { inTurn: (work) => work(), waitMs: Infinity };

async function readPoints(read: Read, news: RunOutcome[], { inTurn, waitMs }: Queue = atOnce): Promise<PointsDigest> {
  const changed = [...new Set(news.flatMap(({ recoveryPoint }) => recoveryPoint ?? []))];
  for (const id of changed) read.meanwhile.add(id);
  const begins = read.listing === undefined && isDue(read, news, waitMs);
  if (begins) {
    const listing = inTurn(() => readWhole(read)).finally(() => (read.listing = undefined));
    listing.catch(() => undefined);
    read.listing = listing;
  }
  const { listing } = read;
  const patient = read.whole === undefined || read.whole.tookMs <= waitMs;
  const listed = listing !== undefined && patient && (await within(listing, waitMs));
  const found = await digestNow(read, begins && listed ? [] : changed);
  // Without these nobody can say how the platform is.
  const lacks = read.lastBackup === undefined || found.newestGood === undefined;
  if (lacks && isPartial(read)) await listing;
  return read.whole?.digest ?? found;
}

/** What is known of all points, with the changed ones; before that, of recent ones. The numbers follow with the next list. */
async function digestNow(read: Read, changed: RecoveryPointId[]): Promise<PointsDigest> {
  if (read.whole) {
    await addPoints(read.whole, changed, read.catalogue);
    return read.whole.digest;
  }
  if (changed.length > 0) read.recent = undefined;
  const since = new Date(Date.now() - recentMs).toISOString();
  read.recent ??= digestPoints((await read.catalogue.listPointsSince(since)).points);
  return read.recent;
}

/** A list that takes long is not made for each run that ended, but for one that may have changed many points. */
function isDue({ whole }: Read, news: RunOutcome[], waitMs: number): boolean {
  if (!whole) return true;
  const restMs = Math.min(whole.tookMs / listingShare, listingAtLeastEveryMs);
  if (Date.now() >= whole.at + restMs) return true;
  return news.length > 0 && (whole.tookMs <= waitMs || news.some(({ kind }) => kind === 'prune'));
}

async function readWhole(read: Read): Promise<void> {
  const began = Date.now();
  read.meanwhile.clear();
  if (!read.whole) note(read, await read.catalogue.listOutcomes());
  const digest = digestPoints((await read.catalogue.listPoints()).points);
  const whole: Whole = { digest, at: Date.now(), tookMs: Date.now() - began };
  await addPoints(whole, [...read.meanwhile], read.catalogue);
  read.whole = whole;
}

async function addPoints(whole: Whole, ids: RecoveryPointId[], catalogue: CatalogueView): Promise<void> {
  if (ids.length === 0) return;
  const digest = updatedBy(whole.digest, (await catalogue.listPoints(ids)).points);
  if (digest) whole.digest = digest;
  // Due at once.
  else whole.at = 0;
}

/** Whether it ended within the time. */
function within(work: Promise<void>, milliseconds: number): Promise<boolean> {
  const ended = work.then(() => true);
  return milliseconds === Infinity ? ended : Promise.race([ended, pause(milliseconds, false, { ref: false })]);
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
