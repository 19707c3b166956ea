import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { rebuildQueue } from '../../../systems/zookeeper/rebuild-queue.ts';
import { connectZookeeper, type ZookeeperSession } from '../../../systems/zookeeper/session.ts';
import { verifyQueue } from '../../../systems/zookeeper/verify-queue.ts';
import { entriesOf, entry, layoutOf, someJobs, tableOf } from './jobs.ts';
import { startZookeeper, type ZookeeperServer } from './server.ts';
import { useAtEnd } from '../../at-end.ts';

const atTestEnd = useAtEnd();

// Each writes, lists and reads 25,000 entries several times.
jest.setTimeout(180_000);

const count = 25_000;
const jobs = someJobs(count);
let server: ZookeeperServer;
let session: ZookeeperSession;

beforeAll(async () => {
  // A quarter of a million entries, and the last 500 transactions, which it keeps as well.
  server = await startZookeeper({ ZK_SERVER_HEAP: '1024' });
  session = await connectZookeeper({ hosts: server.hosts, timeoutSeconds: 10 });
});
afterAll(async () => {
  await session.close();
  await server.remove();
});

const finish = async (path: string) => {
  await rebuildQueue(session, { path, entry, jobs: tableOf(jobs) });
  expect(await entriesOf(session, path)).toEqual(layoutOf(jobs));
  const checks = await verifyQueue(session, { path, entry, jobs: tableOf(jobs) });
  expect(checks.map(({ verdict }) => verdict)).toEqual(['pass', 'pass', 'pass']);
};

test.each([1, 2, 3, 4, 5])('its process is killed at a random point (%i), and it is run again', async (round) => {
  const path = `/killed${round}/job`;
  const child = fork(fileURLToPath(new URL('./rebuild-process.mjs', import.meta.url)), [server.hosts, path]);
  // Listened for from the start: a rebuild that is done before it is killed has exited by then.
  const exited = once(child, 'exit');
  child.send({ jobs, entry });
  await once(child, 'message');
  // From before the first transaction to after the last one: all of it takes about half a second.
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 800));
  child.kill('SIGKILL');
  await exited;
  await finish(path);
});

test('the connection is lost again and again, at random points: resumed without duplicates', async () => {
  const path = '/cut/job';
  const sockets = new Set<Socket>();
  const [host = '', port = ''] = server.hosts.split(':');
  const gate = createServer((socket) => {
    const real = connect(Number(port), host);
    for (const end of [socket, real])
      sockets.add(end.on('error', () => undefined).on('close', () => sockets.delete(end)));
    socket.pipe(real).pipe(socket);
  });
  await new Promise<void>((resolve) => gate.listen(0, '127.0.0.1', resolve));
  atTestEnd(() => void gate.close());
  const hosts = `127.0.0.1:${(gate.address() as AddressInfo).port}`;
  let cuts = 0;
  for (let attempt = 0; attempt < 200; attempt++) {
    const through = await connectZookeeper({ hosts, timeoutSeconds: 10 });
    const cut = () => {
      if (cuts >= 8 || Math.random() > 0.3) return;
      cuts += 1;
      for (const socket of sockets) socket.destroy();
    };
    try {
      await rebuildQueue(through, { path, entry, jobs: tableOf(jobs) }, { onProgress: cut });
      break;
    } catch (error) {
      expect(error).toMatchObject({ kind: 'ZookeeperUnreachable' });
    } finally {
      await through.close();
    }
  }
  expect(cuts).toBeGreaterThan(2);
  await finish(path);
});

test('a session that expires in the middle is a clear failure, and the repeat finishes', async () => {
  const path = '/expired/job';
  const other = await connectZookeeper({ hosts: server.hosts, timeoutSeconds: 2 });
  const paused = rebuildQueue(
    other,
    { path, entry, jobs: tableOf(jobs) },
    { onProgress: ({ done }) => void (done >= 3000 && server.pause().catch(() => undefined)) },
  );
  await expect(paused).rejects.toMatchObject({ kind: 'ZookeeperUnreachable' });
  await server.unpause();
  await other.close();
  await session.close();
  session = await connectZookeeper({ hosts: server.hosts, timeoutSeconds: 30 });
  await finish(path);
});

test('run twice, and twice in parallel: the same queue', async () => {
  const path = '/twice/job';
  await finish(path);
  const second = await connectZookeeper({ hosts: server.hosts, timeoutSeconds: 10 });
  atTestEnd(() => second.close());
  const fresh = '/beside/job';
  await Promise.allSettled(
    [session, second].map((one) => rebuildQueue(one, { path: fresh, entry, jobs: tableOf(jobs) })),
  );
  await finish(fresh);
  await finish(path);
});
