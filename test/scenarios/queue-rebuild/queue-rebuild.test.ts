import type { RunProgress } from '../../../domain/runs/progress.ts';
import type { QueuePreview } from '../../../domain/queue/preview.ts';
import { withElasticsearch, withZookeeper } from '../../../stack/clients.ts';
import { engine } from '../../../stack/engine.ts';
import { useScenario, useVariant } from '../harness/index.ts';
import { expecting } from '../../expecting.ts';

// The queue alone, while its users are stopped, so that what stands in it is what was put there.

const scenario = useScenario({ fresh: true });
const variant = useVariant(scenario);
const users = ['job-executor', 'job-distributor', 'api'];
type Seen = Extract<QueuePreview, { jobs: number }>;
type InQueue = Extract<Seen['queue'], { entries: number }>;

beforeAll(async () => {
  const filters = { label: [`com.docker.compose.project=${scenario.platform.project}`] };
  for (const { Id, Labels } of await engine().listContainers({ filters }))
    if (users.includes(Labels['com.docker.compose.service'] ?? '')) await engine().getContainer(Id).stop({ t: 1 });
  await removeQueue();
  await scenario.startWorker();
});
afterAll(() => scenario.spoil());

const rekindle = async (args: string[], options = {}) => {
  const ended = await scenario.rekindle(args, options);
  expecting(ended.exitCode, ended.stdout + ended.stderr).toBe(0);
  return ended;
};
async function preview(): Promise<{ seen: Seen; queue: InQueue }> {
  const { json } = await rekindle(['rebuild', scenario.platform.project, '--dry-run', '--json']);
  const [seen] = (json as { queues: Seen[] }).queues;
  return { seen: seen!, queue: seen!.queue as InQueue };
}
const entries = () =>
  withZookeeper(scenario.platform, async (zookeeper) => {
    const names = await zookeeper.children('/job/entries');
    const read = names.map(async (name) => ({ name, value: await zookeeper.read(`/job/entries/${name}`) }));
    return Promise.all(read);
  });
/** Also what a consumer left that was stopped at work: the entry of a job that it had ended. */
const removeQueue = () =>
  withZookeeper(scenario.platform, async (zookeeper) => {
    const names = await zookeeper.children('/job/entries');
    await zookeeper.removeAll([...names.map((name) => `/job/entries/${name}`), '/job/entries']);
  });
const rebuild = async (...options: string[]) =>
  (await rekindle(['rebuild', scenario.platform.project, '--json', ...options])).json as RunProgress;
const summaryOf = (report: RunProgress) => report.steps.find(({ id }) => id === 'rebuild-jobs')?.summary;

test('missing entries are added; extra ones are reported, and removed only on request', async () => {
  const { platform } = scenario;
  await rebuild();
  const before = await entries();
  const { seen, queue } = await preview();
  expect(queue).toMatchObject({ entries: seen.jobs, missing: 0, extra: [], duplicates: [], taken: 0 });
  expect(seen.states).toMatchObject({ QUEUED: expect.any(Number) as number, RUNNING: expect.any(Number) as number });
  expect(seen.leftOut).toMatchObject({ 'pulled by agents': expect.any(Number) as number });
  const counted = Object.values(seen.states).reduce((sum, count) => sum + count, 0);
  expect(counted).toBe(seen.jobs + Object.values(seen.leftOut).reduce((sum, count) => sum + count, 0));

  const foreign = { path: '/job/entries/entry-000-0000099990', data: 'job/of-nobody' };
  const again = { path: '/job/entries/entry-999-0000099991', data: before[7]?.value ?? '' };
  await withZookeeper(platform, async (zookeeper) => {
    await zookeeper.removeAll(before.slice(0, 5).map(({ name }) => `/job/entries/${name}`));
    await zookeeper.createAll([foreign, again]);
  });
  const damaged = (await preview()).queue;
  expect(damaged).toMatchObject({
    missing: 5,
    extra: [{ value: 'job/of-nobody' }],
    duplicates: [{ value: again.data }],
  });

  // A job that stands there twice is no pass.
  const twice = await scenario.rekindle(['rebuild', platform.project, '--json']);
  expect(twice).toMatchObject({ exitCode: 1, json: { failure: { kind: 'VerificationFailed' } } });
  expect(summaryOf(twice.json as RunProgress)).toMatch(
    /^5 entries written, .* 1 entries stand for no .* 1 jobs have more than one entry/,
  );
  expect(summaryOf(await rebuild('--remove-extra'))).toContain('0 entries written');
  const after = await entries();
  expect(after.map(({ value }) => value).toSorted()).toEqual(before.map(({ value }) => value).toSorted());
});

test('a dry run shows counts, with --list every job in the order of the queue, and writes nothing', async () => {
  const { platform } = scenario;
  const before = await entries();
  const { stdout } = await rekindle(['rebuild', platform.project, '--dry-run', '--list']);
  expect(stdout).toMatch(/Queue jobs: \d+ jobs of nuvla-job of documents\n {2}documents +QUEUED \d+, RUNNING \d+/);
  expect(stdout).toMatch(/run again +\d+ ran at the time of the backup/);
  const listed = stdout
    .split('\n')
    .flatMap((line) => /^ *\d+ {2}(?:waited|ran {3}) {2}(job\/.*)$/.exec(line)?.[1] ?? []);
  expect(listed).toHaveLength(before.length);
  expect(listed.toSorted()).toEqual(before.map(({ value }) => value).toSorted());
  expect(await entries()).toEqual(before);
  const wrong = await scenario.rekindle(['rebuild', platform.project, '--list']);
  expect(wrong).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--dry-run') as string });
});

test('a new queue: the jobs that will run again are reported and listed', async () => {
  await removeQueue();
  const report = await rebuild();
  const { seen } = await preview();
  const told = report.checks.find(({ name }) => name === 'running jobs jobs');
  expect(told).toMatchObject({ verdict: 'pass', warning: true });
  expect(told?.evidence).toContain(`${seen.runningAgain} jobs ran`);
  const { stdout } = await rekindle(['report', report.run, '--running']);
  expect(stdout.trim().split('\n')).toHaveLength(seen.runningAgain + 1);
  // Numbered anew, and the next producer's number is the next.
  const numbers = (await entries()).map(({ name }) => Number(name.slice(-10)));
  expect(numbers.toSorted((a, b) => a - b)).toEqual(numbers.map((_, index) => index));
});

test('"running: fail" marks the jobs that ran, before the queue is made', async () => {
  const { platform } = scenario;
  await variant.write(({ stores }) => {
    const queue = stores.find(({ kind }) => kind === 'zookeeper-queue')!;
    queue['running'] = 'fail';
    queue['failedFields'] = { state: 'FAILED', 'status-message': 'lost with the platform' };
  });
  const { seen } = await preview();
  const worker = await scenario.startWorker({
    ...variant.environment,
    REKINDLE_TASK_QUEUE: `${platform.project}-fail`,
  });
  const environment = { ...variant.environment, REKINDLE_TASK_QUEUE: `${platform.project}-fail` };
  const { json } = await rekindle(['rebuild', platform.project, '--remove-extra', '--json'], { environment });
  await worker.stop();
  const failed = (json as RunProgress).steps.find(({ id }) => id === 'fail-running-jobs');
  expect(failed?.summary).toBe(`${seen.runningAgain} running jobs marked as failed`);
  const query = {
    bool: { filter: [{ term: { state: 'FAILED' } }, { match_phrase: { 'status-message': 'lost with the platform' } }] },
  };
  const { count } = await withElasticsearch(platform, (client) => client.count({ index: 'nuvla-job', query }));
  expect(count).toBe(seen.runningAgain);
  expect((await preview()).queue).toMatchObject({ missing: 0, extra: [], duplicates: [] });
});
