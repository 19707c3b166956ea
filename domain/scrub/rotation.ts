/** A file that may be read: what the choice depends on. */
export interface Candidate {
  file: bigint;
  bytes: number;
  /** When it was read last, in seconds since 1970; 0: never. */
  readAt: number;
  /** The newest snapshot alone refers to it: it was written since the last backup. */
  isNew: boolean;
}

export interface Rotation {
  /** Seconds since 1970. */
  now: number;
  /** When the last scrub of this kind began; absent: this is the first. */
  before?: number;
  /** All is read within so many days. */
  days: number;
  /** When this scrub began: what an earlier attempt of it has read counts, and is not read again. */
  since?: number;
}

const daySeconds = 86_400;
/** Files are read a little earlier than they must, since the next scrub may come late or be skipped. */
const reserve = 0.8;

/**
 * Which files are read now, so that each is read within `days`: those that are new, those whose time would be over before
 * the next scrub, and of the rest those that were read longest ago, as many bytes as the time since the last scrub is a
 * part of `days`. Answers a predicate.
 */
export function chooseFiles(
  candidates: readonly Candidate[],
  { now, before = now - daySeconds, days, since = now }: Rotation,
): (file: bigint) => boolean {
  const window = days * daySeconds * reserve;
  const sinceLast = Math.max(0, since - before);
  const total = candidates.reduce((sum, { bytes }) => sum + bytes, 0);
  const done = candidates.reduce((sum, { bytes, readAt }) => (readAt >= since ? sum + bytes : sum), 0);
  let left = total * Math.min(1, sinceLast / window) - done;
  const chosen = new Set<bigint>();
  // Never read ones come first; among equals the digest decides, which is the same each time.
  const inTurn = candidates.toSorted((a, b) => a.readAt - b.readAt || (a.file < b.file ? -1 : 1));
  for (const { file, bytes, readAt, isNew } of inTurn) {
    if (readAt >= since && readAt > 0) continue;
    const due = readAt > 0 && readAt + window <= now + sinceLast;
    if (isNew && readAt === 0) chosen.add(file);
    else if (left > 0 || due) {
      chosen.add(file);
      left -= bytes;
    }
  }
  return (file) => chosen.has(file);
}
