import type { PlatformRow } from '../../api/types.ts';
import type { Coverage } from '../../domain/scrub/coverage.ts';
import { isLate } from '../../domain/readiness/readiness.ts';
import { age, bytes } from '../../domain/units.ts';
import type { Tone } from '../parts/tones.ts';

/** What is not as it should be, in a line, although the backups may be good. */
export interface Remark {
  tone: Tone;
  message: string;
  remedy?: string;
}

const dayMs = 86_400_000;

/** `now` in milliseconds. Empty where there is nothing to say. */
export function remarksOf(
  {
    platform,
    workerVersions,
    readiness,
    scrubbed = [],
  }: Pick<PlatformRow, 'platform' | 'workerVersions' | 'scrubbed' | 'readiness'>,
  now: number,
): Remark[] {
  return [
    ...(readiness ? readinessOf(platform, readiness, now) : []),
    ...scrubbed.flatMap((coverage) => [...damageOf(platform, coverage), ...unreadOf(platform, coverage, now)]),
    ...versionsOf(workerVersions),
  ];
}

/** What keeps a restore from being possible now, a line each; and that nobody has looked for too long. */
function readinessOf(platform: string, readiness: NonNullable<PlatformRow['readiness']>, now: number): Remark[] {
  const { unmet, at, reason } = readiness;
  const late = isLate(readiness, now);
  const message = `Whether ${platform} could be restored was last evaluated ${age(at, now)} ago${reason === undefined ? '' : `: ${reason}`}`;
  const remedy = `See whether its schedule is paused and a worker runs: rekindle schedule ${platform} show`;
  return [
    ...unmet.map(({ name, evidence, remedy: wayOut }): Remark => {
      return { tone: 'warn', message: `Not ready to be restored: ${name}: ${evidence}`, remedy: wayOut };
    }),
    ...(late || readiness.verdict === 'unknown' ? [{ tone: 'warn', message, remedy } satisfies Remark] : []),
  ];
}

function damageOf(platform: string, { store, damaged }: Coverage): Remark[] {
  if (damaged === 0) return [];
  const files = damaged === 1 ? '1 file is' : `${damaged} files are`;
  return [
    {
      tone: 'bad',
      message: `${files} damaged or missing in the repository of ${store}: recovery points that refer to them are bad`,
      remedy: `Put them back as docs/scrub.md says, then read everything again: rekindle scrub ${platform} --all`,
    },
  ];
}

/** Without days, nothing is read by itself, and nothing is promised. */
function unreadOf(platform: string, { store, at, days, files, bytes: all, ...read }: Coverage, now: number): Remark[] {
  if (days === 0) return [];
  const remedy = `Read everything now: rekindle scrub ${platform} --all`;
  if (files === 0) return [{ tone: 'warn', message: `Nothing could be read of the repository of ${store}`, remedy }];
  if (now - Date.parse(at) > days * dayMs) {
    const message = `The repository of ${store} was last scrubbed ${age(at, now)} ago; all of it should be read within ${days} days`;
    return [{ tone: 'warn', message, remedy }];
  }
  if (read.recentBytes >= all) return [];
  const share = Math.max(1, Math.floor((100 * (all - read.recentBytes)) / all));
  const message = `${share} % of ${bytes(all)} in the repository of ${store} was not read within ${days} days`;
  // At its beginning there is nothing to be done about it.
  if (read.oldest === undefined) return [{ tone: 'quiet', message: `${message}: some of it was never read yet` }];
  return [{ tone: 'warn', message: `${message}: the oldest reading is of ${age(read.oldest, now)} ago`, remedy }];
}

function versionsOf(versions: readonly string[] = []): Remark[] {
  if (versions.length < 2) return [];
  return [
    {
      tone: 'warn',
      message: `Workers of different versions are at work: ${versions.join(', ')}`,
      remedy: 'Finish the upgrade: restart those of the older version',
    },
  ];
}
