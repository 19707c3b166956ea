import { randomBytes } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { workersOn } from '../../config/temporal/workers.ts';
import { versionsOf } from '../../domain/workers.ts';
import { deploymentName } from '../../worker/build-id.ts';
import { installRuntime } from '../../worker/runtime.ts';
import { approve } from '../../workflows/messages.ts';
import { useAtEnd } from '../at-end.ts';
import { provided } from '../provided.ts';
import { waitFor } from '../wait-for.ts';
import { createWorker } from './create-worker.ts';
import { fakePlatform } from './fake-platform.ts';
import { inPhase } from './scene.ts';

const atEnd = useAtEnd();

test('during an upgrade, workers of two versions share a run, and are told apart', async () => {
  installRuntime('silent');
  const address = provided('temporalAddress');
  const connection = await Connection.connect({ address });
  const native = await NativeConnection.connect({ address });
  const client = new Client({ connection });
  atEnd(async () => Promise.all([connection.close(), native.close()]));
  const platform = `upgrade-${randomBytes(4).toString('hex')}`;
  const taskQueue = `test-${platform}`;
  const fake = fakePlatform({ platform, taskQueue, policy: { approval: 'required' } });
  const serve = async (buildId: string) => {
    const worker = await createWorker({
      connection: native,
      taskQueue,
      workflowBundle: { codePath: provided('workflowBundle') },
      activities: fake.activities,
      identity: `${buildId}@north`,
      workerDeploymentOptions: { version: { deploymentName, buildId }, useWorkerVersioning: false },
      // Each workflow task goes to whichever worker asks first.
      maxCachedWorkflows: 0,
    });
    const running = worker.run();
    const stop = async () => {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await running;
    };
    atEnd(stop);
    return stop;
  };

  const stopOld = await serve('0.1.0+old');
  const handle = await client.workflow.start('restore', {
    taskQueue,
    workflowId: `restore/${platform}/1`,
    args: [{ platform }],
  });
  await inPhase(handle, 'waiting for approval');
  await serve('0.2.0+new');
  await waitFor(async () => expect(versionsOf(await workersOn(client, taskQueue))).toHaveLength(2));
  // The old one leaves while the run waits; what it began, the new one ends.
  await stopOld();
  await handle.executeUpdate(approve, { args: [{ planHash: fake.restorePlan.hash, by: 'ann' }] });
  await handle.result();

  const { events } = await handle.fetchHistory();
  const who = (events ?? []).flatMap(({ workflowTaskCompletedEventAttributes: task }) => task?.identity ?? []);
  expect(new Set(who)).toEqual(new Set(['0.1.0+old@north', '0.2.0+new@north']));
  const workers = await workersOn(client, taskQueue);
  expect(workers).toContainEqual({ identity: '0.2.0+new@north', version: '0.2.0+new' });
});
