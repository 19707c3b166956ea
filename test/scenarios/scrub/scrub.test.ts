import type { RunProgress } from '../../../domain/runs/progress.ts';
import { bucketOf, endScrubs, facts, largestFileIn, useScenario, withWrongBytes } from '../harness/index.ts';

// Twenty bytes of one file of the bucket are wrong: Elasticsearch does not notice, and goes on referring to the file.
const scenario = useScenario({ fresh: true });
afterAll(() => scenario.spoil());

beforeAll(() => endScrubs(scenario));

const bucket = () => bucketOf(scenario, scenario.platform.buckets.repository);

const badPoints = async () => {
  const { json } = await scenario.rekindle(['points', scenario.platform.project, '--json']);
  return (json as { points: { id: string; bad: boolean }[] }).points.filter(({ bad }) => bad).map(({ id }) => id);
};

test('a wrong byte is found by a scrub, spoils the next backup aloud, and is forgiven once it is put back', async () => {
  const { platform, rekindle, startWorker } = scenario;
  const { project } = platform;
  await startWorker();
  expect(await rekindle(['scrub', project, '--all'])).toMatchObject({ exitCode: 0 });

  const { key, good } = await largestFileIn(bucket());
  await bucket().put(key, withWrongBytes(good));

  const found = await rekindle(['scrub', project, '--all', '--json']);
  expect(found.exitCode).toBe(1);
  const { failure } = found.json as RunProgress;
  for (const word of [key, 'checksum', facts().point, 'no good recovery point is left'])
    expect(failure?.message).toContain(word);
  expect(await badPoints()).toEqual([facts().point]);
  expect((await rekindle(['points', project])).stdout).toMatch(/bad/);
  expect((await rekindle(['status'])).stdout).toMatch(/scrubbed documents .*1 DAMAGED/);

  // `latest` never means a bad point.
  expect(await rekindle(['restore', project, '--yes'])).toMatchObject({ exitCode: 2 });

  const backup = await rekindle(['backup', project, '--json']);
  expect(backup.exitCode).toBe(1);
  const { recoveryPoint, checks } = backup.json as RunProgress;
  expect(checks).toContainEqual(expect.objectContaining({ name: 'scrubbed documents', verdict: 'fail' }));
  expect((await badPoints()).toSorted()).toEqual([facts().point, recoveryPoint?.id].toSorted());

  await bucket().put(key, good);
  expect(await rekindle(['scrub', project, '--all'])).toMatchObject({ exitCode: 0 });
  expect(await badPoints()).toEqual([]);
});
