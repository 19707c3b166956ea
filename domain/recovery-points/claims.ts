import { compactTime, isoTime, runOf, slugOf } from './key-parts.ts';
import { recoveryPointId, type RecoveryPointId } from './recovery-point.ts';

/** Who works on a recovery point: no two orchestrators share an execution, though both may use the same run id. */
export interface PointOwner {
  /** The workflow's id. */
  run: string;
  /** The execution's id, a UUID. */
  execution: string;
}

/** An empty object beside the others of a point: a run whose claim is the only one may write there. */
export interface ClaimKey {
  /** When it was made; ISO 8601, UTC. */
  at: string;
  execution: string;
  /** Absent when the workflow's id is too long for a key. */
  run?: string;
}

/** A part of a key holds at most 255 bytes. */
const longestSlug = 150;
const unnamed = '-';

export function claimName({ at, execution, run = unnamed }: ClaimKey): string {
  const slug = slugOf(run);
  return `claim~${compactTime(at)}~${slugOf(execution)}~${slug.length > longestSlug ? unnamed : slug}`;
}

/** The reverse, from what follows `claim~`; undefined when it is not our claim. */
export function parseClaim([time = '', owner = '', slug = '', ...rest]: readonly string[]): ClaimKey | undefined {
  const [at, execution, run] = [isoTime(time), runOf(owner), runOf(slug)];
  if (at === undefined || !execution || !run || rest.length > 0) return undefined;
  return { at, execution, ...(run !== unnamed && { run }) };
}

export function isOf(claim: ClaimKey, owner: PointOwner): boolean {
  return claim.execution === owner.execution;
}

/** Later rounds look further ahead, at seconds that the others that withdrew are unlikely to choose. */
const farthestSeconds = 3600;

/**
 * The id to try in a round: the minute, the second, then a random later second. `random`: 0 to below 1, as in
 * `Math.random`.
 */
export function idOfRound(startedAt: string, round: number, random: number): RecoveryPointId {
  if (round === 0) return recoveryPointId(startedAt, new Set());
  const ahead = round === 1 ? 0 : 1 + Math.floor(random * Math.min(farthestSeconds, 2 ** (round - 1)));
  const time = new Date(Date.parse(startedAt) + 1000 * ahead).toISOString();
  return recoveryPointId(time, new Set([recoveryPointId(time, new Set())]));
}

/** The time that an id of ours stands for (ISO 8601, UTC); undefined: it is the name of a foreign snapshot. */
export function timeOfId(id: RecoveryPointId): string | undefined {
  const match = /^(\d{4}-\d\d-\d\d)t(\d\d)(\d\d)(\d\d)?z$/.exec(id);
  if (!match) return undefined;
  const [, date = '', hours = '', minutes = '', seconds = '00'] = match;
  const time = `${date}T${hours}:${minutes}:${seconds}Z`;
  return Number.isNaN(Date.parse(time)) ? undefined : time;
}
