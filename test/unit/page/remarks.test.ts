import type { Coverage } from '../../../domain/scrub/coverage.ts';
import type { PlatformRow } from '../../../api/types.ts';
import { remarksOf } from '../../../page/platform/remarks.ts';

const now = Date.parse('2026-11-28T18:00:00Z');
const readOnce: Coverage = {
  store: 'documents',
  at: '2026-11-28T17:00:00Z',
  days: 7,
  files: 400,
  recentFiles: 400,
  bytes: 48_200_000_000,
  recentBytes: 48_200_000_000,
  oldest: '2026-11-23T17:00:00Z',
  damaged: 0,
};
const said = (more: Partial<Coverage>, before = readOnce) =>
  remarksOf({ platform: 'demo', scrubbed: [{ ...before, ...more }] }, now);

test('where all is read, and all workers are of one version, nothing is said', () => {
  expect(remarksOf({ platform: 'demo' }, now)).toEqual([]);
  expect(said({})).toEqual([]);
});

test('damaged files, with what to do', () => {
  expect(said({ damaged: 1 })).toEqual([
    {
      tone: 'bad',
      message:
        '1 file is damaged or missing in the repository of documents: recovery points that refer to them are bad',
      remedy: 'Put them back as docs/scrub.md says, then read everything again: rekindle scrub demo --all',
    },
  ]);
  expect(said({ damaged: 3 })[0]?.message).toMatch(/^3 files are damaged or missing/);
});

test.each<[string, Partial<Coverage>, string, RegExp]>([
  [
    'a share that was not read in time',
    { recentBytes: 40_000_000_000, oldest: '2026-11-18T17:00:00Z' },
    'warn',
    /^17 % of 48\.2 GB in the repository of documents was not read within 7 days: the oldest reading is of 10 d ago$/,
  ],
  ['a share too small for a percent', { recentBytes: 48_199_999_999 }, 'warn', /^1 % of/],
  [
    'scrubs that ceased',
    { at: '2026-11-08T17:00:00Z' },
    'warn',
    /^The repository of documents was last scrubbed 20 d ago/,
  ],
  ['nothing that could be read', { files: 0, bytes: 0, recentBytes: 0 }, 'warn', /^Nothing could be read/],
])('%s', (_, more, tone, message) => {
  const [first, ...others] = said(more);
  expect(first).toMatchObject({ tone, message: expect.stringMatching(message) as string });
  expect(others).toEqual([]);
});

test('a new repository: that its first reading is not over asks nobody to do anything', () => {
  const { oldest: _, ...never } = readOnce;
  const [remark] = said({ recentBytes: 0 }, never);
  expect(remark?.tone).toBe('quiet');
  expect(remark?.message).toMatch(/^100 % .* some of it was never read yet$/);
  expect(remark).not.toHaveProperty('remedy');
});

test('where no scrub follows a backup, only damage is told', () => {
  const never = { days: 0, recentFiles: 0, recentBytes: 0, at: '2026-01-01T00:00:00Z' };
  expect(said(never)).toEqual([]);
  expect(said({ ...never, damaged: 2 })).toHaveLength(1);
});

test('workers of different versions', () => {
  expect(remarksOf({ platform: 'demo', workerVersions: ['0.1.0+8c1f', '0.2.0+41ab'] }, now)).toMatchObject([
    { tone: 'warn', message: 'Workers of different versions are at work: 0.1.0+8c1f, 0.2.0+41ab' },
  ]);
});

describe('readiness', () => {
  const at = '2026-11-28T17:50:00Z';
  const readiness = { verdict: 'ready' as const, since: at, at, everyMinutes: 30, unmet: [], checks: 20 };
  const remarks = (change: Partial<PlatformRow['readiness']>) =>
    remarksOf({ platform: 'demo', readiness: { ...readiness, ...change } }, now);

  test('a platform that is ready says nothing', () => expect(remarks({})).toEqual([]));

  test('what is not met stands with what to do', () => {
    const unmet = [{ name: 'disk', evidence: '3 GB free', remedy: 'Make room' }];
    expect(remarks({ verdict: 'not ready', unmet })).toEqual([
      { tone: 'warn', message: 'Not ready to be restored: disk: 3 GB free', remedy: 'Make room' },
    ]);
  });

  test('an old answer is no answer', () => {
    expect(remarks({ at: '2026-11-28T12:00:00Z', reason: 'the engine is gone' })[0]?.message).toBe(
      'Whether demo could be restored was last evaluated 6 h ago: the engine is gone',
    );
  });
});
