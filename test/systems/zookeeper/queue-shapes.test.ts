import { overallVerdict } from '../../../domain/checks.ts';
import * as queue from '../../../systems/zookeeper/rebuild-queue.ts';
import { removeEntries } from '../../../systems/zookeeper/remove-entries.ts';
import { connectZookeeper } from '../../../systems/zookeeper/session.ts';
import * as verification from '../../../systems/zookeeper/verify-queue.ts';
import { entry, names, someJobs, tableOf } from './jobs.ts';
import { startZookeeper } from './server.ts';
import { useQueue, server, session, path, rebuildQueue, verifyQueue, put, entries, verdict } from './queue-scene.ts';

useQueue();

test('an empty queue for no jobs is correct', async () => {
  expect(await rebuildQueue(session, { path, jobs: [] })).toMatchObject({ fresh: true, written: 0 });
  expect(await verdict([])).toBe('pass');
});

test('an entry above what ZooKeeper takes is refused by name, before the connection is lost over it', async () => {
  const jobs = [{ value: 'x'.repeat(1_000_000), priority: 1 }];
  await expect(rebuildQueue(session, { path, jobs })).rejects.toMatchObject({ kind: 'QueueRefused' });
  const long = Array.from({ length: 40 }, (_, index) => ({ value: `${index}${'y'.repeat(100_000)}`, priority: 1 }));
  expect(await rebuildQueue(session, { path, jobs: long })).toMatchObject({ written: 40 });
});

test('a chroot is created only on a new ZooKeeper; elsewhere a missing one is an error, and nothing is written', async () => {
  const jobs = someJobs(10);
  const refused = rebuildQueue(session, { chroot: '/nowhere', path: '/job', jobs });
  await expect(refused).rejects.toMatchObject({
    kind: 'QueueRefused',
    message: expect.stringContaining('/nowhere is missing') as string,
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

test('extra and duplicate entries are removed on request, but not those that a consumer holds', async () => {
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

test('jobs that ran and will run again are reported: all of a new queue, else those that were added', async () => {
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

test('an access list that ZooKeeper rejects is reported as such', async () => {
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
