import { join } from 'node:path';
import { ScheduleOverlapPolicy } from '@temporalio/client';
import { applyToTemporal } from '../../cli/schedule/apply.ts';
import { backfillSchedule } from '../../cli/schedule/backfill.ts';
import { pauseSchedules, resumeSchedules } from '../../cli/schedule/pause.ts';
import { showSchedules } from '../../cli/schedule/show.ts';
import { createPayloadKeyFile } from '../../operations/payload-key-file.ts';
import type { ScheduleChange } from '../../domain/schedule/difference.ts';
import { openScheduleScene, type ScheduleScene } from './schedule-scene.ts';
import { waitFor } from '../wait-for.ts';

// The schedules that a platform file asks for, on a real Temporal: made, compared, put back, paused, filled up.

let scene: ScheduleScene;
beforeAll(async () => {
  scene = await openScheduleScene();
});
afterAll(() => scene.close());

const nightly = { cron: '30 2 * * *', timeZone: 'Europe/Zurich', jitterSeconds: 30, catchUpSeconds: 7200 };
const whole = {
  backup: { schedule: nightly, retention: { daily: 7 }, pruneSchedule: '@daily' },
  objectives: { recoveryPointMinutes: 60 },
};
const by = 'anna@desk';
const handleOf = (kind: 'backup' | 'prune' | 'freshness') => scene.client.schedule.getHandle(scene.id(kind));

async function apply(dryRun = false): Promise<{ changes: ScheduleChange[]; said: string }> {
  scene.documents();
  scene.said();
  expect(await applyToTemporal(scene.context, scene.platform, { dryRun })).toBe(0);
  const [{ changes }] = scene.documents() as [{ changes: ScheduleChange[] }];
  return { changes, said: scene.said() };
}

async function show(exitCode: number): Promise<{ said: string; schedules: Record<string, unknown>[] }> {
  scene.documents();
  scene.said();
  expect(await showSchedules(scene.context, scene.platform)).toBe(exitCode);
  const [{ schedules }] = scene.documents() as [{ schedules: Record<string, unknown>[] }];
  return { schedules, said: scene.said() };
}

const kinds = (changes: ScheduleChange[]) => changes.map(({ change }) => change);

describe('apply', () => {
  test('a dry run shows what would be made, and makes nothing', async () => {
    await scene.write(whole);
    const { changes, said } = await apply(true);
    expect(kinds(changes)).toEqual(['create', 'create', 'create']);
    expect(said).toContain(`+ ${scene.id('backup')}: to be made`);
    expect(said).toContain('nothing was changed');
    await expect(handleOf('backup').describe()).rejects.toThrow();
  });

  test('makes them as the file says', async () => {
    const { changes, said } = await apply();
    expect(kinds(changes)).toEqual(['create', 'create', 'create']);
    expect(said).toContain('every day at 02:30, Europe/Zurich, up to 30 s later');
    const backup = await handleOf('backup').describe();
    expect(backup.action).toMatchObject({
      workflowType: 'backup',
      workflowId: `backup/${scene.platform}`,
      taskQueue: `test-${scene.platform}`,
      args: [{ platform: scene.platform }],
    });
    expect(backup.policies).toMatchObject({ overlap: 'SKIP', catchupWindow: 7_200_000, pauseOnFailure: false });
    expect(backup.spec).toMatchObject({ timezone: 'Europe/Zurich', jitter: 30_000 });
    expect(backup.state).toMatchObject({ paused: false, note: expect.stringContaining('made by Rekindle') as string });
    expect((await handleOf('prune').describe()).action).toMatchObject({ workflowType: 'prune' });
    const freshness = await handleOf('freshness').describe();
    expect(freshness.action).toMatchObject({ workflowType: 'freshness', args: [{ platform: scene.platform }] });
    expect(freshness.spec.intervals).toMatchObject([{ every: 300_000 }]);
  });

  test('once more: no change, and nothing is written', async () => {
    const before = (await handleOf('backup').describe()).info.lastUpdatedAt;
    const { changes, said } = await apply();
    expect(kinds(changes)).toEqual(['none', 'none', 'none']);
    expect(said).toContain('no change');
    expect((await handleOf('backup').describe()).info.lastUpdatedAt).toEqual(before);
  });

  test('what the file changed is shown as such, field by field, and done; a pause and its note stay', async () => {
    await pauseSchedules(scene.context, scene.platform, { only: 'backup', note: 'new disks', by });
    await scene.write({
      ...whole,
      backup: { ...whole.backup, schedule: { ...nightly, cron: '45 3 * * *', jitterSeconds: 0 } },
    });
    const { changes, said } = await apply();
    expect(changes.find(({ id }) => id === scene.id('backup'))).toMatchObject({
      change: 'update',
      fields: [
        { field: 'timing', is: '0 30 2 * * *', wanted: '0 45 3 * * *', cause: 'file' },
        { field: 'clock', cause: 'file' },
        { field: 'jitter', is: '30 s', wanted: '0 s', cause: 'file' },
      ],
    });
    expect(said).toContain('(the file changed)');
    expect(said).not.toContain('by hand');
    expect((await handleOf('backup').describe()).state).toMatchObject({ paused: true, note: 'new disks (anna@desk)' });
    await scene.write(whole);
    await apply();
    await resumeSchedules(scene.context, scene.platform, { only: 'backup', by });
  });

  test('what is in the file no more is removed; what belongs to others is not touched', async () => {
    const foreign = `other-${scene.platform}`;
    const action = { type: 'startWorkflow', workflowType: 'x', taskQueue: 'nobody', args: [] } as const;
    for (const scheduleId of [foreign, `rekindle/${scene.platform}/weekly`])
      await scene.client.schedule.create({ scheduleId, spec: { intervals: [{ every: '30 days' }] }, action });
    // Temporal's list comes late.
    await waitFor(
      async () => {
        const ids: string[] = [];
        for await (const one of scene.client.schedule.list()) ids.push(one.scheduleId);
        expect(ids).toEqual(expect.arrayContaining([foreign, `rekindle/${scene.platform}/weekly`]));
      },
      { timeout: 10_000 },
    );
    await scene.write({ backup: { schedule: nightly } });
    const { changes, said } = await apply();
    expect(Object.fromEntries(changes.map(({ id, change }) => [id.split('/').at(-1), change]))).toEqual({
      backup: 'none',
      prune: 'remove',
      freshness: 'remove',
      weekly: 'remove',
    });
    expect(said).toContain(`- ${scene.id('prune')}: to be removed`);
    await expect(handleOf('prune').describe()).rejects.toThrow();
    expect((await scene.client.schedule.getHandle(foreign).describe()).action).toMatchObject({ workflowType: 'x' });
    await scene.client.schedule.getHandle(foreign).delete();
    expect(kinds((await apply()).changes)).toEqual(['none']);
  });
});

test('with a payload key, what a schedule starts is encrypted, and applying it again changes nothing', async () => {
  const encrypted = await openScheduleScene();
  await encrypted.write({ backup: { schedule: nightly } });
  const { platformsFolder } = encrypted.context.environment;
  encrypted.context.environment.payloadKeyFile = join(platformsFolder, 'payload-key.txt');
  await createPayloadKeyFile(encrypted.context.environment.payloadKeyFile);
  for (const change of ['create', 'none']) {
    expect(await applyToTemporal(encrypted.context, encrypted.platform, { dryRun: false })).toBe(0);
    expect(encrypted.documents()).toMatchObject([{ changes: [{ change }] }]);
  }
  const scheduleId = encrypted.id('backup');
  const namespace = 'default';
  const { schedule } = await encrypted.client.workflowService.describeSchedule({ namespace, scheduleId });
  const { input, memo } = schedule?.action?.startWorkflow ?? {};
  for (const payload of [...(input?.payloads ?? []), ...Object.values(memo?.fields ?? {})])
    expect(Buffer.from(payload.metadata?.['encoding'] ?? '').toString()).toBe('binary/encrypted');
  await encrypted.close();
});

describe('drift', () => {
  test('a schedule that somebody changed is shown by field, told from a change of the file, and put back', async () => {
    await scene.write({ backup: { schedule: nightly } });
    await apply();
    await handleOf('backup').update((described) => ({
      ...described,
      policies: { ...described.policies, overlap: ScheduleOverlapPolicy.ALLOW_ALL },
      spec: { ...described.spec, endAt: new Date('2030-01-01T00:00:00Z') },
      state: { ...described.state, paused: true, note: 'paused by Ben' },
    }));
    await scene.write({ backup: { schedule: { ...nightly, catchUpSeconds: 3600 } } });

    const shown = await show(1);
    expect(shown.schedules).toMatchObject([{ state: 'changed by hand', paused: true, note: 'paused by Ben' }]);
    expect(shown.said).toMatch(/overlap\s+allow all → skip\s+\(changed by hand in Temporal\)/);
    expect(shown.said).toMatch(/catch-up window\s+7200 s → 3600 s\s+\(the file changed\)/);
    // The SDK knows nothing of the zone's data, so whoever updates with it takes the schedule's own clock away.
    expect(shown.said).toMatch(/clock\s+the time zone's → its own \S+\s+\(changed by hand in Temporal\)/);
    expect(shown.said).toMatch(/anything else\s+ends 2030-01-01T00:00:00.000Z → nothing/);

    const { said } = await apply();
    expect(said).toContain(`~ ${scene.id('backup')}: to be put back to what the file asks for`);
    const { policies, spec, state } = await handleOf('backup').describe();
    expect(policies).toMatchObject({ overlap: 'SKIP', catchupWindow: 3_600_000 });
    expect(spec.endAt).toBeUndefined();
    expect(state).toMatchObject({ paused: true, note: 'paused by Ben' });
    await resumeSchedules(scene.context, scene.platform, { by });
    await show(0);
  });

  test('one that was made by hand under the id is taken over', async () => {
    await handleOf('backup').delete();
    await scene.client.schedule.create({
      scheduleId: scene.id('backup'),
      spec: { cronExpressions: ['30 2 * * *'] },
      action: { type: 'startWorkflow', workflowType: 'backup', taskQueue: 'nobody', args: [] },
    });
    expect((await show(1)).schedules).toMatchObject([{ state: 'changed by hand' }]);
    await apply();
    await show(0);
  });

  test('one that somebody removed is missing, and made again', async () => {
    await handleOf('backup').delete();
    expect((await show(1)).schedules).toMatchObject([{ state: 'missing' }]);
    expect(kinds((await apply()).changes)).toEqual(['create']);
  });
});

describe('pause and resume', () => {
  test('with a note; the look at stale backups goes on, unless it is named', async () => {
    await scene.write(whole);
    await apply();
    expect(await pauseSchedules(scene.context, scene.platform, { note: 'new disks', by })).toBe(0);
    const pausedOf = async () => [
      (await handleOf('backup').describe()).state.paused,
      (await handleOf('prune').describe()).state.paused,
      (await handleOf('freshness').describe()).state.paused,
    ];
    expect(await pausedOf()).toEqual([true, true, false]);
    expect((await show(0)).said).toMatch(/paused\s+new disks \(anna@desk\)/);
    scene.said();
    await pauseSchedules(scene.context, scene.platform, { only: 'freshness', by });
    await pauseSchedules(scene.context, scene.platform, { only: 'backup', note: 'still', by });
    expect(scene.said()).toContain('was paused already ("new disks (anna@desk)")');
    expect(await pausedOf()).toEqual([true, true, true]);
    await resumeSchedules(scene.context, scene.platform, { only: 'freshness', by });
    await resumeSchedules(scene.context, scene.platform, { by });
    expect(await pausedOf()).toEqual([false, false, false]);
    expect((await handleOf('backup').describe()).state.note).toBe('resumed by anna@desk');
  });

  test('without schedules there is nothing to pause', async () => {
    const other = await openScheduleScene();
    await other.write({});
    await expect(pauseSchedules(other.context, other.platform, { by })).rejects.toMatchObject({
      kind: 'InvalidArgument',
      message: expect.stringContaining('no schedule') as string,
    });
    expect(await applyToTemporal(other.context, other.platform, { dryRun: false })).toBe(0);
    expect(other.said()).toContain('asks for no schedule');
    await other.close();
  });
});

describe('backfill', () => {
  test('says how many, and starts so many, one after the other', async () => {
    const past = { from: '2026-01-05T00:00:00Z', to: '2026-01-08T00:00:00Z' };
    scene.documents();
    expect(await backfillSchedule(scene.context, scene.platform, { ...past, dryRun: true })).toBe(0);
    const [{ times }] = scene.documents() as [{ times: string[] }];
    expect(times.map((time) => time.slice(0, 15))).toEqual(['2026-01-05T01:3', '2026-01-06T01:3', '2026-01-07T01:3']);
    expect((await handleOf('backup').describe()).info.numActionsTaken).toBe(0);
    scene.said();
    await backfillSchedule(scene.context, scene.platform, { ...past, dryRun: false });
    expect(scene.said()).toContain('3 starts asked for');
    // Nobody serves the queue: the first one runs, the others wait for it.
    await waitFor(
      async () => {
        const { info } = await handleOf('backup').describe();
        expect(info.recentActions.map(({ action }) => action.workflow.workflowId)).toEqual([
          `backup/${scene.platform}-2026-01-05T01:30:00Z`,
        ]);
      },
      { timeout: 10_000 },
    );
    // Temporal's list comes late, too.
    await waitFor(
      async () => {
        expect((await show(0)).said).toMatch(/last\s+\S+\s+running\s+backup\/\S+-2026-01-05T01:30:00Z/);
      },
      { timeout: 15_000 },
    );
  });

  test.each([
    [{ from: '2025-01-01T00:00:00Z', to: '2026-01-01T00:00:00Z' }, '365 starts', 'at most 50'],
    [{ from: 'yesterday' }, '--from is no time', '--from 2026'],
    [{}, '--from is no time', '--from 2026'],
    [{ from: '2026-01-01', to: '2025-01-01' }, '--to is before --from', '--from 2026'],
    [{ from: '2026-01-01', to: '2126-01-01' }, '--to is in the future', '--from 2026'],
  ])('%j is refused', async (options, message, remedy) => {
    await expect(backfillSchedule(scene.context, scene.platform, { ...options, dryRun: false })).rejects.toMatchObject({
      kind: 'InvalidArgument',
      message: expect.stringContaining(message) as string,
      remedy: expect.stringContaining(remedy) as string,
    });
  });

  test('a span without a start does nothing', async () => {
    scene.said();
    const empty = { from: '2026-01-05T03:00:00Z', to: '2026-01-05T04:00:00Z' };
    expect(await backfillSchedule(scene.context, scene.platform, { ...empty, dryRun: false })).toBe(0);
    expect(scene.said()).toContain('no start between');
  });
});

describe('refused before Temporal is asked', () => {
  test.each([
    ['an unknown platform', undefined, 'UnknownPlatform'],
    ['an invalid cron', { backup: { schedule: '61 * * * *' } }, 'InvalidPlatformFile'],
    ['an unknown time zone', { backup: { schedule: { ...nightly, timeZone: 'Mars/Olympus' } } }, 'InvalidPlatformFile'],
  ])('%s', async (_, file, kind) => {
    const environment = { ...scene.context.environment, temporalAddress: '127.0.0.1:1' };
    if (file) await scene.write(file);
    const platform = file ? scene.platform : 'nobody';
    await expect(applyToTemporal({ ...scene.context, environment }, platform, { dryRun: false })).rejects.toMatchObject(
      {
        kind,
      },
    );
  });

  test('and a Temporal that does not answer is told as such', async () => {
    await scene.write(whole);
    const environment = { ...scene.context.environment, temporalAddress: '127.0.0.1:1' };
    await expect(showSchedules({ ...scene.context, environment }, scene.platform)).rejects.toMatchObject({
      kind: 'TemporalUnreachable',
    });
  });
});
