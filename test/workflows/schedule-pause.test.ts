import { applyToTemporal } from '../../cli/schedule/apply.ts';
import { backfillSchedule } from '../../cli/schedule/backfill.ts';
import { pauseSchedules, resumeSchedules } from '../../cli/schedule/pause.ts';
import { showSchedules } from '../../cli/schedule/show.ts';
import { openScheduleScene } from './schedule-scene.ts';
import { waitFor } from '../wait-for.ts';
import { scene, useSchedules, nightly, whole, by, handleOf, apply, show } from './schedule-commands.ts';

useSchedules();

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
    [{ from: 'yesterday' }, '--from is not a time', '--from 2026'],
    [{}, '--from is not a time', '--from 2026'],
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
