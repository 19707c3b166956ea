import { join } from 'node:path';
import type { RunProgress } from '../../../domain/runs/progress.ts';
import { pendingActivities } from '../../../client/pending.ts';
import { engine, eventually } from '../../../stack/engine.ts';
import { expectAlive, expectPassed, useScenario, useVariant } from '../harness/index.ts';
import { expecting } from '../../expecting.ts';

const scenario = useScenario();
const variant = useVariant(scenario);

// Proves that it is on the platform's network, talks for a while, says a secret aloud and ends as told.
const script = `
  const [exitCode] = process.argv.slice(1);
  const health = await (await fetch('http://elasticsearch:9200/_cluster/health')).json();
  console.log('cluster', health.status, 'password', process.env.PASSWORD);
  for (let line = 1; line <= 10; line += 1) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    console.log('line', line);
  }
  // Not on standard error: the engine keeps the order of lines within a stream only.
  console.log('the end,', process.env.PASSWORD);
  process.exit(Number(exitCode));
`;

/** One of each kind that the shared platform does not have. */
const smoke = [
  { kind: 'tcp', service: 'zookeeper', port: 2181 },
  { kind: 'command', service: 'api', command: ['sh', '-c', 'echo $0 is here', 'api'], expectOutput: 'api is here' },
  { kind: 'query', store: 'documents', index: 'nuvla-job', query: { match_all: {} }, atLeast: 1 },
];

/** The platform with more smoke checks, and one more derived store, whose container ends with this exit code. */
async function withContainer(exitCode: number): Promise<void> {
  const secret = join(scenario.platform.folder, 'secrets', 's3_secret_key');
  await variant.write((file) => {
    file['smoke'] = [...(file['smoke'] as object[]), ...smoke];
    file.stores.push({
      name: 'search-cache',
      kind: 'container',
      service: 'elasticsearch',
      image: 'rekindle-stack/node:26',
      entrypoint: ['node', '--input-type=module'],
      arguments: ['-e', script, String(exitCode)],
      environment: { PASSWORD: { file: secret } },
      timeoutSeconds: 60,
    });
  });
}

const leftContainers = async () =>
  (await engine().listContainers({ all: true })).filter(({ Names }) => Names[0]?.startsWith('/rekindle-search-cache'));

test('a side container that fails makes the restore wait for a decision; abort ends it', async () => {
  const { platform, rekindle, startWorker } = scenario;
  await withContainer(3);
  await startWorker(variant.environment);
  const { environment } = variant;
  const waiting = await rekindle(['restore', platform.project, '--yes', '--json'], { environment });
  expecting(waiting, waiting.stdout + waiting.stderr).toMatchObject({
    exitCode: 4,
    json: { phase: 'waiting for decision' },
  });
  const { run, pendingDecisions } = waiting.json as RunProgress;
  expect(pendingDecisions).toMatchObject([
    {
      failure: {
        kind: 'ContainerFailed',
        message: expect.stringMatching(/exit code 3.*the end, \[secret\]/) as string,
      },
    },
  ]);
  expect(waiting.stdout).not.toContain(platform.s3.secretKey);

  const status = await rekindle(['status', run]);
  expect(status.exitCode).toBe(4);
  expect(status.stdout).toContain(`rekindle decide ${run} abort`);
  expect(await rekindle(['decide', run, 'abort', '--by', 'anna', '--json'])).toMatchObject({ exitCode: 0 });

  const watched = await rekindle(['watch', run]);
  expect(watched.exitCode).toBe(1);
  const report = await rekindle(['report', run, '--json']);
  expect(report).toMatchObject({
    exitCode: 1,
    json: { phase: 'failed', verdict: 'fail', decisions: [{ choice: 'abort', by: 'anna' }] },
  });
  expect(await leftContainers()).toEqual([]);
});

test('repaired, the next restore follows its output and passes', async () => {
  const { client, platform, rekindle, openRun } = scenario;
  await withContainer(0);
  const { environment } = variant;
  const restore = rekindle(['restore', platform.project, '--yes', '--json'], { environment });
  const run = await openRun('restore');
  // As the command line shows it: read from Temporal, without a worker's help.
  const seen = await eventually('its output', 100, async () => {
    const pending = await pendingActivities(client, client.workflow.getHandle(run));
    const container = pending.find(({ step }) => step === 'run-search-cache');
    expect(container?.progress?.note).toMatch(/^line \d/);
    return container!.progress!;
  });
  expect(seen).toMatchObject({ unit: 'lines' });
  const report = await expectPassed(scenario, await restore);
  expect(report.checks).toContainEqual(expect.objectContaining({ name: 'container search-cache', verdict: 'pass' }));
  const smoked = report.checks.filter(({ name }) => name.startsWith('smoke ')).map(({ evidence }) => evidence);
  expect(smoked).toEqual([
    'api/healthz answered 200',
    'zookeeper:2181 takes connections',
    expect.stringMatching(/^api: sh -c .* ended with 0, its output holds "api is here"$/),
    expect.stringMatching(/^documents\/nuvla-job \{"match_all":\{\}\} \d+ documents$/),
  ]);
  expect(JSON.stringify(report)).not.toContain(platform.s3.secretKey);
  expect(await leftContainers()).toEqual([]);
  await expectAlive(scenario);
});
