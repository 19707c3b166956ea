/** pass, fail or inconclusive: nothing passes that was not checked. */
export type Verdict = 'pass' | 'fail' | 'inconclusive';

/** The result of one check, with evidence and what to do about it. */
export interface Check {
  /** Stable id, for scripts: `repository`, `images`, `count nuvla-job`. */
  name: string;
  verdict: Verdict;
  /** What was found, in words with figures. */
  evidence: string;
  /** What to do; empty when the verdict is pass without a warning. */
  remedy: string;
  /** With the verdict pass: nothing is refused, but someone should check it. */
  warning?: true;
}

/** fail beats inconclusive beats pass; no check at all proves nothing. */
export function overallVerdict(checks: readonly Check[]): Verdict {
  if (checks.some((check) => check.verdict === 'fail')) return 'fail';
  if (checks.length === 0 || checks.some((check) => check.verdict === 'inconclusive')) return 'inconclusive';
  return 'pass';
}

export function passed(name: string, evidence: string): Check {
  return { name, verdict: 'pass', evidence, remedy: '' };
}

/** Passes, but is shown with what to do about it. */
export function warned(name: string, evidence: string, remedy: string): Check {
  return { name, verdict: 'pass', evidence, remedy, warning: true };
}

export function failed(name: string, evidence: string, remedy: string): Check {
  return { name, verdict: 'fail', evidence, remedy };
}

/** Results pass through Temporal, and people read them: from this many checks of one kind on, they are summed up. */
const mostOfAKind = 50;
const mostNotPassed = 20;

/**
 * The checks, with those whose name begins with `prefix` summed up as one when they are many; the first that did not pass
 * are shown next to it. `summed`: some are left out, so that the caller keeps them elsewhere.
 */
export function summedUp(checks: Check[], prefix: string, name: string): { checks: Check[]; summed: boolean } {
  const ofKind = checks.filter((check) => check.name.startsWith(prefix));
  if (ofKind.length <= mostOfAKind) return { checks, summed: false };
  const bad = ofKind.filter(({ verdict }) => verdict !== 'pass');
  const good = ofKind.length - bad.length;
  const more = bad.length - mostNotPassed;
  const sum: Check = {
    name,
    verdict: overallVerdict(ofKind),
    evidence: `${good} of ${ofKind.length} ${name} passed${more > 0 ? `; ${more} more did not` : ''}`,
    remedy: bad[0]?.remedy ?? '',
  };
  const others = checks.filter((check) => !check.name.startsWith(prefix));
  return { checks: [...others, ...bad.slice(0, mostNotPassed), sum], summed: true };
}
