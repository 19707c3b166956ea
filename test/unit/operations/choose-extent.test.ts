import { Failure } from '../../../domain/failures.ts';
import type { ExpectedIndex, ExpectedSet } from '../../../domain/recovery-points/recovery-point.ts';
import { chooseExtent } from '../../../operations/drill/choose-share.ts';
import type { OpenPlatform } from '../../../operations/open-platform.ts';
import { openCatalogue } from '../../../systems/catalogue/open-catalogue.ts';
import { demoPlatform } from '../../demo-situation.ts';
import { memoryStorage } from '../../memory-storage.ts';

const point = '2026-11-21t0930z';
const index = (name: string): ExpectedIndex => ({
  name,
  state: 'open',
  primaries: 1,
  aliases: [],
  samples: [],
});
const set: ExpectedSet = {
  version: 1,
  store: 'documents',
  snapshot: 'snapshot.1',
  repository: 's3_backup',
  elasticsearchVersion: '8.19.0',
  startedAt: '2026-11-21T09:30:00Z',
  finishedAt: '2026-11-21T09:31:00Z',
  shards: 4,
  totalBytes: 400,
  incrementalBytes: 0,
  indices: ['nuvla-job', 'a', 'b', 'c'].map(index),
};

/** Its Elasticsearch does not answer: sizes follow from the number of shards. */
function platformWithDrills() {
  const catalogue = openCatalogue(memoryStorage(), 'demo');
  const elasticsearch = () =>
    Promise.reject(new Failure('ElasticsearchUnreachable', { message: 'It is down', remedy: 'Wait' }));
  const open = { platform: demoPlatform(), catalogue, elasticsearch } as unknown as OpenPlatform;
  let day = 10;
  async function passed(indices: string[], of = point) {
    const run = `drill/demo/2026-11-${++day}t0300z`;
    const at = `2026-11-${day}T03:00:00Z`;
    const report = { run, startedAt: at, recoveryPoint: { id: of }, rehearses: { documents: indices } };
    await catalogue.writeReport(run, report);
    await catalogue.recordOutcome({ run, kind: 'drill', phase: 'passed', finishedAt: at, durationSeconds: 40 });
  }
  return { open, passed };
}

test('all of it, when it fits', async () => {
  const { open } = platformWithDrills();
  expect(await chooseExtent(open, { point, expected: [set], mostBytes: 400 })).toEqual({
    bytes: 400,
    provable: true,
    checks: [expect.objectContaining({ name: 'drill extent', evidence: 'All of the recovery point' })],
  });
});

test('what was rehearsed longest ago takes its turn; the point is proven when all of it had one', async () => {
  const { open, passed } = platformWithDrills();
  const next = async () => (await chooseExtent(open, { point, expected: [set], mostBytes: 200 })).share;
  expect(await next()).toEqual({ indices: { documents: ['nuvla-job', 'a'] }, completes: false });
  await passed(['nuvla-job', 'a']);
  expect(await next()).toEqual({ indices: { documents: ['nuvla-job', 'b'] }, completes: false });
  // Of another point: its turn counts, its proof does not.
  await passed(['nuvla-job', 'b'], '2026-11-20t0930z');
  expect(await next()).toEqual({ indices: { documents: ['nuvla-job', 'c'] }, completes: false });
  await passed(['nuvla-job', 'c']);
  await passed(['nuvla-job', 'a']);
  expect(await next()).toEqual({ indices: { documents: ['nuvla-job', 'b'] }, completes: true });
});

test('what no drill can restore any more keeps a point from being proven, unless it was restored before', async () => {
  const { open, passed } = platformWithDrills();
  const large: ExpectedSet = {
    ...set,
    totalBytes: 1000,
    indices: [...set.indices, { ...index('large'), primaries: 6 }],
  };
  const provable = async () => (await chooseExtent(open, { point, expected: [large], mostBytes: 300 })).provable;
  expect(await provable()).toBe(false);
  await passed(['nuvla-job', 'large']);
  expect(await provable()).toBe(true);
});

test('a person names indices; none of that name is refused', async () => {
  const { open } = platformWithDrills();
  const named = (patterns: string[]) => chooseExtent(open, { point, expected: [set], patterns, mostBytes: 400 });
  expect((await named(['b'])).share?.indices).toEqual({ documents: ['nuvla-job', 'b'] });
  await expect(named(['d*'])).rejects.toMatchObject({
    kind: 'InvalidArgument',
    message: expect.stringContaining('d*') as string,
  });
});

test('without room for what the queue is rebuilt from, that much is wanted, for the check of the disk to refuse', async () => {
  const { open } = platformWithDrills();
  const { share, bytes } = await chooseExtent(open, { point, expected: [set], mostBytes: 50 });
  expect({ share, bytes }).toEqual({ share: undefined, bytes: 100 });
});
