import { join } from 'node:path';
import { ScheduleOverlapPolicy } from '@temporalio/client';
import { applyToTemporal } from '../../cli/schedule/apply.ts';
import { pauseSchedules, resumeSchedules } from '../../cli/schedule/pause.ts';
import { createPayloadKeyFile } from '../../operations/payload-key-file.ts';
import { openScheduleScene } from './schedule-scene.ts';
import { waitFor } from '../wait-for.ts';
import { scene, useSchedules, nightly, whole, by, handleOf, apply, show, kinds } from './schedule-commands.ts';

useSchedules();

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
