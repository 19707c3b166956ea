import { join } from 'node:path';
import type { RunProgress } from '../../../domain/runs/progress.ts';
import { expecting } from '../../expecting.ts';
import {
  bucketOf,
  endScrubs,
  largestFileIn,
  pointsOf,
  useScenario,
  useVariant,
  withWrongBytes,
} from '../harness/index.ts';

// A bucket that keeps no versions, and a copy of it that the platform file names.

const scenario = useScenario({ fresh: true });
const variant = useVariant(scenario);
afterAll(() => scenario.spoil());

test('a damaged object is found by a scrub and put back from the second repository, which is said', async () => {
  const { platform, rekindle, startWorker } = scenario;
  const { project, s3, buckets, folder } = platform;
  const second = `${project}-second`;
  await s3.createBuckets([second]);
  const [repository, copy] = [bucketOf(scenario, buckets.repository), bucketOf(scenario, second)];
  for await (const { key } of repository.list('')) await copy.put(key, (await repository.get(key)) ?? new Uint8Array());
  await variant.write(({ stores: [documents] }) =>
    Object.assign(documents ?? {}, {
      healFrom: [
        {
          bucket: second,
          endpoint: s3.endpoint,
          accessKey: { file: join(folder, 'secrets', 's3_access_key') },
          secretKey: { file: join(folder, 'secrets', 's3_secret_key') },
        },
      ],
    }),
  );
  await endScrubs(scenario);
  await startWorker(variant.environment);

  const { key, good } = await largestFileIn(repository);
  await repository.put(key, withWrongBytes(good));
  const scrub = await rekindle(['scrub', project, '--all', '--json'], { environment: variant.environment });
  expecting(scrub.exitCode, scrub.stdout + scrub.stderr).toBe(0);
  const healed = (scrub.json as RunProgress).checks.find(({ name }) => name === 'heal documents');
  expect(healed).toMatchObject({ verdict: 'pass', warning: true });
  for (const word of [key, second]) expect(healed?.evidence).toContain(word);
  expect(Buffer.compare((await repository.get(key)) ?? new Uint8Array(), good)).toBe(0);
  expect((await pointsOf(scenario)).filter(({ bad }) => bad)).toEqual([]);

  const again = await rekindle(['scrub', project, '--all', '--json'], { environment: variant.environment });
  expect(again.exitCode).toBe(0);
  expect((again.json as RunProgress).checks.map(({ name }) => name)).not.toContain('heal documents');
});
