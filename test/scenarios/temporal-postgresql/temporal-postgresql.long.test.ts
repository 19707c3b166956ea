import type { RunProgress, StepState } from '../../../domain/runs/progress.ts';
import { withElasticsearch } from '../../../stack/clients.ts';
import { expecting } from '../../expecting.ts';
import { expectAlive, expectPassed, facts, useScenario, useVariant } from '../harness/index.ts';
import { namespace, useTemporalOnPostgresql } from './scene.ts';

// Temporal as a company runs it: its own server on PostgreSQL, with its defaults, and a namespace that an operator made.

const scenario = useScenario({ fresh: true });
const variant = useVariant(scenario);
const scene = useTemporalOnPostgresql(scenario);

afterAll(() => scenario.spoil());

const environment = () => ({ ...variant.environment, ...scene.environment });
const rekindle = (...args: string[]) => scenario.rekindle(args, { environment: environment() });
const statusOf = (steps: StepState[], id: string) => steps.find((step) => step.id === id)?.status;

test('without its namespace: the worker says which one is missing and how to make it, and ends', async () => {
  const ended = await rekindle('worker');
  expecting(ended, ended.stdout + ended.stderr).toMatchObject({ exitCode: 2 });
  expect(ended.stderr).toContain(`has no namespace "${namespace}"`);
  expect(ended.stderr).toContain('temporal operator namespace create');
});

test('the worker adds what it searches by; a backup that follows at once passes, and is found by it', async () => {
  const { platform } = scenario;
  await scene.temporal.createNamespace(namespace);
  await scenario.startWorker(environment());
  const backup = await rekindle('backup', platform.project, '--json');
  await expectPassed(scenario, backup);
  const { run } = backup.json as RunProgress;

  const query = `RekindlePlatform = "${platform.project}" AND RekindleKind = "backup" AND RekindleVerdict = "pass"`;
  const found: string[] = [];
  for await (const { workflowId } of scene.client.workflow.list({ query })) found.push(workflowId);
  expect(found).toEqual([run]);
  const runs = await rekindle('runs', platform.project, '--json');
  expecting(runs, runs.stdout + runs.stderr).toMatchObject({ exitCode: 0 });
  expect(runs.stdout).toContain(run);
});

test('schedules are made, shown as they should be, and stay', async () => {
  const { project } = scenario.platform;
  await variant.write((file) => (file.backup['schedule'] = '0 3 * * *'));
  const applied = await rekindle('schedule', project, 'apply');
  expecting(applied, applied.stdout + applied.stderr).toMatchObject({ exitCode: 0 });
  await scene.temporal.kill();
  await scene.temporal.start();
  const shown = await rekindle('schedule', project, 'show', '--json');
  expecting(shown, shown.stdout + shown.stderr).toMatchObject({ exitCode: 0 });
});

test('Temporal, then PostgreSQL, are killed in the middle of a restore: it goes on from where it was, and passes', async () => {
  const { platform } = scenario;
  // About ten seconds of restoring: a moment that can be met.
  await variant.write(({ stores }) => (stores[0]!['restoreThrottle'] = '1mb'));
  const [lost = ''] = Object.keys(facts().fingerprints);
  await withElasticsearch(platform, (client) => client.indices.delete({ index: lost }));
  const command = ['restore', platform.project, '--point', facts().point, '--yes', '--json'];
  // After its death, Temporal may take a minute to answer again; and a step whose worker it did not hear is repeated.
  const restore = scenario.rekindle(command, { environment: environment(), withinSeconds: 540 });
  const run = await scene.openRun('restore');
  await scene.until(run, 'past the point of no return', ({ pointOfNoReturn }) => Boolean(pointOfNoReturn?.passedAt));
  await scene.temporal.kill();
  await scene.temporal.start();
  await scene.until(run, 'has come to the indices', ({ steps }) => statusOf(steps, 'restore-documents') !== 'waiting');
  await scene.database.crash();

  const { steps } = await expectPassed(scenario, await restore);
  expect(statusOf(steps, 'restore-documents')).toBe('done');
  await expectAlive(scenario);
  const pruned = await rekindle('prune', platform.project, '--dry-run', '--json');
  expecting(pruned, pruned.stdout + pruned.stderr).toMatchObject({ exitCode: 0 });
}, 600_000);
