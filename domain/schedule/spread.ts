import { fingerprint } from './fingerprint.ts';

/** A schedule that leaves it to Rekindle when within its interval it starts. */
export interface SpreadMember {
  /** `<platform>/<kind>`. */
  key: string;
  everySeconds: number;
  /** Where its platform's backups lie; members that share a place must not start together. */
  repositories: readonly string[];
}

/** Two starts are at least so far apart, as long as there is room for all. */
const slotSeconds = 60;

/**
 * By how much the member's starts come after the full interval: a full minute that follows from its name. When another
 * that shares a repository with it, directly or through others, comes first for that minute, the next free one; when
 * there are more of them than minutes, they share minutes evenly. It depends on the members alone, so everybody who
 * computes it finds the same. Below `everySeconds`.
 */
export function spreadOffset(key: string, members: readonly SpreadMember[]): number {
  const group = sharing(key, members);
  // Those with other intervals meet it again and again: offsets that differ within this never coincide.
  const interval = group.map(({ everySeconds }) => everySeconds).reduce(greatestDivisor, 0);
  const slots = Math.max(1, Math.floor(interval / slotSeconds));
  let taken = new Set<number>();
  for (const one of group) {
    if (taken.size === slots) taken = new Set();
    let slot = fingerprint(one.key) % slots;
    while (taken.has(slot)) slot = (slot + 1) % slots;
    taken.add(slot);
    if (one.key === key) return slot * slotSeconds;
  }
  return 0;
}

/** In an order that does not depend on that of the platform files. */
function sharing(key: string, members: readonly SpreadMember[]): SpreadMember[] {
  const found = new Set(members.filter((one) => one.key === key));
  const places = new Set([...found].flatMap(({ repositories }) => repositories));
  for (let before = -1; before < found.size;) {
    before = found.size;
    for (const one of members) {
      if (found.has(one) || !one.repositories.some((place) => places.has(place))) continue;
      found.add(one);
      for (const place of one.repositories) places.add(place);
    }
  }
  return [...found].toSorted((a, b) => fingerprint(a.key) - fingerprint(b.key) || (a.key < b.key ? -1 : 1));
}

const greatestDivisor = (a: number, b: number): number => (b === 0 ? a : greatestDivisor(b, a % b));
