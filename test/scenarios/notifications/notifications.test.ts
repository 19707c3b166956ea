import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { ScheduleOverlapPolicy } from '@temporalio/client';
import type { RunProgress } from '../../../domain/runs/progress.ts';
import { eventually } from '../../../stack/engine.ts';
import { openCatalogue } from '../../../systems/catalogue/open-catalogue.ts';
import { startReceiver, type TestReceiver } from '../../receiver.ts';
import { findSecrets } from '../../secret-search.ts';
import { textOf } from '../faults-tools/message.ts';
import { type PlatformFile, useVariants } from '../faults-tools/variants.ts';
import { facts, useScenario, type WorkerProcess } from '../harness/index.ts';
import { catalogueOf, catalogueTraces, temporalTraces } from '../no-secret/traces.ts';
import { expecting } from '../../expecting.ts';

// One story, in this order: a backup fails, the next is good, a restore waits, then no backup comes for too long.

const scenario = useScenario({ fresh: true });
const variants = useVariants(scenario);
const token = `t0ken-${randomBytes(12).toString('hex')}`;
let name: string;
let worker: WorkerProcess;
let hook: TestReceiver;
let heart: TestReceiver;
let statsd: Socket;
let secretFiles: { url: string; bearer: string };
const lines: string[] = [];

beforeAll(async () => {
  name = scenario.platform.project;
  [hook, heart] = await Promise.all([startReceiver(), startReceiver()]);
  statsd = createSocket('udp4', (datagram) => lines.push(...datagram.toString().split('\n'))).bind(0, '127.0.0.1');
  await once(statsd, 'listening');
  secretFiles = {
    url: await variants.file('hook-url', `${hook.url}/services/${token}\n`),
    bearer: await variants.file('hook-bearer', `Bearer ${token}\n`),
  };
  worker = await variants.startWorker({ REKINDLE_LOG_LEVEL: 'debug', REKINDLE_TEMPORAL_UI: 'https://ui.example/' });
});
afterAll(async () => {
  statsd.close();
  await Promise.all([hook.close(), heart.close()]);
});

const listening = (file: PlatformFile) => {
  file['notifications'] = [
    { url: { file: secretFiles.url }, headers: { Authorization: { file: secretFiles.bearer } } },
  ];
  file.backup = { heartbeatUrl: `${heart.url}/ping` };
  file['metrics'] = {
    statsd: { host: '127.0.0.1', port: statsd.address().port, dialect: 'dogstatsd', tags: { env: 'test' } },
  };
};
const told = () => hook.received.map(({ json }) => json);
const events = () => told().map(({ event }) => event);
const saidBy = (pattern: RegExp) =>
  eventually(`StatsD hears ${String(pattern)}`, 10, () => {
    const line = lines.find((each) => pattern.test(each));
    return line === undefined ? Promise.reject(new Error(lines.join('\n'))) : Promise.resolve(line);
  });

test('a failed backup is announced, with what failed and what to do', async () => {
  await variants.write((file) => {
    listening(file);
    file.stores[0]!.repository = { name: 'gcs', type: 'gcs', settings: {} };
  });
  const ended = await variants.rekindle(['backup', name, '--json']);
  expecting(ended, textOf(ended)).toMatchObject({ exitCode: 1, json: { phase: 'failed' } });
  const { run } = ended.json as RunProgress;
  expect(told()).toMatchObject([
    {
      version: 1,
      event: 'failure',
      platform: name,
      run: { id: run, kind: 'backup', phase: 'failed' },
      failure: { kind: 'RepositoryTypeMissing', remedy: expect.stringMatching(/\S{3,}/) as string },
      links: { run: `https://ui.example/namespaces/default/workflows/${encodeURIComponent(run)}` },
    },
  ]);
  expect(hook.received[0]?.headers).toMatchObject({
    authorization: `Bearer ${token}`,
    'idempotency-key': told()[0]?.['id'],
  });
  expect(heart.received).toEqual([]);
  await saidBy(new RegExp(`^rekindle\\.run\\.ended:1\\|c\\|#env:test,platform:${name},kind:backup,phase:failed$`));
  await saidBy(/^_e\{\d+,\d+\}:Rekindle: failure of .*\|t:error\|/);
});

test('the next good backup is announced as well, and pings the dead man’s switch', async () => {
  lines.length = 0;
  await variants.write(listening);
  const ended = await variants.rekindle(['backup', name, '--json']);
  expecting(ended, textOf(ended)).toMatchObject({ exitCode: 0, json: { phase: 'passed' } });
  const { recoveryPoint, notes } = ended.json as RunProgress;
  expect(notes).toBeUndefined();
  expect(events()).toEqual(['failure', 'recovery']);
  expect(told()[1]).toMatchObject({
    run: { recoveryPoint: recoveryPoint?.id },
    recoveredFrom: { run: (told()[0]!['run'] as { id: string }).id, kind: 'RepositoryTypeMissing' },
  });
  expect(heart.received).toMatchObject([{ method: 'GET', path: '/ping' }]);
  await saidBy(/^rekindle\.run\.duration:\d+\|ms\|#.*phase:passed$/);
  const documents = await saidBy(/^rekindle\.point\.documents:\d+\|g/);
  expect(Number(/:(\d+)/.exec(documents)?.[1])).toBeGreaterThan(20_000);
  const age = await saidBy(/^rekindle\.point\.age_seconds:\d+\|g/);
  expect(Number(/:(\d+)/.exec(age)?.[1])).toBeLessThan(120);
  await saidBy(/^_e\{\d+,\d+\}:Rekindle: recovery of .*\|t:success\|/);

  expect((await variants.rekindle(['backup', name, '--json'])).exitCode).toBe(0);
  expect(events()).toEqual(['failure', 'recovery']);
  expect(heart.received).toHaveLength(2);
});

test('a restore that waits is announced with commands that work; its rejection by a person ends that', async () => {
  const waits = await variants.rekindle(['restore', name, '--json']);
  expecting(waits, textOf(waits)).toMatchObject({ exitCode: 4, json: { phase: 'waiting for approval' } });
  const { run, planHash } = waits.json as RunProgress;
  await eventually('the webhook is told', 10, () => {
    expect(events()).toEqual(['failure', 'recovery', 'waiting']);
    return Promise.resolve();
  });
  expect(told()[2]).toMatchObject({
    run: { id: run, kind: 'restore' },
    waiting: { for: 'approval', planHash, who: { approvers: [], needed: 1 } },
  });
  const { answers } = told()[2]!['waiting'] as { answers: { choice: string; command: string }[] };
  expect(answers.map(({ command }) => command)).toEqual([
    `rekindle approve ${run} --hash ${planHash}`,
    `rekindle reject ${run}`,
  ]);
  const [, ...reject] = answers[1]!.command.split(' ');
  const rejected = await variants.rekindle([...reject, '--reason', 'a rehearsal']);
  expecting(rejected.exitCode, textOf(rejected)).toBe(0);
  await scenario.until(run, 'is refused', ({ phase }) => phase === 'refused');
  await eventually('the run is over', 20, async () => {
    const { status } = await scenario.client.workflow.getHandle(run).describe();
    expect(status.name).not.toBe('RUNNING');
  });
  expect(events()).toEqual(['failure', 'recovery', 'waiting', 'recovery']);
  expect(told()[3]).toMatchObject({ run: { id: run, phase: 'refused' }, failure: { kind: 'Rejected' } });
});

/** Calls the newer points bad, so that the oldest is the newest good one; answers its age in minutes. */
async function onlyTheOldestIsGood(): Promise<number> {
  const catalogue = openCatalogue(catalogueOf(scenario), name);
  const { points } = await catalogue.listPoints();
  for (const { id } of points.slice(0, -1))
    await catalogue.mark(id, 'bad', { at: new Date().toISOString(), run: 'test' });
  return (Date.now() - Date.parse(points.at(-1)!.startedAt)) / 60_000;
}

test('no new backup: stale, announced once; a new one: fresh again. The list of runs shows none of it', async () => {
  // As old as it is by now, less a little: the next point stays fresh for as long as this file took so far.
  const objectiveMinutes = 0.95 * (await onlyTheOldestIsGood());
  await variants.write((file) => {
    listening(file);
    file['objectives'] = { recoveryPointMinutes: objectiveMinutes };
  });
  const handle = await scenario.client.schedule.create({
    scheduleId: `rekindle/${name}/freshness`,
    spec: { intervals: [{ every: '2 seconds' }] },
    policies: { overlap: ScheduleOverlapPolicy.SKIP },
    action: {
      type: 'startWorkflow',
      workflowType: 'freshness',
      taskQueue: scenario.environment['REKINDLE_TASK_QUEUE']!,
      args: [{ platform: name }],
    },
  });
  const runsSoFar = async () => (await handle.describe()).info.numActionsTaken;
  const more = async (count: number) => {
    const before = await runsSoFar();
    await eventually(`${count} more looks`, 60, async () =>
      expect(await runsSoFar()).toBeGreaterThanOrEqual(before + count),
    );
  };
  try {
    await eventually('it is stale', 60, () => {
      expect(events().at(-1)).toBe('stale');
      return Promise.resolve();
    });
    expect(told().at(-1)).toMatchObject({
      freshness: { objectiveMinutes, newest: { id: facts().point }, reminder: false },
    });
    await more(3);
    expect(events().filter((event) => event === 'stale')).toHaveLength(1);
    await saidBy(/^_e\{\d+,\d+\}:Rekindle: stale of .*\|t:error\|/);

    const backup = await variants.rekindle(['backup', name, '--json']);
    expecting(backup, textOf(backup)).toMatchObject({ exitCode: 0 });
    await eventually('it is fresh again', 30, () => {
      expect(events().at(-1)).toBe('recovery');
      return Promise.resolve();
    });
    expect(told().at(-1)).toMatchObject({ recoveredFrom: { staleSince: expect.any(String) as string } });
    const { json } = await variants.rekindle(['runs', name, '--json']);
    expect((json as { runs: { kind: string }[] }).runs.map(({ kind }) => kind)).not.toContain('freshness');
  } finally {
    await handle.delete();
  }
});

test('address and header of the webhook appear nowhere else', async () => {
  const secrets = { token };
  expect(await readFile(secretFiles.url, 'utf8')).toContain(token);
  expect(findSecrets(await temporalTraces(scenario), secrets)).toEqual([]);
  expect(findSecrets(await catalogueTraces(scenario), secrets)).toEqual([]);
  expect(findSecrets([{ where: "the worker's log", text: worker.output() }], secrets)).toEqual([]);
  expect(
    findSecrets(
      hook.received.map(({ body }) => ({ where: 'a document', text: body })),
      secrets,
    ),
  ).toEqual([]);
});
