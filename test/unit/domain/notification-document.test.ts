import type { Announcement, RunWaits } from '../../../domain/notifications/announcement.ts';
import type { FreshnessNews } from '../../../domain/status/freshness.ts';
import { occasionOf } from '../../../domain/notifications/notification.ts';
import { run, times, partial, end, bad, told } from './notification-samples.ts';

describe('the document', () => {
  test('of a failure: one line for people, what failed and what to do', () => {
    expect(told(bad)).toEqual({
      version: 1,
      event: 'failure',
      platform: 'nuvla',
      at: times.finishedAt,
      text: '[nuvla] backup failed (SnapshotPartial): shard 2 of nuvla-job failed',
      run: { id: run, kind: 'backup', phase: 'failed', ...times, durationSeconds: 42 },
      failure: partial,
      links: { run: `https://ui.example/${run}`, page: `https://page.example/${run}` },
    });
  });

  test('of a recovery: which recovery point, and which run had failed', () => {
    const before = {
      run: 'backup/nuvla/before',
      finishedAt: '2026-11-21T08:30:10.000Z',
      failure: 'SnapshotFailed' as const,
    };
    const document = told(end(), before);
    expect(document).toMatchObject({
      event: 'recovery',
      run: { recoveryPoint: '2026-11-21t0930z' },
      recoveredFrom: { run: before.run, kind: 'SnapshotFailed', at: before.finishedAt },
    });
    expect(document?.text).toBe(
      '[nuvla] backup is good again: recovery point 2026-11-21t0930z; the one before, backup/nuvla/before, failed (SnapshotFailed)',
    );
    expect(told(end())).toBeUndefined();
  });

  test('of a change of readiness: what is new, what is met again, what is still not met', () => {
    const of = (name: string) => ({ name, evidence: `${name} is wrong`, remedy: `repair ${name}` });
    const news = {
      what: 'readiness' as const,
      at: times.finishedAt,
      verdict: 'not ready' as const,
      before: 'not ready' as const,
      since: times.startedAt,
      unmet: [of('disk'), of('images')],
      nowUnmet: ['images'],
      metAgain: ['clock'],
    };
    expect(told(news)).toMatchObject({
      event: 'readiness',
      at: times.finishedAt,
      text: '[nuvla] could still not be restored; images: images is wrong; met again: clock; still not met: disk',
      readiness: { verdict: 'not ready', unmet: [{ name: 'disk' }, { name: 'images', remedy: 'repair images' }] },
      links: { page: 'https://page.example/nuvla' },
    });
    const unknown = {
      ...news,
      verdict: 'unknown' as const,
      unmet: [],
      nowUnmet: [],
      metAgain: [],
      reason: 'No answer',
    };
    expect(told(unknown)?.text).toBe('[nuvla] not known whether it could be restored; No answer');
    expect(occasionOf('nuvla', news)).not.toBe(occasionOf('nuvla', unknown));
  });

  const waits = (waitsFor: RunWaits['waitsFor'], id = 'restore/nuvla/1'): RunWaits => ({
    what: 'waiting',
    run: id,
    kind: 'restore',
    phase: 'waiting for approval',
    startedAt: times.startedAt,
    since: times.finishedAt,
    recoveryPoint: '2026-11-21t0830z',
    waitsFor,
  });
  const approval = {
    for: 'approval' as const,
    planHash: 'c0ffee',
    summary: ['Recovery point: 2026-11-21t0830z'],
    approvers: ['ann', 'bob', 'cyd'],
    approvalsNeeded: 2,
    approvedBy: ['cyd'],
    until: '2026-11-22T09:30:42.000Z',
    downtimeSeconds: 45,
  };

  test('of a quarantine that cannot do its work: what to repair, and no answer to give', () => {
    const failure = { kind: 'InvalidPlatformFile', message: 'line 3: a typo', remedy: 'correct it' };
    const document = told({ ...waits({ for: 'repair', failure }, 'quarantine/restore/nuvla/1'), kind: 'quarantine' });
    expect(document?.text).toBe(
      '[nuvla] quarantine cannot go on, deletes nothing and tries again: line 3: a typo; correct it',
    );
    expect(document).toMatchObject({ event: 'waiting', failure, waiting: { for: 'repair', answers: [] } });
  });

  test('of an approval that is waited for: who may, until when, and the commands', () => {
    const document = told(waits(approval));
    expect(document?.text).toBe(
      '[nuvla] restore waits for one approval of ann, bob, cyd until 2026-11-22T09:30:42.000Z, 45 s without service: rekindle approve restore/nuvla/1 --hash c0ffee',
    );
    expect(document).toMatchObject({
      run: { recoveryPoint: '2026-11-21t0830z' },
      waiting: {
        who: { approvers: ['ann', 'bob', 'cyd'], needed: 2, approvedBy: ['cyd'] },
        planHash: 'c0ffee',
        summary: approval.summary,
        answers: [
          { choice: 'approve', command: 'rekindle approve restore/nuvla/1 --hash c0ffee' },
          { choice: 'reject', command: 'rekindle reject restore/nuvla/1' },
        ],
      },
    });
  });

  test('a run id with special characters stays one word for the shell', () => {
    const document = told(waits(approval, "it's mine; rm -rf"));
    expect(document?.waiting?.answers[1]?.command).toBe(`rekindle reject 'it'\\''s mine; rm -rf'`);
  });

  test('of a decision: what failed, what each choice would do, and the commands', () => {
    const choices = [
      { choice: 'retry' as const, meaning: 'run the step again' },
      { choice: 'abort' as const, meaning: 'end the run' },
    ];
    const document = told(waits({ for: 'decision', step: 'start-api', failure: partial, choices }));
    expect(document).toMatchObject({
      event: 'waiting',
      failure: partial,
      waiting: {
        step: 'start-api',
        answers: [
          {
            choice: 'retry',
            meaning: 'run the step again',
            command: 'rekindle decide restore/nuvla/1 retry --step start-api',
          },
          { choice: 'abort', command: 'rekindle decide restore/nuvla/1 abort --step start-api' },
        ],
      },
    });
    expect(document?.text).toContain('step start-api failed: shard 2 of nuvla-job failed; choices: retry, abort');
  });

  const news = (change: Partial<FreshnessNews> = {}): FreshnessNews => ({
    what: 'freshness',
    event: 'stale',
    at: '2026-11-21T12:00:00.000Z',
    staleSince: '2026-11-21T12:00:00.000Z',
    reminder: false,
    objectiveMinutes: 60,
    newest: { id: '2026-11-21t0930z', startedAt: times.startedAt, ageMinutes: 150 },
    ...change,
  });
  test.each([
    [
      'stale',
      news(),
      'stale: the newest good recovery point is 2026-11-21t0930z, 2 h 30 min old; the objective is 1 h 0 min',
    ],
    [
      'no point at all',
      news({ newest: undefined }),
      'stale: there is no good recovery point; the objective is 1 h 0 min',
    ],
    [
      'the catalogue is away',
      news({ reason: 'the catalogue cannot be read: no route' }),
      'stale: the newest good recovery point is 2026-11-21t0930z, 2 h 30 min old, as far as is known; the objective is 1 h 0 min; the catalogue cannot be read: no route',
    ],
    [
      'again',
      news({ reminder: true, newest: { id: 'x', startedAt: '', ageMinutes: 3000 } }),
      'still stale, since 2026-11-21T12:00:00.000Z: the newest good recovery point is x, 2 d 2 h old; the objective is 1 h 0 min',
    ],
    [
      'fresh again',
      news({ event: 'recovery', newest: { id: 'x', startedAt: '', ageMinutes: 0 } }),
      'recovery points are fresh again: the newest good one is x, 0 min old; stale since 2026-11-21T12:00:00.000Z',
    ],
  ])('of staleness: %s', (_what, given, text) => {
    expect(told(given)?.text).toBe(`[nuvla] ${text}`);
  });

  test('names none of the fields to which chat tools give a meaning of their own', () => {
    const theirs = ['channel', 'username', 'attachments', 'blocks', 'props', 'type', 'priority', 'icon_url'];
    for (const each of [bad, waits(approval), news()])
      expect(Object.keys(told(each) ?? {}).filter((field) => theirs.includes(field))).toEqual([]);
  });

  test('a long text is truncated, the message next to it is not', () => {
    const failure = { ...partial, message: 'x'.repeat(5000) };
    const document = told(end({ phase: 'failed', failure }));
    expect(document?.text.length).toBe(600);
    expect(document?.failure?.message.length).toBe(5000);
  });

  test('each occasion has its own id, and keeps it when it is sent again', () => {
    const decision = { for: 'decision' as const, step: 'start-api', failure: partial, choices: [] };
    const all: Announcement[] = [
      bad,
      end({ phase: 'failed', failure: partial, finishedAt: '2026-11-21T10:30:42.000Z' }),
      waits(approval),
      waits({ ...approval, planHash: 'decaf' }),
      waits(decision),
      waits({ ...decision, step: 'start-core' }),
      news(),
      news({ event: 'recovery' }),
      news({ at: '2026-11-22T12:00:00.000Z', reminder: true }),
    ];
    expect(new Set(all.map((each) => occasionOf('nuvla', each))).size).toBe(all.length);
    expect(occasionOf('nuvla', bad)).toBe(occasionOf('nuvla', structuredClone(bad)));
    expect(occasionOf('nuvla', bad)).not.toBe(occasionOf('other', bad));
  });
});
