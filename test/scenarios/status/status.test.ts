import { copyFile, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import type { PlatformStatus } from '../../../domain/status/status-page.ts';
import type { RunProgress } from '../../../domain/runs/progress.ts';
import { findSecrets } from '../../secret-search.ts';
import { samplesOf } from '../../systems/gateway/samples.ts';
import { facts } from '../harness/index.ts';
import { type Answer, monitor, serve } from './gateway-process.ts';
import { expecting } from '../../expecting.ts';
import {
  answerWithinSeconds,
  asked,
  folder,
  gateway,
  killWorker,
  metrics,
  name,
  pageOf,
  rekindle,
  scenario,
  startTemporal,
  startWorker,
  stateOf,
  temporal,
  variants,
  write,
  useStatus,
} from './status-scene.ts';

useStatus();

test('before the first backup: 503, for there is nothing to restore from', async () => {
  const answer = await asked.get('/');
  expect(answer.status).toBe(503);
  expect(answer.json).toMatchObject({ Running: {}, Last: { Exit_status: 0, ExitTime: '' }, Schedule: '' });
  expect(stateOf(answer)).toBe('none');
  expect(await asked.get('/readyz')).toMatchObject({ status: 200, json: { ready: true } });
});

test('a backup that runs is shown; when it has passed all pages are 200 and the metrics have its figures', async () => {
  const backup = rekindle('backup', name, '--json');
  // Nobody serves yet: it stays under way for as long as it takes to look.
  await asked.until('/', 'the backup runs', (answer) => {
    expect(Object.keys(pageOf(answer).Running)).toEqual([expect.stringMatching(`^backup/${name}/`)]);
    expect(answer.status).toBe(503);
  });
  expect((await metrics())('run_phase', ',kind="backup",phase="starting"')).toBe(1);
  await startWorker();
  const { exitCode, json } = await backup;
  expect(exitCode).toBe(0);
  const { recoveryPoint, run } = json as RunProgress;

  const answer = await asked.until('/', 'it has passed', ({ status }) => expect(status).toBe(200));
  expect(pageOf(answer).Running).toEqual({});
  expect(pageOf(answer).Last).toMatchObject({ Exit_status: 0, Stderr: '', Pid: 0 });
  expect(pageOf(answer).Last.Stdout).toMatch(new RegExp(`^recovery point ${recoveryPoint?.id ?? ''}: \\d+ documents`));
  expect(pageOf(answer).Rekindle.lastBackup?.run).toBe(run);
  for (const path of ['/status', `/status/${name}`]) expecting((await asked.get(path)).status, path).toBe(200);

  const [point] = ((await rekindle('points', name, '--json')).json as { points: Record<string, number>[] }).points;
  const metric = await metrics();
  expect(metric('newest_good_recovery_point_documents')).toBe(point?.['documents']);
  expect(metric('newest_good_recovery_point_bytes')).toBe(point?.['totalBytes']);
  expect(metric('newest_good_recovery_point_incremental_bytes')).toBe(point?.['incrementalBytes']);
  expect(metric('newest_good_recovery_point_age_seconds')).toBeLessThan(120);
  expect(metric('runs_total', ',kind="backup",outcome="passed"')).toBe(1);
  expect(metric('last_backup_successful')).toBe(1);
  expect(metric('run_phase', ',kind="backup",phase="starting"')).toBeUndefined();
  expect(metric('newest_proven_recovery_point_age_seconds')).toBeUndefined();
});

test('a backup that fails: 503 with what failed and what to do, until one passes', async () => {
  await write((file) => Object.assign(file.stores[0]!, { address: '127.0.0.1', port: 1 }));
  expect((await rekindle('backup', name, '--json')).exitCode).toBe(1);
  const answer = await asked.until('/', 'it has failed', ({ status }) => expect(status).toBe(503));
  expect(stateOf(answer)).toBe('failed');
  expect(pageOf(answer).Last).toMatchObject({ Exit_status: 1, Stdout: '' });
  expect(pageOf(answer).Last.Stderr).toMatch(/^ElasticsearchUnreachable: .+\n→ .+/s);
  // There is a good recovery point all the same.
  expect(pageOf(answer).Rekindle).toMatchObject({
    recoveryPoints: 1,
    reason: expect.stringMatching(/failed/) as string,
  });
  const metric = await metrics();
  expect(metric('failures_total', ',kind="backup",failure="ElasticsearchUnreachable"')).toBe(1);
  expect(metric('last_backup_successful')).toBe(0);
  expect(metric('platform_healthy')).toBe(0);

  await write();
  expect((await rekindle('backup', name, '--json')).exitCode).toBe(0);
  await asked.until('/', 'one passed', ({ status }) => expect(status).toBe(200));
  expect((await metrics())('runs_total', ',kind="backup",outcome="passed"')).toBe(2);
});

test('older than the objective: 503, though the last backup passed; the objective counts as soon as it is written', async () => {
  await write((file) => (file['objectives'] = { recoveryPointMinutes: 0.05 }));
  const answer = await asked.until('/', 'it is stale', ({ status }) => expect(status).toBe(503));
  expect(stateOf(answer)).toBe('stale');
  expect(pageOf(answer)).toMatchObject({ Last: { Exit_status: 0 }, Rekindle: { objectiveSeconds: 3 } });
  const metric = await metrics();
  expect(metric('newest_good_recovery_point_age_seconds')).toBeGreaterThan(
    metric('recovery_point_objective_seconds') ?? Infinity,
  );
  await write((file) => (file['objectives'] = { recoveryPointMinutes: 60 }));
  await asked.until('/', 'it is young enough', ({ status }) => expect(status).toBe(200));
});

test('schedules are shown, with their next start and who paused them', async () => {
  const client = new Client({ connection: await Connection.connect({ address: temporal.address }) });
  const handle = await client.schedule.create({
    scheduleId: `rekindle/${name}/backup`,
    spec: { intervals: [{ every: '30 days' }] },
    action: { type: 'startWorkflow', workflowType: 'backup', taskQueue: 'nobody', args: [{ platform: name }] },
  });
  try {
    const seen = (schedule: object) => (answer: Answer) =>
      expect(pageOf(answer).Rekindle.schedules).toEqual([expect.objectContaining({ name: 'backup', ...schedule })]);
    const answer = await asked.until('/', 'the schedule runs', seen({ paused: false, workflow: 'backup' }));
    const { schedules } = pageOf(answer).Rekindle;
    const nextAt = (schedules === 'unknown' ? undefined : schedules[0]?.nextAt) ?? '';
    expect(Date.parse(nextAt)).toBeGreaterThan(Date.now());
    const running = await metrics();
    expect(running('schedule_paused', ',schedule="backup"')).toBe(0);
    expect(running('schedule_next_timestamp_seconds', ',schedule="backup"')).toBe(Date.parse(nextAt) / 1000);

    await handle.pause('paused by Anna');
    await asked.until('/', 'it is paused', seen({ paused: true, note: 'paused by Anna' }));
    const paused = await metrics();
    expect(paused('schedule_paused', ',schedule="backup"')).toBe(1);
    expect(paused('schedule_next_timestamp_seconds', ',schedule="backup"')).toBeUndefined();
  } finally {
    await handle.delete();
    await client.connection.close();
  }
});

test('a restore that waits for approval is shown', async () => {
  const { exitCode, json } = await rekindle('restore', name, '--json');
  expect(exitCode).toBe(4);
  const { run } = json as RunProgress;
  await asked.until('/', 'the restore waits', (answer) =>
    expect(pageOf(answer).Rekindle.runs).toEqual([
      expect.objectContaining({ run, kind: 'restore', phase: 'waiting for approval' }),
    ]),
  );
  expect((await metrics())('run_phase', ',kind="restore",phase="waiting for approval"')).toBe(1);
  expect((await rekindle('reject', run, '--reason', 'only a test')).exitCode).toBe(0);
  await asked.until('/', 'it is over', (answer) => expect(pageOf(answer).Rekindle.runs).toEqual([]));
  expect(await asked.get('/')).toMatchObject({ status: 200, json: { Last: { Exit_status: 0 } } });
  await asked.until('/metrics', 'it is counted', ({ text }) =>
    expect(samplesOf(text).get(`rekindle_runs_total{platform="${name}",kind="restore",outcome="refused"}`)).toBe(1),
  );
});

test('without Temporal the catalogue answers, and what only Temporal knows is unknown', async () => {
  await killWorker();
  await temporal.stop();
  const answer = await asked.until('/', 'Temporal is away', ({ json, seconds }) => {
    expect(seconds).toBeLessThan(answerWithinSeconds);
    expect((json as PlatformStatus).Rekindle.temporal.reachable).toBe(false);
  });
  expect(answer.status).toBe(200);
  expect(pageOf(answer)).toMatchObject({
    Running: {},
    Rekindle: { state: 'good', runs: 'unknown', schedules: 'unknown' },
  });
  expect(pageOf(answer).Rekindle.temporal).toMatchObject({
    reason: expect.stringContaining(temporal.address) as string,
  });
  const page = await asked.get('/metrics');
  expect(page.seconds).toBeLessThan(answerWithinSeconds);
  expect(samplesOf(page.text).get('rekindle_temporal_reachable')).toBe(0);
  expect(await asked.get('/readyz')).toMatchObject({
    status: 503,
    json: { checks: { temporal: { ok: false }, platforms: { ok: true } } },
  });
  expect((await asked.get('/healthz')).status).toBe(200);

  await startTemporal();
  await asked.until('/readyz', 'Temporal is back', ({ status }) => expect(status).toBe(200));
});

test('without the S3 server: 503 in time, with the reason, and 200 when it is back', async () => {
  const { s3 } = scenario.platform;
  await s3.stop();
  const answer = await asked.until('/', 'the catalogue is away', ({ status, seconds }) => {
    expect(seconds).toBeLessThan(answerWithinSeconds);
    expect(status).toBe(503);
  });
  expect(pageOf(answer).Rekindle).toMatchObject({ state: 'unknown', catalogue: { reachable: false } });
  expect(pageOf(answer).Rekindle.reason).toMatch(/ECONNREFUSED/);
  expect(pageOf(answer).Rekindle.remedy).toMatch(/Start the object storage/);
  const metric = await metrics();
  expect(metric('catalogue_reachable')).toBe(0);
  expect(metric('newest_good_recovery_point_age_seconds')).toBeUndefined();
  expect(metric('runs_total', ',kind="backup",outcome="passed"')).toBe(2);

  await s3.start();
  await asked.until('/', 'the catalogue is back', ({ status }) => expect(status).toBe(200), 20);
  expect((await metrics())('runs_total', ',kind="backup",outcome="passed"')).toBe(2);
});

test('a second gateway at the same address is refused; the first one ends on a signal', async () => {
  const { url } = gateway.document.gateway;
  const taken = url.replace('http://', '');
  const second = await scenario.rekindle(['gateway', '--json'], { environment: { REKINDLE_GATEWAY_ADDRESS: taken } });
  expect(second).toMatchObject({ exitCode: 2, json: { failure: { kind: 'InvalidArgument' } } });
  expect(second.stdout).toContain('EADDRINUSE');
  expect(await gateway.stop()).toBe(0);
  await expect(fetch(`${url}/healthz`)).rejects.toThrow();
});

test('"rekindle up" runs gateway, worker and Temporal, and ends all of them', async () => {
  // Its Temporal keeps its database beside the key.
  const key = join(folder, 'up', 'key.txt');
  await mkdir(join(folder, 'up'));
  await copyFile(facts().keyFile, key);
  const environment = { ...scenario.environment };
  delete environment['TEMPORAL_ADDRESS'];
  const up = await serve<{ temporal: { address: string }; gateway: { url: string } }>(['up'], {
    ...environment,
    REKINDLE_PLATFORMS: variants.folder,
    REKINDLE_KEY_FILE: key,
    REKINDLE_STATE: join(folder, 'up', 'state'),
    REKINDLE_GATEWAY_ADDRESS: '127.0.0.1:0',
  });
  try {
    const { get } = monitor(up.document.gateway.url);
    expect(await get('/readyz')).toMatchObject({ status: 200 });
    expect(await get('/')).toMatchObject({ status: 200, json: { Rekindle: { temporal: { reachable: true } } } });
  } finally {
    expect(await up.stop()).toBe(0);
  }
  await expect(fetch(`${up.document.gateway.url}/healthz`)).rejects.toThrow();
  const reached = Connection.connect({ address: up.document.temporal.address, connectTimeout: '1 second' });
  await expect(reached).rejects.toThrow();
});

test('no page ever held a secret', async () => {
  const secrets = join(scenario.platform.folder, 'secrets');
  const values = (await readdir(secrets)).map(
    async (file) => [file, (await readFile(join(secrets, file), 'utf8')).trim()] as const,
  );
  const identity = /AGE-SECRET-KEY-\S+/.exec(await readFile(facts().keyFile, 'utf8'))?.[0] ?? '';
  const known = { ...Object.fromEntries(await Promise.all(values)), 'age identity': identity };
  expect(Object.keys(known).length).toBeGreaterThan(2);
  expect(asked.answered.length).toBeGreaterThan(50);
  expect(findSecrets(asked.answered, known)).toEqual([]);
});
