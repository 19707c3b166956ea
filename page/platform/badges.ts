import { isGood, type RecoveryPointSummary } from '../../domain/recovery-points/recovery-point.ts';
import type { StateWord } from '../parts/tones.ts';

export interface Badge extends StateWord {
  why: string;
}

/** What is to be known of a point before it is chosen; the first says whether it counts. */
export function badgesOf(point: RecoveryPointSummary): Badge[] {
  const { provenAt, provenBy, suspect, bad, deleting, adopted, pinned, pinnedBy = [] } = point;
  const badges: Badge[] = [];
  if (deleting) badges.push({ tone: 'quiet', word: 'being deleted', why: 'Prune removes it' });
  if (bad) badges.push({ tone: 'bad', word: 'bad', why: 'A scrub found damaged files in what it refers to' });
  if (suspect) badges.push({ tone: 'warn', word: 'suspect', why: 'It holds less than it should: it does not count' });
  if (isGood(point)) {
    if (provenAt === undefined) badges.push({ tone: 'quiet', word: 'good', why: 'Verified when it was taken' });
    else badges.push({ tone: 'good', word: 'proven', why: `${provenBy ?? 'A restore of it'} passed at ${provenAt}` });
  }
  if (pinned) badges.push({ tone: 'busy', word: 'pinned', why: `Kept for ${pinnedBy.join(', ') || 'somebody'}` });
  if (adopted)
    badges.push({ tone: 'quiet', word: 'adopted', why: `Made of the snapshot ${adopted.snapshot}, without counts` });
  return badges;
}

/** A suspect one only after a second look, which the dialog asks for; the others never. */
export function maybeRestored({ bad, deleting }: Pick<RecoveryPointSummary, 'bad' | 'deleting'>): boolean {
  return !bad && !deleting;
}
