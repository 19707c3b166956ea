import {
  announcesOf,
  previousBackup,
  endIsToldTo,
  endedBadly,
  eventOfEnd,
  type Announcement,
  type RunEnd,
  type RunWaits,
} from '../../../domain/notifications/announcement.ts';
import type { FreshnessNews } from '../../../domain/status/freshness.ts';
import { documentOf, occasionOf } from '../../../domain/notifications/notification.ts';
import type { RunOutcome } from '../../../domain/runs/outcome.ts';
import { demoPlatform } from '../../demo-situation.ts';

const run = 'backup/nuvla/2026-11-21T09:30:00Z';
const times = { startedAt: '2026-11-21T09:30:00.000Z', finishedAt: '2026-11-21T09:30:42.000Z' };
const partial = { kind: 'SnapshotPartial', message: 'shard 2 of nuvla-job\n  failed', remedy: 'look at the node' };
const end = (change: Partial<RunEnd> = {}): RunEnd => ({
  what: 'end',
  run,
  kind: 'backup',
  phase: 'passed',
  ...times,
  recoveryPoint: '2026-11-21t0930z',
  ...change,
});
const bad = end({ phase: 'failed', failure: partial });
const told = (announcement: Announcement, failedBefore?: Pick<RunOutcome, 'run' | 'finishedAt' | 'failure'>) =>
  documentOf({ platform: 'nuvla', announcement, failedBefore, pageOf: (id) => `https://ui.example/${id}` });

describe('a restore that left old data in quarantine', () => {
  const restore = 'restore/nuvla/2026-11-21T09:30:00Z';
  const kept = (releaseAt?: string) => ({ workflow: `quarantine/${restore}`, volumes: ['es-data'], releaseAt });
  test('says until when it is kept and what to type', () => {
    const failed = end({ run: restore, kind: 'restore', phase: 'failed', failure: partial, quarantine: kept() });
    expect(told(failed)).toMatchObject({
      text: expect.stringContaining(
        'the old data is kept until you roll back or release it (no deadline): es-data',
      ) as string,
      quarantine: { volumes: ['es-data'], commands: [`rekindle rollback ${restore}`, `rekindle release ${restore}`] },
    });
  });
  test('after a rollback says when what the restore had made is deleted', () => {
    const releaseAt = '2026-11-24T09:31:00.000Z';
    const back = end({ run: restore, kind: 'restore', phase: 'rolled back', quarantine: kept(releaseAt) });
    expect(told(back)).toMatchObject({
      text: expect.stringContaining(`what the restore had made is kept until ${releaseAt}`) as string,
      quarantine: { keptUntil: releaseAt, commands: [`rekindle release ${restore}`] },
    });
  });
});

describe('which end of a run is which event', () => {
  const refused = (kind: string) => ({ phase: 'refused' as const, failure: { ...partial, kind } });
  test.each([
    ['a backup that failed', {}, bad, 'failure'],
    ['a prune that failed', {}, { ...bad, kind: 'prune' as const }, 'failure'],
    ['a restore that failed and was rolled back', {}, end({ kind: 'restore', phase: 'rolled back' }), 'failure'],
    ['a rollback that was asked for', {}, end({ kind: 'quarantine', phase: 'rolled back' }), undefined],
    ['a backup without its key', {}, end(refused('MissingKey')), 'failure'],
    ['a restore that preflight refused', {}, end({ kind: 'restore', ...refused('PreflightRefused') }), 'failure'],
    ['a restore that nobody approved in time', {}, end({ kind: 'restore', ...refused('ApprovalTimedOut') }), 'failure'],
    ['a restore that a person rejected', {}, end({ kind: 'restore', ...refused('Rejected') }), undefined],
    ['a run that met another one', {}, end({ kind: 'restore', ...refused('PlatformBusy') }), undefined],
    ['a run that a person cancelled', {}, end({ phase: 'cancelled' }), undefined],
    ['a good backup after a bad one', { failedBefore: true }, end(), 'recovery'],
    ['a good backup after a good one', {}, end(), undefined],
    ['a good restore after a bad backup', { failedBefore: true }, end({ kind: 'restore' }), undefined],
    ['a bad backup after a bad one', { failedBefore: true }, bad, 'failure'],
  ])('%s', (_what, { failedBefore = false }: { failedBefore?: boolean }, of, event) => {
    expect(eventOfEnd(of, failedBefore)).toBe(event);
  });

  const outcome = (minute: number, change: Partial<RunOutcome> = {}): RunOutcome => ({
    run: `backup/nuvla/${minute}`,
    kind: 'backup',
    phase: 'passed',
    finishedAt: `2026-11-21T08:${String(minute).padStart(2, '0')}:00.000Z`,
    durationSeconds: 1,
    ...change,
  });
  test.each([
    ['the newest counts, in whatever order they are listed', [outcome(20, { phase: 'failed' }), outcome(10)], 20],
    ['a restore is none', [outcome(10), outcome(20, { kind: 'restore', phase: 'failed' })], 10],
    [
      'one that a person ended says nothing',
      [outcome(10, { phase: 'failed' }), outcome(20, { phase: 'cancelled' })],
      10,
    ],
    ['what ended later is not before', [outcome(10), outcome(20, { finishedAt: times.finishedAt })], 10],
    ['there is none', [], undefined],
  ])('the backup before: %s', (_what, outcomes, minute) => {
    expect(previousBackup(outcomes, end())?.run).toBe(minute === undefined ? undefined : `backup/nuvla/${minute}`);
  });
  test('an outcome in the catalogue says with its failure whether it was bad', () => {
    expect(endedBadly(outcome(1, { phase: 'refused', failure: 'MissingKey' }))).toBe(true);
    expect(endedBadly(outcome(1, { phase: 'refused', failure: 'Rejected' }))).toBe(false);
  });
});

describe('who listens', () => {
  const platform = () => demoPlatform();
  test('nobody: nothing is scheduled', () => expect(announcesOf(platform())).toBeUndefined());
  test('the events of all webhooks together', () => {
    const notifications = [
      { url: 'https://a.example', events: ['waiting' as const], headers: {} },
      { url: 'https://b.example', events: ['failure' as const, 'waiting' as const], headers: {} },
    ];
    const announces = announcesOf({ ...platform(), notifications });
    expect(announces).toEqual({ events: ['failure', 'waiting'], statsd: false, heartbeat: false });
    expect(endIsToldTo(announces!, bad)).toBe(true);
    expect(endIsToldTo(announces!, end())).toBe(false);
  });
  test("a dead man's switch hears of good backups only", () => {
    const announces = announcesOf({ ...platform(), backup: { sampledFiles: 0, heartbeatUrl: { env: 'BEAT' } } })!;
    expect(endIsToldTo(announces, end())).toBe(true);
    expect(endIsToldTo(announces, bad)).toBe(false);
    expect(endIsToldTo(announces, end({ kind: 'restore' }))).toBe(false);
  });
  test('StatsD hears of every end', () => {
    const statsd = { host: 'localhost', port: 8125, prefix: 'rekindle', dialect: 'statsd' as const, tags: {} };
    const announces = announcesOf({ ...platform(), metrics: { statsd } })!;
    expect(endIsToldTo(announces, end({ kind: 'rebuild' }))).toBe(true);
  });
});

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
      links: { run: `https://ui.example/${run}` },
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
    approvers: ['ann', 'bob', 'cyd'],
    approvalsNeeded: 2,
    approvedBy: ['cyd'],
    until: '2026-11-22T09:30:42.000Z',
    downtimeSeconds: 45,
  };

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
        answers: [
          { choice: 'approve', command: 'rekindle approve restore/nuvla/1 --hash c0ffee' },
          { choice: 'reject', command: 'rekindle reject restore/nuvla/1' },
        ],
      },
    });
  });

  test('a run that a person named oddly stays one word for the shell', () => {
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

  test('a long text is cut, the message beside it is not', () => {
    const failure = { ...partial, message: 'x'.repeat(5000) };
    const document = told(end({ phase: 'failed', failure }));
    expect(document?.text.length).toBe(600);
    expect(document?.failure?.message.length).toBe(5000);
  });

  test('each occasion is one of its own, and the same when it is told again', () => {
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
