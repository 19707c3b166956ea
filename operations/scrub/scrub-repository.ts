import pLimit from 'p-limit';
import type { RecoveryPointId } from '../../domain/recovery-points/recovery-point.ts';
import { chooseFiles, type Candidate } from '../../domain/scrub/rotation.ts';
import type { ReadTable } from '../../domain/scrub/read-table.ts';
import type { Watch } from '../../domain/watch.ts';
import type { FoundFault, RepositoryFile } from '../../systems/elasticsearch/repository/repository-files.ts';
import { isIndexFile } from '../../systems/elasticsearch/repository/root-files.ts';
import type { ScrubbedBucket } from './bucket.ts';
import type { StorePoint } from './held-points.ts';
import { eachShard, lookAt, surveyRoot, type Look } from './look.ts';
import { confirmFaults, digestOf, noteRead, nowSeconds, readOne } from './read-one.ts';

/** Files that are read at a time: more do not make one processor's checksums faster. */
const readsTogether = 4;
const saveEveryMs = 30_000;
/** A piece of a file is 64 kB: telling of each would take longer than reading it. */
const tellEveryMs = 500;

/** What is read now: a share by rotation, all, or what one point refers to. */
export type ScrubScope =
  { kind: 'share'; days: number; before?: number } | { kind: 'all' } | { kind: 'point'; id: RecoveryPointId };

export interface ScrubRequest {
  scope: ScrubScope;
  /** When the scrub began, in seconds since 1970: what was read since is not read again by a later attempt. */
  since: number;
  /** What is read counts as recent for so long. */
  days: number;
  points: readonly StorePoint[];
  /** What an earlier scrub found damaged: it is read in any case. */
  suspected: ReadonlySet<string>;
}

export interface ScrubFound {
  look: Look;
  /** Confirmed by a second look. */
  faults: FoundFault[];
  /** What was read. */
  files: number;
  bytes: number;
  coverage: Covered;
  /** Whether a file is in the repository, by its digest. */
  holds: (file: bigint) => boolean;
  /** Of those that were not read now as well. */
  keys: { has: (key: string) => boolean };
  /** What was suspected, and was read now. */
  readAgain: ReadonlySet<string>;
}

export interface Covered {
  files: number;
  recentFiles: number;
  bytes: number;
  recentBytes: number;
  /** In seconds since 1970; 0: some were never read. */
  oldest: number;
}

/**
 * Reads files of a repository and compares them with the checksums that it keeps for them; whether all are there, with
 * their sizes, is seen of every file. A fault counts when a second look at a fresh index still shows it: meanwhile a backup
 * or a prune may have changed the repository. `table` is kept up to date; `save` is called from time to time. Failures:
 * RepositoryCorrupted (its index cannot be read); those of the storage.
 */
export async function scrubRepository(
  bucket: ScrubbedBucket,
  { scope, since, days, points, suspected }: ScrubRequest,
  table: ReadTable,
  save: (coverage: Covered) => Promise<void>,
  { signal, onProgress }: Watch = {},
): Promise<ScrubFound> {
  const look = await lookAt(bucket, points);
  const newest = look.points[0]?.id;
  const candidates: Candidate[] = [];
  const wantedShards = new Map<bigint, Look['shards'][number]>();
  const faults: FoundFault[] = [];
  const note = (file: RepositoryFile, shard?: Look['shards'][number]) => {
    const digest = digestOf(file.key);
    const readAt = suspected.has(file.key) ? 0 : (table.find(digest)?.at ?? 0);
    const [only, ...others] = file.points;
    candidates.push({
      file: digest,
      bytes: file.bytes,
      readAt,
      isNew: others.length === 0 && only !== undefined && only.id === newest,
    });
    if (shard && (scope.kind !== 'point' || file.points.some(({ id }) => id === scope.id)))
      wantedShards.set(digest, shard);
  };
  const root = await surveyRoot(bucket, look);
  const [index] = root.files.filter(isIndexFile);
  // The look has read it, whatever the share is.
  const faultOfIndex = index && look.repository.file && noteRead(index, look.repository.file, table);
  if (index && faultOfIndex !== undefined) faults.push({ file: index, fault: faultOfIndex });
  for (const file of root.files) note(file);
  faults.push(...root.faults);
  await eachShard(
    bucket,
    look,
    look.shards,
    (survey, shard) => {
      for (const file of survey.files) note(file, shard);
      faults.push(...survey.faults);
      onProgress?.({ done: 0, total: 0, unit: 'bytes', note: `${candidates.length} files are listed` });
    },
    signal,
  );

  const isChosen = chosenBy(scope, candidates, since);
  const total = candidates.reduce((sum, { file, bytes }) => (isChosen(file) ? sum + bytes : sum), 0);
  const covered = () => coverageOf(candidates, table, since - days * 86_400);
  const read = { files: index ? 1 : 0, bytes: index?.bytes ?? 0, savedAt: Date.now(), toldAt: 0 };
  const limit = pLimit(readsTogether);
  const readAgain = new Set(index ? [index.key] : []);
  const faulty = new Set(faults.map(({ file }) => file.key));
  const readAll = (files: readonly RepositoryFile[]) =>
    limit.map(
      files.filter(({ key, points: of }) => isChosen(digestOf(key)) && !faulty.has(key) && isOf(scope, of)),
      async (file) => {
        signal?.throwIfAborted();
        const fault = await readOne(bucket, file, table, signal, (count) => {
          read.bytes += count;
          const now = performance.now();
          if (now - read.toldAt < tellEveryMs) return;
          read.toldAt = now;
          onProgress?.({ done: read.bytes, total, unit: 'bytes', note: file.what });
        });
        read.files += 1;
        if (suspected.has(file.key)) readAgain.add(file.key);
        if (fault !== undefined) faults.push({ file, fault });
        if (Date.now() - read.savedAt < saveEveryMs) return;
        read.savedAt = Date.now();
        await save(covered());
      },
    );
  await readAll(root.files.filter((file) => !isIndexFile(file)));
  const shards = new Set([...wantedShards].filter(([file]) => isChosen(file)).map(([, shard]) => shard));
  wantedShards.clear();
  await eachShard(bucket, look, [...shards], async ({ files }) => void (await readAll(files)), signal);

  const confirmed = await confirmFaults(bucket, points, faults, table, signal);
  const all = new Set(candidates.map(({ file }) => file));
  return {
    look,
    faults: confirmed,
    files: read.files,
    bytes: read.bytes,
    coverage: covered(),
    holds: (file) => all.has(file),
    keys: { has: (key) => all.has(digestOf(key)) },
    readAgain,
  };
}

const isOf = (scope: ScrubScope, points: RepositoryFile['points']): boolean =>
  scope.kind !== 'point' || points.some(({ id }) => id === scope.id);

function chosenBy(scope: ScrubScope, candidates: readonly Candidate[], since: number): (file: bigint) => boolean {
  if (scope.kind === 'share')
    return chooseFiles(candidates, { now: nowSeconds(), since, days: scope.days, ...beforeOf(scope) });
  const chosen = new Set(candidates.filter(({ readAt }) => readAt < since).map(({ file }) => file));
  return (file) => chosen.has(file);
}

const beforeOf = ({ before }: { before?: number }) => (before === undefined ? {} : { before });

function coverageOf(candidates: readonly Candidate[], table: ReadTable, recentFrom: number): Covered {
  const covered: Covered = { files: 0, recentFiles: 0, bytes: 0, recentBytes: 0, oldest: Infinity };
  for (const { file, bytes } of candidates) {
    const at = table.find(file)?.at ?? 0;
    covered.files += 1;
    covered.bytes += bytes;
    covered.oldest = Math.min(covered.oldest, at);
    if (at < recentFrom) continue;
    covered.recentFiles += 1;
    covered.recentBytes += bytes;
  }
  return covered;
}
