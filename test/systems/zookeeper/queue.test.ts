import type { QueueEntry } from '../../../domain/queue/job-table.ts';
import { connectZookeeper } from '../../../systems/zookeeper/session.ts';
import { inQueueOrder, layoutOf, names, someJobs } from './jobs.ts';
import { useQueue, server, session, path, rebuildQueue, verifyQueue, put, entries, verdict } from './queue-scene.ts';

useQueue();

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

test('a queue in use only gets what it lacks, behind its priority; locks and foreign entries stay', async () => {
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

test('a lost priority is detected, as the former script loses it', async () => {
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
