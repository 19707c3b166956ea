import { randomBytes } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createSchedule, matchingTimes } from '../../client/schedules/temporal-schedules.ts';
import { schedulesOf, type Schedule } from '../../domain/schedule.ts';
import { timesBetween } from '../../domain/schedule/times.ts';
import { demoPlatform } from '../demo-situation.ts';

// What Temporal's server makes of our schedules around the nights in which clocks are set: no time twice, none left out.

let client: Client;
const ids: string[] = [];
beforeAll(async () => {
  client = new Client({ connection: await Connection.connect({ address: inject('temporalAddress') }) });
});
afterAll(async () => {
  for (const id of ids) await client.schedule.getHandle(id).delete();
  await client.connection.close();
});

function scheduleOf(cron: string, timeZone: string): Schedule {
  const platform = demoPlatform(`times-${randomBytes(4).toString('hex')}`);
  platform.backup.schedule = { cron, timeZone, jitterSeconds: 0, catchUpSeconds: 60 };
  return schedulesOf(platform)[0]!;
}

/** As the server says them; nobody serves the queue, should one of them come while the test runs. */
async function serverTimes(schedule: Schedule, [from, to]: readonly [string, string]): Promise<string[]> {
  await createSchedule(client, schedule, 'nobody');
  ids.push(schedule.id);
  await client.schedule.getHandle(schedule.id).pause();
  const times = await matchingTimes(client, schedule.id, new Date(from), new Date(Date.parse(to) - 1000));
  return times.map((time) => `${time.toISOString().slice(0, 19)}Z`);
}

/** From local noon to local noon. */
const nights = {
  'Zurich back': ['Europe/Zurich', '2026-10-24T10:00:00Z', '2026-10-25T11:00:00Z'],
  'Zurich forward': ['Europe/Zurich', '2027-03-27T11:00:00Z', '2027-03-28T10:00:00Z'],
  'New York back': ['America/New_York', '2026-10-31T16:00:00Z', '2026-11-01T17:00:00Z'],
  'New York forward': ['America/New_York', '2027-03-13T17:00:00Z', '2027-03-14T16:00:00Z'],
  // At midnight.
  'Cairo back': ['Africa/Cairo', '2026-10-29T09:00:00Z', '2026-10-30T10:00:00Z'],
  'Cairo forward': ['Africa/Cairo', '2027-04-29T10:00:00Z', '2027-04-30T09:00:00Z'],
  // Offsets of half an hour, and changes at a quarter to.
  'Adelaide back': ['Australia/Adelaide', '2027-04-03T01:30:00Z', '2027-04-04T02:30:00Z'],
  'Adelaide forward': ['Australia/Adelaide', '2026-10-03T02:30:00Z', '2026-10-04T01:30:00Z'],
  'Chatham back': ['Pacific/Chatham', '2027-04-02T22:15:00Z', '2027-04-03T23:15:00Z'],
  'Chatham forward': ['Pacific/Chatham', '2026-09-25T23:15:00Z', '2026-09-26T22:15:00Z'],
} as const;
const fixed = [
  '30 2 * * *',
  '0 0 * * *',
  '15 3 * * *',
  '0 */2 * * *',
  '*/15 1-3 * * *',
  '30 0,1 * * *',
  '0 0-22 * * *',
];

describe.each(Object.entries(nights))('%s', (name, [timeZone, from, to]) => {
  test.concurrent.each(fixed)('%s comes as often as in any other night', async (cron) => {
    const schedule = scheduleOf(cron, timeZone);
    const times = await serverTimes(schedule, [from, to]);
    expect(times).toEqual(timesBetween(schedule, from, to, 1000));
    const utc = scheduleOf(cron, 'UTC');
    expect(times).toHaveLength(timesBetween(utc, '2027-01-01T12:00:00Z', '2027-01-02T12:00:00Z', 1000).length);
  });

  test.concurrent.each([
    ['30 * * * *', 1],
    ['*/15 * * * *', 4],
  ] as const)('%s comes each real hour', async (cron, perHour) => {
    const schedule = scheduleOf(cron, timeZone);
    const times = await serverTimes(schedule, [from, to]);
    expect(times).toHaveLength((name.endsWith('back') ? 25 : 23) * perHour);
    const gaps = times.slice(1).map((time, index) => (Date.parse(time) - Date.parse(times[index]!)) / 60_000);
    expect(new Set(gaps)).toEqual(new Set([60 / perHour]));
    expect(times).toEqual(timesBetween(schedule, from, to, 1000));
  });
});

test.each([
  ['2026-10-24T22:00:00Z', 'Europe/Zurich', 2],
  ['2027-03-27T22:00:00Z', 'Europe/Zurich', 0],
])('without a clock of its own, Temporal would start 02:30 twice or not at all (%s)', async (from, timeZone, count) => {
  const { zoneData, ...bare } = scheduleOf('30 2 * * *', timeZone);
  expect(zoneData).toBeDefined();
  expect(await serverTimes(bare, [from, new Date(Date.parse(from) + 20 * 3_600_000).toISOString()])).toHaveLength(
    count,
  );
});

test.each(['Australia/Lord_Howe', 'Antarctica/Troll'])(
  '%s, whose clock is set by another shift than an hour',
  async (timeZone) => {
    for (const cron of ['30 2 * * *', '30 * * * *', '0 */2 * * *']) {
      const schedule = scheduleOf(cron, timeZone);
      const year = ['2026-08-01T00:00:00Z', '2026-08-20T00:00:00Z'] as const;
      for (const window of [
        year,
        ['2026-09-25T00:00:00Z', '2026-11-03T00:00:00Z'],
        ['2027-03-20T00:00:00Z', '2027-04-10T00:00:00Z'],
      ] as const) {
        const inNew = scheduleOf(cron, timeZone);
        expect((await serverTimes(inNew, window)).slice(0, 900)).toEqual(timesBetween(schedule, ...window, 900));
      }
    }
  },
);

test('a day of the month or one of the week, seconds first, an interval: as it is written', async () => {
  const month = ['2027-02-01T00:00:00Z', '2027-03-01T00:00:00Z'] as const;
  expect(await serverTimes(scheduleOf('10 0 3 1 * mon', 'UTC'), month)).toEqual(
    [1, 8, 15, 22].map((day) => `2027-02-${String(day).padStart(2, '0')}T03:00:10Z`),
  );
  expect(await serverTimes(scheduleOf('0 3 13 * fri', 'UTC'), month)).toHaveLength(5);
  expect(await serverTimes(scheduleOf('@every 7d', 'UTC'), month)).toHaveLength(4);
});
