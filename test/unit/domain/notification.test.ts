import {
  announcesOf,
  previousBackup,
  endIsToldTo,
  endedBadly,
  eventOfEnd,
} from '../../../domain/notifications/announcement.ts';
import type { RunOutcome } from '../../../domain/runs/outcome.ts';
import { demoPlatform } from '../../demo-situation.ts';
import { times, partial, end, bad, told } from './notification-samples.ts';

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

describe('who is notified', () => {
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
    const announces = announcesOf({ ...platform(), backup: { ...platform().backup, heartbeatUrl: { env: 'BEAT' } } })!;
    expect(endIsToldTo(announces, end())).toBe(true);
    expect(endIsToldTo(announces, bad)).toBe(false);
    expect(endIsToldTo(announces, end({ kind: 'restore' }))).toBe(false);
  });
  test('StatsD gets the end of every run', () => {
    const statsd = { host: 'localhost', port: 8125, prefix: 'rekindle', dialect: 'statsd' as const, tags: {} };
    const announces = announcesOf({ ...platform(), metrics: { statsd } })!;
    expect(endIsToldTo(announces, end({ kind: 'rebuild' }))).toBe(true);
  });
});
