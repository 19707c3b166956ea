import { mkdir, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { stringify } from 'yaml';
import { withTemporal } from '../../../client/connection.ts';
import { readEnvironment } from '../../../config/environment.ts';
import type { RunProgress } from '../../../domain/runs/progress.ts';
import { releaseLock } from '../../../workflows/messages.ts';
import { environmentOf, startWorkerProcess } from '../../scenarios/harness/processes.ts';
import { waitFor } from '../../wait-for.ts';
import { fileOf, temporal, untilTheEnd, useTemporal } from './temporal-scene.ts';

useTemporal();

const platform = 'handed-over';
const taskQueue = 'hand-over';

/** A platform of which nothing exists: its restore waits for the lock, and then finds no recovery point. */
async function variables() {
  const folder = path.dirname(await fileOf('key.txt', ''));
  const platformsFolder = path.join(folder, 'platforms');
  await mkdir(platformsFolder);
  const file = {
    platform,
    deployment: { kind: 'compose', project: `rkt-${platform}`, data: ['elasticsearch'] },
    stores: [
      {
        name: 'documents',
        kind: 'elasticsearch',
        service: 'elasticsearch',
        repository: { name: 'backups', type: 's3' },
      },
    ],
    catalogue: { kind: 'directory', path: path.join(folder, 'catalogue') },
  };
  await writeFile(path.join(platformsFolder, `${platform}.yaml`), stringify(file));
  const keyFile = path.join(folder, 'key.txt');
  return environmentOf({ platformsFolder, keyFile, temporalAddress: temporal.address, taskQueue });
}

test('of three workers of a host one ends in order and one is killed: the others go on with the run', async () => {
  const environment = await variables();
  const start = async () => {
    const worker = await startWorkerProcess(environment);
    await untilTheEnd(Promise.resolve({ close: () => worker.kill() }));
    return worker;
  };
  const workers = [await start(), await start(), await start()];
  const who = (identity: string) => workers.find(({ pid }) => identity === `${pid}@${os.hostname()}`)!;

  await withTemporal(readEnvironment(environment), async (client) => {
    const lock = await client.workflow.start('exclusive', {
      taskQueue,
      workflowId: `exclusive/${platform}`,
      args: [{ platform, run: 'a run of the test' }],
    });
    const run = await client.workflow.start('restore', {
      taskQueue,
      workflowId: `restore/${platform}/1`,
      args: [{ platform }],
    });
    /** Who carries out the step that waits for the lock, another one than `before`. */
    const carrier = (before = '') =>
      waitFor(
        async () => {
          const { raw } = await run.describe();
          const step = raw.pendingActivities?.find(({ activityType }) => activityType?.name === 'awaitUnlocked');
          const identity = step?.lastWorkerIdentity ?? '';
          // Of an attempt that is over, the one before is still named.
          if (identity === '' || identity === before || !step?.lastHeartbeatTime)
            throw new Error('nobody has taken it');
          return { identity, attempt: step.attempt ?? 0 };
        },
        { timeout: 60_000, interval: 100 },
      );

    const first = await carrier();
    await who(first.identity).stop();
    const second = await carrier(first.identity);
    expect(second.attempt).toBe(first.attempt + 1);
    await who(second.identity).kill();
    const third = await carrier(second.identity);
    expect(third.attempt).toBe(second.attempt + 1);
    expect(third.identity).not.toBe(first.identity);

    expect((await run.query<RunProgress>('progress')).phase).toBe('waiting for lock');
    await lock.signal(releaseLock);
    await expect(run.result()).rejects.toMatchObject({ cause: { type: 'RecoveryPointNotFound' } });
  });
}, 180_000);
