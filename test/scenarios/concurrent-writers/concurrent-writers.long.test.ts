import { randomBytes } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import {
  findTemporal,
  freePort,
  startTemporalServer,
  type TemporalServer,
} from '../../../cli/servers/temporal-server.ts';
import type { RunProgress } from '../../../domain/runs/progress.ts';
import { facts, pointsOf, useScenario } from '../harness/index.ts';
import { expecting } from '../../expecting.ts';

// Two orchestrators that do not know of each other: two Temporals, two workers, one platform and one catalogue.
const scenario = useScenario({ fresh: true });
const rounds = 3;

let temporal: TemporalServer;
let second: Client;
let queue: string;

beforeAll(async () => {
  temporal = await startTemporalServer({
    command: findTemporal(process.env),
    port: await freePort(0),
    uiPort: await freePort(0),
  });
  second = new Client({ connection: await Connection.connect({ address: temporal.address }) });
  queue = `${facts().project}-${randomBytes(3).toString('hex')}`;
});
afterAll(async () => {
  await second.connection.close();
  await temporal.stop();
});

/** How it ended, as its report or as its failure tells. */
async function backUp(client: Client, taskQueue: string, workflowId: string): Promise<RunProgress> {
  const handle = await client.workflow.start('backup', {
    taskQueue,
    workflowId,
    args: [{ platform: scenario.platform.project }],
  });
  await handle.result().catch(() => undefined);
  return handle.query<RunProgress>('progress');
}

test('both back up the same platform at the same time, under the same run id: only complete points', async () => {
  const { client, environment, platform, rekindle, startWorker } = scenario;
  await startWorker();
  await startWorker({ TEMPORAL_ADDRESS: temporal.address, REKINDLE_TASK_QUEUE: queue });
  const passed: string[] = [];
  for (let round = 1; round <= rounds; round++) {
    // Two schedules of one cron expression give such ids.
    const id = `backup/${platform.project}/2026-11-21T09:3${round}:00Z`;
    const ended = await Promise.all([
      backUp(client, environment['REKINDLE_TASK_QUEUE']!, id),
      backUp(second, queue, id),
    ]);
    for (const { phase, failure, recoveryPoint } of ended) {
      if (phase === 'passed') passed.push(recoveryPoint!.id);
      // One that is refused says why and what to do.
      else expecting(failure, JSON.stringify(failure)).toMatchObject({ remedy: expect.stringMatching(/./) as string });
    }
    expect(ended.some(({ phase }) => phase === 'passed')).toBe(true);
  }
  expect(new Set(passed).size).toBe(passed.length);
  const points = await pointsOf(scenario);
  expect(points.map(({ id }) => id).toSorted()).toEqual([facts().point, ...passed].toSorted());
  for (const point of passed) {
    const look = await rekindle(['restore', platform.project, '--point', point, '--dry-run', '--json']);
    expecting(look, look.stdout + look.stderr).toMatchObject({ exitCode: 0, json: { verdict: 'pass' } });
  }
  // All of them passed unless something refuses a second snapshot on purpose.
  process.stdout.write(`concurrent writers: ${passed.length} of ${2 * rounds} backups passed\n`);
});
