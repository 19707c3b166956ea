import { overallVerdict } from '../../../domain/checks.ts';
import type { QueueEntry } from '../../../domain/queue/job-table.ts';
import * as queue from '../../../systems/zookeeper/rebuild-queue.ts';
import { removeEntries } from '../../../systems/zookeeper/remove-entries.ts';
import { connectZookeeper, type ZookeeperSession } from '../../../systems/zookeeper/session.ts';
import * as verification from '../../../systems/zookeeper/verify-queue.ts';
import type { Watch } from '../../../domain/watch.ts';
import { entriesOf, entry, inQueueOrder, layoutOf, names, someJobs, tableOf } from './jobs.ts';
import { startZookeeper, type ZookeeperServer } from './server.ts';

let server: ZookeeperServer;
let session: ZookeeperSession;
let path: string;
let queues = 0;

beforeAll(async () => {
  server = await startZookeeper();
});
afterAll(async () => {
  await server.remove();
});
beforeEach(async () => {
  session = await connectZookeeper({ hosts: server.hosts, timeoutSeconds: 10 });
  queues += 1;
  path = `/queues/q${queues}/job`;
});
afterEach(() => session.close());

type Asked = Omit<queue.QueueRebuild, 'jobs' | 'entry'> & { jobs: readonly QueueEntry[] };
const rebuildQueue = (on: ZookeeperSession, { jobs, ...asked }: Asked, watch: Watch = {}) =>
  queue.rebuildQueue(on, { ...asked, entry, jobs: tableOf(jobs) }, watch);
const verifyQueue = (on: ZookeeperSession, { jobs, ...asked }: Asked) =>
  verification.verifyQueue(on, { ...asked, entry, jobs: tableOf(jobs) });
const put = (value: string, priority: number) =>
  session.create([{ path: `${path}/entries/${names.prefix(priority)}`, data: value, sequential: true }]);
const entries = () => entriesOf(session, path);
const verdict = async (jobs = someJobs(2500)) => overallVerdict(await verifyQueue(session, { path, jobs }));

test('a new queue holds every job once, numbered in order; the next producer goes on behind it', async () => {
  const jobs = someJobs(2500);
  const progress: number[] = [];
  const result = await rebuildQueue(session, { path, jobs }, { onProgress: ({ done }) => progress.push(done) });
  expect(result).toMatchObject({ fresh: true, written: 2500, present: 0, missing: 2500, extra: [], duplicates: [] });
  expect(progress.at(-1)).toBe(2500);
  expect(await entries()).toEqual(layoutOf(jobs));
  expect((await entries()).map(({ value }) => value)).toEqual(inQueueOrder(jobs).map(({ value }) => value));
  expect(await verdict(jobs)).toBe('pass');

  await put('job/next', 100);
  expect((await entries()).find(({ value }) => value === 'job/next')?.name).toBe('entry-100-0000002500');
});

test('run twice gives the same queue', async () => {
  const jobs = someJobs(2500);
  await rebuildQueue(session, { path, jobs });
  expect(await rebuildQueue(session, { path, jobs })).toMatchObject({ fresh: true, written: 0, present: 2500 });
  expect(await entries()).toEqual(layoutOf(jobs));
});

test('stopped in the middle and run again, it finishes the same numbering', async () => {
  const jobs = someJobs(12_000);
  const controller = new AbortController();
  const stopped = rebuildQueue(
    session,
    { path, jobs },
    {
      signal: controller.signal,
      onProgress: ({ done }) => done >= 3000 && controller.abort(new Error('stopped here')),
    },
  );
  await expect(stopped).rejects.toThrow('stopped here');
  const begun = (await entries()).length;
  expect(begun).toBeGreaterThanOrEqual(3000);
  expect(begun).toBeLessThan(12_000);
  expect(await rebuildQueue(session, { path, jobs })).toMatchObject({
    fresh: true,
    present: begun,
    written: 12_000 - begun,
  });
  expect(await entries()).toEqual(layoutOf(jobs));
  expect(await verdict(jobs)).toBe('pass');
  await put('job/next', 5);
  expect((await entries()).find(({ value }) => value === 'job/next')?.name).toBe('entry-005-0000012000');
});

test('killed with requests on their way and run again at once, it finishes the same numbering', async () => {
  const jobs = someJobs(12_000);
  const other = await connectZookeeper({ hosts: server.hosts, timeoutSeconds: 10 });
  const killed = rebuildQueue(other, { path, jobs }, { onProgress: () => void other.close() });
  await expect(killed).rejects.toMatchObject({ kind: 'ZookeeperUnreachable' });
  await rebuildQueue(session, { path, jobs });
  expect(await entries()).toEqual(layoutOf(jobs));
});

test('a consumer that goes on while the queue is verified makes no difference; what nobody finished does', async () => {
  const jobs = someJobs(3000);
  await rebuildQueue(session, { path, jobs });
  const layout = layoutOf(jobs);
  const finished = new Set<string>();
  const consumer = new AbortController();
  const consuming = (async () => {
    for (const { name, value } of layout.slice(0, 2900)) {
      if (consumer.signal.aborted) return;
      finished.add(value);
      await session.remove(`${path}/entries/${name}`);
    }
  })();
  const stillWanted = (missing: QueueEntry[]) => Promise.resolve(missing.filter(({ value }) => !finished.has(value)));
  const rest = () => jobs.filter(({ value }) => !finished.has(value));
  for (let time = 0; time < 10; time++)
    expect(await verifyQueue(session, { path, jobs: rest(), stillWanted })).toMatchObject([
      { name: 'queue entries', verdict: 'pass' },
      { name: 'queue duplicates', verdict: 'pass' },
    ]);
  consumer.abort();
  await consuming;

  const lost = layout.at(-1)!;
  await session.remove(`${path}/entries/${lost.name}`);
  expect(await verifyQueue(session, { path, jobs: rest(), stillWanted })).toMatchObject([
    { verdict: 'fail', evidence: expect.stringContaining(`1 missing: ${lost.value}`) as string },
    { verdict: 'pass' },
  ]);
});

test('a living queue gets only what it lacks, behind its priority; locks and foreign entries stay', async () => {
  const jobs = someJobs(40);
  await rebuildQueue(session, { path, jobs: jobs.slice(0, 30) });
  const [first, second] = await entries();
  await session.create([{ path: `${path}/taken/${first?.name ?? ''}`, data: 'consumer' }]);
  await session.remove(`${path}/entries/${second?.name ?? ''}`);
  await put('job/foreign', 100);
  const before = await entries();

  const asked: string[] = [];
  const result = await rebuildQueue(session, {
    path,
    jobs,
    // The one that vanished was finished by its consumer meanwhile.
    stillWanted: (missing) => {
      asked.push(...missing.map(({ value }) => value));
      return Promise.resolve(missing.filter(({ value }) => value !== second?.value));
    },
  });
  expect(result).toMatchObject({
    fresh: false,
    written: 10,
    present: 30,
    missing: 11,
    extra: [{ value: 'job/foreign' }],
    taken: 1,
  });
  expect(asked).toContain(second?.value);
  const after = await entries();
  expect(after).toEqual(expect.arrayContaining(before));
  expect((await session.children(`${path}/taken`))?.names).toEqual([first?.name]);
  const added = inQueueOrder(jobs.slice(30)).map(({ value, priority }, index) => ({
    name: names.name(priority, 31 + index),
    value,
  }));
  expect(after).toEqual(expect.arrayContaining(added));

  const wanted = jobs.filter(({ value }) => value !== second?.value);
  expect(await rebuildQueue(session, { path, jobs: wanted })).toMatchObject({ written: 0, missing: 0 });
  const checks = await verifyQueue(session, { path, jobs: wanted });
  expect(checks.map(({ name, verdict: seen }) => [name, seen])).toEqual([
    ['queue entries', 'fail'],
    ['queue duplicates', 'pass'],
    ['queue order', 'pass'],
  ]);
  expect(checks[0]?.evidence).toContain('1 extra: job/foreign (entry-100-');
});

test('verification names what is missing, extra, twice and out of order', async () => {
  const jobs = someJobs(2500);
  expect(await verdict(jobs)).toBe('fail');
  await rebuildQueue(session, { path, jobs });
  await put(jobs[7]?.value ?? '', 1);
  const checks = await verifyQueue(session, { path, jobs: [...jobs, { value: 'job/new', priority: 3 }] });
  expect(checks[0]).toMatchObject({ verdict: 'fail' });
  expect(checks[0]?.evidence).toContain('1 missing: job/new');
  expect(checks[1]).toMatchObject({ verdict: 'fail' });
  expect(checks[1]?.evidence).toContain(jobs[7]?.value);
  const swapped = jobs.toReversed();
  expect((await verifyQueue(session, { path, jobs: swapped }))[2]).toMatchObject({
    name: 'queue order',
    verdict: 'fail',
  });
});

test('a priority lost on the way is seen, as the script of before loses it', async () => {
  const jobs = someJobs(20);
  await rebuildQueue(session, { path, jobs: jobs.map(({ value }) => ({ value, priority: 100 })) });
  const checks = await verifyQueue(session, { path, jobs });
  expect(checks.map(({ verdict: seen }) => seen)).toEqual(['pass', 'pass', 'fail']);
});

test('25,000 jobs: no limit in listing, values exact', async () => {
  const jobs = someJobs(25_000);
  const before = Date.now();
  await rebuildQueue(session, { path, jobs });
  const written = Date.now();
  expect(await verdict(jobs)).toBe('pass');
  console.log(`25,000 jobs: written in ${written - before} ms, verified in ${Date.now() - written} ms`);
  expect(await entries()).toEqual(layoutOf(jobs));
});

test('an empty queue of no jobs is right', async () => {
  expect(await rebuildQueue(session, { path, jobs: [] })).toMatchObject({ fresh: true, written: 0 });
  expect(await verdict([])).toBe('pass');
});

test('an entry above what ZooKeeper takes is refused by name, before the connection is lost over it', async () => {
  const jobs = [{ value: 'x'.repeat(1_000_000), priority: 1 }];
  await expect(rebuildQueue(session, { path, jobs })).rejects.toMatchObject({ kind: 'QueueRefused' });
  const long = Array.from({ length: 40 }, (_, index) => ({ value: `${index}${'y'.repeat(100_000)}`, priority: 1 }));
  expect(await rebuildQueue(session, { path, jobs: long })).toMatchObject({ written: 40 });
});

test('a chroot is made on a new ZooKeeper only; elsewhere its absence is a mistake, and nothing is written', async () => {
  const jobs = someJobs(10);
  const refused = rebuildQueue(session, { chroot: '/nowhere', path: '/job', jobs });
  await expect(refused).rejects.toMatchObject({
    kind: 'QueueRefused',
    message: expect.stringContaining('/nowhere is not there') as string,
  });
  expect(await session.children('/nowhere')).toBeUndefined();
  await session.create([{ path: '/tenant', data: '' }]);
  await rebuildQueue(session, { chroot: '/tenant', path: '/job', jobs });
  expect(overallVerdict(await verifyQueue(session, { chroot: '/tenant', path: '/job', jobs }))).toBe('pass');
  expect((await session.children('/tenant/job/entries'))?.names).toHaveLength(10);

  const another = await startZookeeper();
  const inside = await connectZookeeper({ hosts: another.hosts, timeoutSeconds: 10 });
  try {
    await rebuildQueue(inside, { chroot: '/tenant/a', path: '/job', jobs });
    expect((await inside.children('/tenant/a/job/entries'))?.names).toHaveLength(10);
  } finally {
    await inside.close();
    await another.remove();
  }
});

test('what is extra or there twice is removed when asked, but not what a consumer holds', async () => {
  const jobs = someJobs(5);
  await rebuildQueue(session, { path, jobs });
  await put('job/foreign', 100);
  await put('job/held', 100);
  await put(jobs[2]?.value ?? '', 999);
  const before = await rebuildQueue(session, { path, jobs });
  expect(before).toMatchObject({ written: 0, extra: [{ value: 'job/foreign' }, { value: 'job/held' }] });
  const held = before.extra[1]?.name ?? '';
  await session.create([{ path: `${path}/taken/${held}`, data: 'consumer' }]);
  const gone = { name: names.name(5, 4_000), value: 'job/gone' };
  const toRemove = [...before.extra, ...before.duplicates, gone];
  expect(await removeEntries(session, { path, entry, toRemove })).toEqual({
    removed: 3,
    kept: [{ name: held, value: 'job/held' }],
  });
  expect((await session.children(`${path}/taken`))?.names).toEqual([held]);
  expect((await entries()).map(({ value }) => value).toSorted()).toEqual(
    [...jobs.map(({ value }) => value), 'job/held'].toSorted(),
  );
});

test('jobs that ran and will run again are told: all of a new queue, else those that were added', async () => {
  const jobs = someJobs(6).map((job, index) => ({ ...job, running: index % 2 === 0 }));
  const again = (rebuilt: queue.QueueRebuilt) => [...rebuilt.runsAgain()].map(({ value }) => value);
  const ran = jobs.filter(({ running }) => running).map(({ value }) => value);
  expect(again(await rebuildQueue(session, { path, jobs }))).toEqual(ran);
  expect(again(await rebuildQueue(session, { path, jobs }))).toEqual(ran);
  await session.remove(`${path}/entries/${names.name(jobs[0]?.priority ?? 0, 0)}`);
  await session.remove(`${path}/entries/${names.name(jobs[1]?.priority ?? 0, 1)}`);
  expect(again(await rebuildQueue(session, { path, jobs }))).toEqual(ran.slice(0, 1));
});

test('a queue of another shape: other folders and names, no priorities', async () => {
  const other = { folder: 'items', locks: 'claims', name: 'msg-', value: '{_id}' };
  const jobs = tableOf(['b', 'a', 'c'].map((value) => ({ value, priority: 0 })));
  await queue.rebuildQueue(session, { path, entry: other, jobs });
  expect((await session.children(`${path}/items`))?.names.toSorted()).toEqual([
    'msg-0000000000',
    'msg-0000000001',
    'msg-0000000002',
  ]);
  expect(await session.read(`${path}/items/msg-0000000001`)).toBe('a');
  expect(await session.children(`${path}/claims`)).toMatchObject({ names: [] });
  expect(overallVerdict(await verification.verifyQueue(session, { path, entry: other, jobs }))).toBe('pass');
});

test('nodes get the access list of the platform file; without its user nothing can be changed', async () => {
  const jobs = someJobs(20);
  const acl = ['auth::cdrwa', 'world:anyone:r'];
  const owner = await connectZookeeper({ hosts: server.hosts, digest: 'nuvla:pass:word', acl, timeoutSeconds: 10 });
  const stranger = await connectZookeeper({ hosts: server.hosts, digest: 'nuvla:wrong', acl, timeoutSeconds: 10 });
  try {
    await rebuildQueue(owner, { path, jobs });
    expect(await verdict(jobs)).toBe('pass');
    const refused = { kind: 'WrongCredentials', remedy: expect.stringContaining('"digest"') as string };
    await expect(rebuildQueue(stranger, { path, jobs: someJobs(21) })).rejects.toMatchObject(refused);
    await expect(rebuildQueue(session, { path, jobs: someJobs(21) })).rejects.toMatchObject(refused);
    expect(await rebuildQueue(owner, { path, jobs: someJobs(21) })).toMatchObject({ fresh: true, written: 1 });
  } finally {
    await owner.close();
    await stranger.close();
  }
});

test('an access list that ZooKeeper does not take is told as such', async () => {
  const anonymous = await connectZookeeper({ hosts: server.hosts, acl: ['auth::cdrwa'], timeoutSeconds: 10 });
  try {
    await expect(rebuildQueue(anonymous, { path, jobs: [] })).rejects.toMatchObject({
      kind: 'QueueRefused',
      remedy: expect.stringContaining('"acl"') as string,
    });
  } finally {
    await anonymous.close();
  }
});
