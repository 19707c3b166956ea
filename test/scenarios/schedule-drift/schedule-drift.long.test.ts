import { ScheduleOverlapPolicy } from '@temporalio/client';
import { eventually } from '../../../stack/engine.ts';
import { type Ended, useScenario, useVariant } from '../harness/index.ts';

// cspell:ignore zuerich

// A platform whose backups Temporal starts, as a user sets that up with the command line; and somebody who interferes.

const scenario = useScenario();
const variant = useVariant(scenario);
let platform: string;
let id: string;

const schedule = (...args: string[]) =>
  scenario.rekindle(['schedule', platform, ...args, '--json'], { environment: variant.environment });
const changesOf = ({ json }: Ended) => (json as { changes: { change: string }[] }).changes.map(({ change }) => change);
const points = async () => {
  const { json } = await scenario.rekindle(['points', platform, '--json']);
  return (json as { points: { id: string }[] }).points.length;
};
const asked = { everySeconds: 5, catchUpSeconds: 60 };

beforeAll(async () => {
  platform = scenario.platform.project;
  id = `rekindle/${platform}/backup`;
  await variant.write((file) => (file.backup['schedule'] = asked));
});

afterAll(async () => {
  await scenario.client.schedule
    .getHandle(id)
    .delete()
    .catch(() => undefined);
});

test('the schedule of the file takes backups; applied again, it stays as it is', async () => {
  expect(await schedule('show')).toMatchObject({ exitCode: 1, json: { schedules: [{ state: 'missing' }] } });
  const dry = await schedule('apply', '--dry-run');
  expect([dry.exitCode, changesOf(dry)]).toEqual([0, ['create']]);
  const before = await points();
  await scenario.startWorker(variant.environment);
  const first = await schedule('apply');
  expect([first.exitCode, changesOf(first)]).toEqual([0, ['create']]);
  const again = await schedule('apply');
  expect([again.exitCode, changesOf(again)]).toEqual([0, ['none']]);
  await eventually('a scheduled backup passes', 60, async () => {
    expect(await points()).toBeGreaterThan(before);
  });
  expect((await schedule('pause', '--note', 'enough', '--by', 'anna')).exitCode).toBe(0);
  // A second backup may have begun before the pause, and may be under way.
  await eventually('show tells of it', 60, async () => {
    const shown = await schedule('show');
    expect(shown).toMatchObject({ exitCode: 0, json: { schedules: [{ paused: true, note: 'enough (anna)' }] } });
    const [first] = (shown.json as { schedules: { runs: { id: string; outcome: string }[] }[] }).schedules;
    expect(first?.runs.map(({ outcome }) => outcome)).toContain('passed');
    expect(first?.runs[0]?.id).toContain(`backup/${platform}-20`);
  });
});

test('someone changes it in Temporal: shown as drift, reverted, still paused', async () => {
  const handle = scenario.client.schedule.getHandle(id);
  await handle.update((described) => ({
    ...described,
    policies: { ...described.policies, overlap: ScheduleOverlapPolicy.ALLOW_ALL },
  }));
  const shown = await schedule('show');
  expect(shown.exitCode).toBe(1);
  expect(shown.json).toMatchObject({ schedules: [{ state: 'changed by hand' }] });
  expect(await schedule('apply')).toMatchObject({
    exitCode: 0,
    json: { changes: [{ change: 'update', fields: [{ field: 'overlap', wanted: 'skip', cause: 'hand' }] }] },
  });
  expect(await schedule('show')).toMatchObject({ exitCode: 0, json: { schedules: [{ paused: true }] } });
  expect((await handle.describe()).policies.overlap).toBe('SKIP');
});

test('an invalid cron and an unknown time zone are refused by check and apply; no schedule in the file removes it', async () => {
  for (const [fault, says] of [
    [{ cron: '0 24 * * *' }, 'backup.schedule.cron: the hour is "24"'],
    [{ cron: '@daily', timeZone: 'Europe/Zuerich' }, 'did you mean "Europe/Zurich"?'],
  ] as const) {
    await variant.write((file) => (file.backup['schedule'] = fault));
    for (const args of [
      ['check', platform],
      ['schedule', platform, 'apply'],
    ])
      expect(await scenario.rekindle(args, { environment: variant.environment })).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining(says) as string,
      });
  }
  await variant.write((file) => delete file.backup['schedule']);
  const removed = await schedule('apply');
  expect([removed.exitCode, changesOf(removed)]).toEqual([0, ['remove']]);
  expect(await schedule('show')).toMatchObject({ exitCode: 0, json: { schedules: [] } });
});
