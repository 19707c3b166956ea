import type { Check } from '../checks.ts';
import type { PlatformName } from '../platform.ts';
import { rpo } from './objectives.ts';
import type { NoEvaluation, Readiness, ReadinessJudged, ReadinessVerdict, Told, Unmet } from './readiness.ts';

export interface Evaluated extends Pick<Readiness, 'point' | 'forecast'> {
  checks: readonly Check[];
}

export interface Given {
  platform: PlatformName;
  everyMinutes: number;
  observation: Evaluated | NoEvaluation;
  last: Readiness | undefined;
  now: string;
}

/** People read it, and each evaluation is kept in a history. */
const mostUnmet = 20;
const longestText = 600;

/** One evaluation that could not be made is an accident; only the next one makes it news. */
const missesThatCount = 2;

/**
 * Judges one evaluation. Notifies when the verdict changes, or what is not met. Without a `last` the platform counts as ready before, so that
 * one which is not is reported at once. While a run holds the platform, and after a single evaluation that could not be made,
 * the last answer stands, with its time.
 */
export function judgeReadiness(given: Given): ReadinessJudged {
  const { observation, last } = given;
  if ('held' in observation) return { next: { ...standing(given), reason: observation.held } };
  const next = 'unknown' in observation ? missed(given, observation.unknown) : evaluated(given, observation);
  const before = last?.told ?? { verdict: 'ready', unmet: [] };
  if ((next.misses ?? 0) > 0 && (next.misses ?? 0) < missesThatCount) return { next };
  const told = worthTelling(next);
  if (told.verdict === before.verdict && same(told.unmet, before.unmet)) return { next };
  const { verdict, at, since, unmet, reason } = next;
  return {
    // What was not delivered before is overtaken by this.
    next: withoutUntold({ ...next, told }),
    news: {
      what: 'readiness',
      at: verdict === 'unknown' ? given.now : at,
      verdict,
      before: before.verdict,
      since,
      unmet,
      nowUnmet: told.unmet.filter((name) => !before.unmet.includes(name)),
      metAgain: verdict === 'unknown' ? [] : before.unmet.filter((name) => !told.unmet.includes(name)),
      ...(reason !== undefined && { reason }),
    },
  };
}

function evaluated({ platform, everyMinutes, last, now }: Given, { checks, point, forecast }: Evaluated): Readiness {
  const bad = checks.filter(({ verdict }) => verdict !== 'pass');
  const verdict: ReadinessVerdict = bad.length > 0 || checks.length === 0 ? 'not ready' : 'ready';
  return {
    version: 1,
    platform,
    verdict,
    since: sinceOf(last, verdict, now),
    at: now,
    everyMinutes,
    unmet: bad.slice(0, mostUnmet).map(short),
    checks: checks.length,
    ...(point && { point }),
    ...(forecast && { forecast: { downtimeSeconds: forecast.downtimeSeconds, basis: forecast.basis } }),
    ...kept(last),
  };
}

function missed(given: Given, reason: string): Readiness {
  const { last, now } = given;
  const misses = (last?.misses ?? 0) + 1;
  const before = { ...standing(given), reason: cut(reason), misses };
  if (misses < missesThatCount) return before;
  return { ...before, verdict: 'unknown', since: sinceOf(last, 'unknown', now), unmet: [] };
}

/** The last answer, without what was said of evaluations that could not be made. */
function standing({ platform, everyMinutes, last, now }: Given): Readiness {
  if (last === undefined)
    return { version: 1, platform, verdict: 'unknown', since: now, at: now, everyMinutes, unmet: [], checks: 0 };
  const { reason: _, ...rest } = last;
  return { ...rest, everyMinutes };
}

const kept = (last: Readiness | undefined): Pick<Readiness, 'told' | 'untold'> => ({
  ...(last?.told && { told: last.told }),
  ...(last?.untold && { untold: last.untold }),
});

function withoutUntold({ untold: _, ...rest }: Readiness): Readiness {
  return rest;
}

/** That the newest point is too old is announced as `stale` already: alone it is no news here. */
function worthTelling({ verdict, unmet }: Readiness): Told {
  const names = unmet.map(({ name }) => name).filter((name) => name !== rpo);
  return { verdict: verdict === 'not ready' && names.length === 0 ? 'ready' : verdict, unmet: names };
}

const same = (some: readonly string[], others: readonly string[]) =>
  some.length === others.length && some.every((name) => others.includes(name));

function sinceOf(last: Readiness | undefined, verdict: ReadinessVerdict, now: string): string {
  return last?.verdict === verdict ? last.since : now;
}

const short = ({ name, evidence, remedy }: Check): Unmet => ({ name, evidence: cut(evidence), remedy: cut(remedy) });
const cut = (text: string) => (text.length > longestText ? `${text.slice(0, longestText - 1)}…` : text);
