import { randomBytes } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { createSchedule, matchingTimes } from '../../client/schedules/temporal-schedules.ts';
import { schedulesOf, type Schedule } from '../../domain/schedule/schedule.ts';
import { timesBetween } from '../../domain/schedule/times.ts';
import { demoPlatform } from '../demo-situation.ts';
import { provided } from '../provided.ts';

// What Temporal's server makes of our schedules around the nights in which clocks are set: no time twice, none left out.

let client: Client;
const ids: string[] = [];
beforeAll(async () => {
  client = new Client({ connection: await Connection.connect({ address: provided('temporalAddress') }) });
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
async function serverTimes(schedule: Schedule, from: string, to: string): Promise<string[]> {
  await createSchedule(client, schedule, 'nobody');
  ids.push(schedule.id);
  await client.schedule.getHandle(schedule.id).pause();
  const times = await matchingTimes(client, schedule.id, new Date(from), new Date(Date.parse(to) - 1000));
  return times.map((time) => `${time.toISOString().slice(0, 19)}Z`);
}

/** A local noon, and the local noon three days later: the clock is set in the second night. */
const nights = {
  'Zurich back': ['Europe/Zurich', '2026-10-23T10:00:00Z', 73],
  'Zurich forward': ['Europe/Zurich', '2027-03-26T11:00:00Z', 71],
  'London back': ['Europe/London', '2026-10-23T11:00:00Z', 73],
  'New York back': ['America/New_York', '2026-10-30T16:00:00Z', 73],
  'New York forward': ['America/New_York', '2027-03-12T17:00:00Z', 71],
  // At midnight.
  'Cairo back': ['Africa/Cairo', '2026-10-28T09:00:00Z', 73],
  'Santiago back': ['America/Santiago', '2027-04-02T15:00:00Z', 73],
  'Cairo forward': ['Africa/Cairo', '2027-04-28T10:00:00Z', 71],
  // Half hours, and a change at a quarter to.
  'Adelaide back': ['Australia/Adelaide', '2027-04-02T01:30:00Z', 73],
  'Chatham back': ['Pacific/Chatham', '2027-04-01T22:15:00Z', 73],
  'Chatham forward': ['Pacific/Chatham', '2026-09-24T23:15:00Z', 71],
} as const;
const fixed = ['30 2 * * *', '30 1 * * *', '0 0 * * *', '0 */2 * * *', '*/15 1-3 * * *', '30 23 * * *', '0 0-22 * * *'];

describe.each(Object.entries(nights))('%s', (_, [timeZone, from, hours]) => {
  const to = new Date(Date.parse(from) + hours * 3_600_000).toISOString();

  test.each(fixed)('%s comes as often as in any other three days', async (cron) => {
    const schedule = scheduleOf(cron, timeZone);
    const times = await serverTimes(schedule, from, to);
    expect(times).toEqual(timesBetween(schedule, from, to, 1000));
    const usual = timesBetween(scheduleOf(cron, 'UTC'), '2027-01-01T12:00:00Z', '2027-01-04T12:00:00Z', 1000);
    expect(times).toHaveLength(usual.length);
  });

  test.each([
    ['30 * * * *', 1],
    ['*/15 * * * *', 4],
  ])('%s comes in each real hour', async (cron, perHour) => {
    const schedule = scheduleOf(cron, timeZone);
    const times = await serverTimes(schedule, from, to);
    expect(times).toHaveLength(hours * perHour);
    const gaps = times.slice(1).map((time, index) => (Date.parse(time) - Date.parse(times[index]!)) / 60_000);
    expect(new Set(gaps)).toEqual(new Set([60 / perHour]));
  });

  test.each(['30 1 * * fri,sat,sun', '30 2 28 3 *', '*/15 1-3 25 10 *', '*/15 * * * sun', '0 */2 1 * mon'])(
    '%s comes as reckoned',
    async (cron) => {
      const schedule = scheduleOf(cron, timeZone);
      expect(await serverTimes(schedule, from, to)).toEqual(timesBetween(schedule, from, to, 1000));
    },
  );
});

test.each([
  ['Zurich back', '30 1 * * *', 4],
  ['Zurich back', '30 * * * *', 72],
  ['Zurich forward', '30 2 * * *', 2],
  ['New York back', '30 1 * * *', 4],
] as const)('by the clock of the zone alone, Temporal goes wrong: %s, %s', async (night, cron, count) => {
  const [timeZone, from, hours] = nights[night];
  const { zoneData, ...bare } = scheduleOf(cron, timeZone);
  expect(zoneData).toBeDefined();
  const to = new Date(Date.parse(from) + hours * 3_600_000).toISOString();
  expect(await serverTimes(bare, from, to)).toHaveLength(count);
});

test.each(['Australia/Lord_Howe', 'Antarctica/Troll'])(
  '%s, whose clock is set by another shift than an hour',
  async (timeZone) => {
    for (const cron of ['30 2 * * *', '30 * * * *', '0 */2 * * *', '30 1 * * sun'])
      for (const [from, to] of [
        ['2026-09-25T00:00:00Z', '2026-11-03T00:00:00Z'],
        ['2027-03-20T00:00:00Z', '2027-04-10T00:00:00Z'],
      ] as const) {
        const schedule = scheduleOf(cron, timeZone);
        expect(await serverTimes(schedule, from, to)).toEqual(timesBetween(schedule, from, to, 1000));
      }
  },
);

test('a day of the month or one of the week, seconds first, an interval: as it is written', async () => {
  const month = ['2027-02-01T00:00:00Z', '2027-03-01T00:00:00Z'] as const;
  expect(await serverTimes(scheduleOf('10 0 3 1 * mon', 'UTC'), ...month)).toEqual(
    [1, 8, 15, 22].map((day) => `2027-02-${String(day).padStart(2, '0')}T03:00:10Z`),
  );
  expect(await serverTimes(scheduleOf('0 3 13 * fri', 'UTC'), ...month)).toHaveLength(5);
  expect(await serverTimes(scheduleOf('@every 7d', 'UTC'), ...month)).toHaveLength(4);
});
