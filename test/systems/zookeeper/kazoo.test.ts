import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ensureKazoo } from '../../../setup/lib/kazoo.mjs';
import { rebuildQueue } from '../../../systems/zookeeper/rebuild-queue.ts';
import { removeEntries } from '../../../systems/zookeeper/remove-entries.ts';
import { connectZookeeper, type ZookeeperSession } from '../../../systems/zookeeper/session.ts';
import { verifyQueue } from '../../../systems/zookeeper/verify-queue.ts';
import { entriesOf, entry, inQueueOrder, names, someJobs, tableOf } from './jobs.ts';
import { startZookeeper, type ZookeeperServer } from './server.ts';
import { useAtEnd } from '../../at-end.ts';

const atTestEnd = useAtEnd();

const program = fileURLToPath(new URL('./queue_user.py', import.meta.url));
let python: string;
let server: ZookeeperServer;
let session: ZookeeperSession;
let path: string;
let queues = 0;

beforeAll(async () => {
  [python, server] = await Promise.all([ensureKazoo(), startZookeeper()]);
}, 300_000);
afterAll(async () => {
  await server.remove();
});
beforeEach(async () => {
  session = await connectZookeeper({ hosts: server.hosts, timeoutSeconds: 10 });
  atTestEnd(() => session.close());
  queues += 1;
  path = `/kazoo${queues}/job`;
});

const kazoo = async (what: string, ...rest: string[]) => {
  const { stdout } = await promisify(execFile)(python, [program, server.hosts, path, what, ...rest]);
  return JSON.parse(stdout) as unknown;
};
const values = (jobs: readonly { value: string }[]) => jobs.map(({ value }) => value);

test('kazoo takes the entries of a new queue in the right order, and nothing is left', async () => {
  const jobs = someJobs(200);
  await rebuildQueue(session, { path, entry, jobs: tableOf(jobs) });
  expect(await kazoo('length')).toBe(200);
  expect(await kazoo('take', '201')).toEqual(values(inQueueOrder(jobs)));
  expect(await entriesOf(session, path)).toEqual([]);
  expect((await session.children(`${path}/taken`))?.names).toEqual([]);
});

test("what kazoo puts lands behind its priority's last, before the next priority", async () => {
  const jobs = someJobs(40);
  await rebuildQueue(session, { path, entry, jobs: tableOf(jobs) });
  await kazoo('put', '50=job/new', '999=job/last');
  const added = [...jobs, { value: 'job/new', priority: 50 }, { value: 'job/last', priority: 999 }];
  expect(await kazoo('take', '42')).toEqual(values(inQueueOrder(added)));
});

test('a queue that kazoo filled and took from is living: only what is missing is added, a held lock stays', async () => {
  const jobs = someJobs(30);
  await kazoo('put', ...jobs.slice(0, 20).map(({ value, priority }) => `${priority}=${value}`));
  const [first] = inQueueOrder(jobs.slice(0, 20));
  expect(await kazoo('take', '1')).toEqual([first?.value]);
  const left = jobs.filter((job) => job !== first);

  const holder = spawn(python, [program, server.hosts, path, 'hold'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [said] = (await once(holder.stdout, 'data')) as [Buffer];
  const [held] = JSON.parse(said.toString()) as string[];
  const rebuilt = await rebuildQueue(session, { path, entry, jobs: tableOf(left) });
  expect(rebuilt).toMatchObject({ fresh: false, written: 10, present: 19, taken: 1, extra: [], duplicates: [] });
  const checks = await verifyQueue(session, {
    path,
    entry,
    jobs: tableOf(left),
    stillWanted: (missing) => Promise.resolve(missing),
  });
  expect(checks.map(({ verdict }) => verdict)).toEqual(['pass', 'pass']);
  const [lock] = (await session.children(`${path}/taken`))?.names ?? [];
  expect(await session.read(`${path}/entries/${lock ?? ''}`)).toBe(held);
  holder.stdin.end();
  await once(holder, 'close');
  // The lock was its session's: the job is there again for the next one.
  expect(await kazoo('take', '30')).toEqual(values(inQueueOrder(left)));
});

test('an election next to the queue works', async () => {
  await rebuildQueue(session, { path, entry, jobs: tableOf(someJobs(5)) });
  expect(await kazoo('elect')).toEqual(['one']);
});

test("a removal keeps kazoo's lock, and its consumer goes on", async () => {
  await kazoo('put', '5=job/held', '5=job/idle');
  const holder = spawn(python, [program, server.hosts, path, 'hold'], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(holder.stdout, 'data');
  const toRemove = [0, 1].map((sequence) => ({ name: names.name(5, sequence), value: '' }));
  expect(await removeEntries(session, { path, entry, toRemove })).toMatchObject({ removed: 1, kept: [toRemove[0]] });
  holder.stdin.end();
  await once(holder, 'close');
});
