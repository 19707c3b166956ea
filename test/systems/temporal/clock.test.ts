import { ApplicationFailure } from '@temporalio/common';
import { Worker } from '@temporalio/worker';
import { secondsAheadOfTemporal } from '../../../activities/temporal-clock.ts';
import { withTemporal } from '../../../client/connection.ts';
import { isServed } from '../../../client/workers.ts';
import { readEnvironment } from '../../../config/environment.ts';
import { connectWorker } from '../../../worker/connection.ts';
import { workflowBundle } from '../../workflows/bundle.ts';
import { temporal, untilTheEnd, useTemporal } from './temporal-scene.ts';

useTemporal();

const hour = 3600;

test("an activity reads how far this machine's clock is ahead of Temporal's, and a clock an hour off hides no worker", async () => {
  const environment = readEnvironment({ TEMPORAL_ADDRESS: temporal.address });
  const { connection } = await untilTheEnd(connectWorker(environment));
  const read: (number | undefined)[] = [];
  const worker = await Worker.create({
    connection,
    taskQueue: 'clock',
    workflowBundle: { codePath: await workflowBundle() },
    activities: {
      // The first activity of a backup: what it answers does not matter here.
      locate: async () => {
        const now = Date.now();
        for (const startedAt of [now, now + hour * 1000, now - hour * 1000])
          read.push(await secondsAheadOfTemporal(startedAt));
        throw ApplicationFailure.nonRetryable('enough', 'UnknownPlatform');
      },
    },
  });
  await withTemporal(environment, async (client) => {
    const backup = { taskQueue: 'clock', workflowId: 'backup/clock/1', args: [{ platform: 'clock' }] };
    await worker.runUntil(async () => {
      await client.workflow.execute('backup', backup).catch(() => undefined);
      for (const off of [0, -hour, hour]) expect(await isServed(client, 'clock', Date.now() + off * 1000)).toBe(true);
    });
  });
  expect(read).toHaveLength(3);
  const [right = NaN, ahead = NaN, behind = NaN] = read;
  expect(Math.abs(right)).toBeLessThan(5);
  expect(Math.abs(ahead - hour)).toBeLessThan(5);
  expect(Math.abs(behind + hour)).toBeLessThan(5);
});
