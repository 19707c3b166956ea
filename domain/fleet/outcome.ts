import type { Verdict } from '../checks.ts';
import { isFailureKind } from '../failures.ts';
import type { Phase } from '../runs/progress.ts';
import type { Member } from './fleet.ts';

/** How a restore ended, as the fleet hears of it. */
export type RestoreEnd =
  | { phase: Phase; verdict?: Verdict; note?: string }
  | { failure: { kind: string; message: string; verdict?: Verdict } };

/** Of a failure: nothing was done about the platform, and nothing is wrong with it or its backups. */
const skips: ReadonlySet<string> = new Set(['PlatformBusy', 'Rejected', 'ApprovalTimedOut']);

const longestReason = 300;

/** What it means for the member. A refusal by preflight is a failure: the platform could not be restored. */
export function outcomeOf(end: RestoreEnd): Pick<Member, 'state' | 'reason'> {
  if (!('failure' in end)) {
    if (end.phase === 'passed') return { state: 'passed' };
    const reason = short(end.note ?? `ended as ${end.phase}`);
    if (end.phase === 'skipped') return { state: 'skipped', reason };
    return { state: end.verdict === 'inconclusive' ? 'inconclusive' : 'failed', reason };
  }
  const { kind, message, verdict } = end.failure;
  if (skips.has(kind)) return { state: 'skipped', reason: short(message) };
  const reason = short(isFailureKind(kind) ? `${kind}: ${message}` : message);
  return { state: verdict === 'inconclusive' ? 'inconclusive' : 'failed', reason };
}

/** One line that fits a table and, a thousand times, a history. */
export function short(text: string): string {
  const line = text.replaceAll(/\s*\n\s*/g, '; ').trim();
  return line.length <= longestReason ? line : `${line.slice(0, longestReason - 1)}…`;
}
