import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { Connection, type Client } from '@temporalio/client';
import { NativeConnection, type Worker } from '@temporalio/worker';
import { temporalActivities } from '../../activities/locks-and-schedules.ts';
import { applyToTemporal } from '../../cli/schedule/apply.ts';
import { pauseSchedules } from '../../cli/schedule/pause.ts';
import { showSchedules } from '../../cli/schedule/show.ts';
import { freePort, startTemporalServer } from '../../cli/servers/temporal-server.ts';
import { temporalCommand } from '../../setup/tools.mjs';
import { registerSearchAttributes } from '../../worker/search-attributes.ts';
import { createWorker } from './create-worker.ts';
import { fakePlatform } from './fake-platform.ts';
import { openScheduleScene, type ScheduleScene } from './schedule-scene.ts';
import { gate, test, until } from './scene.ts';
import { provided } from '../provided.ts';
import { waitFor } from '../wait-for.ts';

// What was missed while a worker, or Temporal itself, was away: one backup makes up for it, not one for each hour.

const often = (everySeconds: number, more: object = {}) => ({ backup: { schedule: { everySeconds, ...more } } });
const backupOf = (scene: ScheduleScene) => scene.client.schedule.getHandle(scene.id('backup'));
const infoOf = async (scene: ScheduleScene) => (await backupOf(scene).describe()).info;
const apply = async (scene: ScheduleScene) => applyToTemporal(scene.context, scene.platform, { dryRun: false });

const scheduledAt = defineSearchAttributeKey('TemporalScheduledStartTime', SearchAttributeType.DATETIME);

/** When each run of a schedule was due, oldest first. */
async function dueTimes(client: Client, id: string): Promise<number[]> {
  const times: number[] = [];
  for await (const { typedSearchAttributes } of client.workflow.list({ query: `TemporalScheduledById = "${id}"` }))
    times.push(typedSearchAttributes.get(scheduledAt)?.getTime() ?? Number.NaN);
  return times.toSorted((a, b) => a - b);
}

describe('the worker was away', () => {
  test('one backup waits for it; the starts meanwhile are skipped', async ({ openScene }) => {
    const scene = await openScheduleScene();
    await scene.write(often(1));
    await apply(scene);
    await waitFor(async () => expect((await infoOf(scene)).numActionsSkippedOverlap).toBeGreaterThanOrEqual(4), {
      timeout: 20_000,
    });
    await pauseSchedules(scene.context, scene.platform, { by: 'the test' });
    const { numActionsTaken, recentActions } = await infoOf(scene);
    expect(numActionsTaken).toBe(1);

    const { journal } = await openScene({ platform: scene.platform });
    const { workflowId } = recentActions[0]!.action.workflow;
    expect(await scene.client.workflow.getHandle(workflowId).result()).toMatchObject({ verdict: 'pass' });
    expect(journal.reports).toHaveLength(1);
    expect(await dueTimes(scene.client, scene.id('backup'))).toHaveLength(1);
    expect(await showSchedules(scene.context, scene.platform)).toBe(0);
    expect(scene.said()).toMatch(/last\s+\S+\s+passed\s+backup/);
    await scene.close();
  });
});

describe('Temporal was away', () => {
  test('at most one start is made up for, and none that is older than the catch-up window', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rekindle-catch-up-'));
    const options = {
      command: temporalCommand() ?? '',
      databaseFile: join(folder, 'temporal.db'),
      port: await freePort(0),
      uiPort: await freePort(0),
    };
    let server = await startTemporalServer(options);
    const { address } = server;
    const connection = await Connection.connect({ address });
    await registerSearchAttributes(connection, 'default');
    await connection.close();
    // Three platforms: one every two seconds, two whose only start falls into the time without Temporal.
    const scenes = [];
    for (let count = 0; count < 3; count++) scenes.push(await openScheduleScene({ address }));
    const [frequent, late, tooLate] = scenes as [ScheduleScene, ScheduleScene, ScheduleScene];
    const native = await NativeConnection.connect({ address });
    const workers = await Promise.all(scenes.map((scene) => workerOf(scene, native)));
    const running = workers.map((worker) => worker.run().catch(() => undefined));
    try {
      await frequent.write(often(2));
      await apply(frequent);
      await waitFor(async () => expect((await infoOf(frequent)).numActionsTaken).toBeGreaterThanOrEqual(2), {
        timeout: 60_000,
      });

      // Time enough to write both and to stop the server, also on a machine that does much else.
      const due = Math.ceil(Date.now() / 1000) + 20;
      const once = (catchUpSeconds: number) =>
        often(30 * 86_400, { offsetSeconds: due % (30 * 86_400), catchUpSeconds });
      await late.write(once(3600));
      await tooLate.write(once(10));
      await apply(late);
      await apply(tooLate);
      await server.stop();
      const stopped = Date.now();
      expect(stopped).toBeLessThan(due * 1000);
      // Long enough that the one start is older than the shortest catch-up window there is.
      await new Promise((resolve) => setTimeout(resolve, due * 1000 + 11_000 - stopped));
      const started = Date.now();
      server = await startTemporalServer(options);

      await waitFor(
        async () => {
          const [newest] = (await dueTimes(frequent.client, frequent.id('backup'))).slice(-1);
          expect(newest).toBeGreaterThan(started);
          expect(await dueTimes(late.client, late.id('backup'))).toEqual([due * 1000]);
        },
        { timeout: 40_000 },
      );
      const missed = (await dueTimes(frequent.client, frequent.id('backup'))).filter(
        (at) => at > stopped && at < started,
      );
      expect(missed.length).toBeLessThanOrEqual(1);
      expect((await infoOf(frequent)).numActionsSkippedOverlap).toBeGreaterThanOrEqual(4);
      expect((await infoOf(late)).numActionsTaken).toBe(1);
      expect((await infoOf(tooLate)).numActionsTaken).toBe(0);
      tooLate.said();
      await showSchedules(tooLate.context, tooLate.platform);
      expect(tooLate.said()).toMatch(/missed\s+starts that were older than the catch-up window: 1/);
    } finally {
      for (const scene of scenes) await scene.close().catch(() => undefined);
      for (const worker of workers) worker.shutdown();
      await Promise.all(running);
      await native.close();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    }
  }, 240_000);
});

function workerOf({ platform, context }: ScheduleScene, connection: NativeConnection): Promise<Worker> {
  const { taskQueue } = context.environment;
  return createWorker({
    connection,
    taskQueue,
    workflowBundle: { codePath: provided('workflowBundle') },
    activities: fakePlatform({ platform, taskQueue }).activities,
    shutdownGraceTime: '100 milliseconds',
    shutdownForceTime: '2 seconds',
  });
}

describe('a restore', () => {
  test('pauses the schedules of backup and prune, and lets the look at stale backups go on', async ({ openScene }) => {
    const scene = await openScheduleScene();
    await scene.write({
      backup: { schedule: '@daily', retention: { daily: 7 } },
      objectives: { recoveryPointMinutes: 60 },
    });
    await apply(scene);
    const hold = gate();
    const { start } = await openScene({
      platform: scene.platform,
      overrides: {
        pauseSchedules: temporalActivities.pauseSchedules,
        resumeSchedules: temporalActivities.resumeSchedules,
      },
      onStep: async (what) => {
        if (what === 'repeatPreflight') await hold.passed;
        return undefined;
      },
    });
    const paused = async () =>
      Promise.all(
        (['backup', 'prune', 'freshness'] as const).map(
          async (kind) => (await scene.client.schedule.getHandle(scene.id(kind)).describe()).state.paused,
        ),
      );
    const restore = await start('restore');
    await until(restore, ({ steps }) =>
      steps.some(({ id, status }) => id === 'repeat-preflight' && status === 'running'),
    );
    expect(await paused()).toEqual([true, true, false]);
    hold.open();
    await restore.result();
    expect(await paused()).toEqual([false, false, false]);
    await scene.close();
  });
});
