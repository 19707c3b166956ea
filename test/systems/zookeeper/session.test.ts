import net from 'node:net';
import type { AddressInfo } from 'node:net';
import { Failure } from '../../../domain/failures.ts';
import { awaitZookeeper, connectZookeeper } from '../../../systems/zookeeper/session.ts';
import { startZookeeper, type ZookeeperServer } from './server.ts';
import { waitFor } from '../../wait-for.ts';

const failureOf = async (promise: Promise<unknown>) => promise.then(() => undefined).catch((error: unknown) => error);

/** Listens, and says nothing or `answer` to whoever connects. */
async function mute(answer = ''): Promise<{ hosts: string; close: () => void }> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', () => socket.write(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    hosts: `127.0.0.1:${port}`,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

describe('a missing ZooKeeper', () => {
  test.each([
    ['refuses the connection', '127.0.0.1:9'],
    ['swallows what is sent', '10.255.255.1:2181'],
    ['has a name that nobody knows', 'no-such-host.invalid:2181'],
  ])('fails within its limit when it %s', async (_, hosts) => {
    const before = Date.now();
    const failure = await failureOf(connectZookeeper({ hosts, timeoutSeconds: 1 }));
    expect(failure).toBeInstanceOf(Failure);
    expect(failure).toMatchObject({ kind: 'ZookeeperUnreachable' });
    expect((failure as Failure).message).toContain(hosts);
    expect(Date.now() - before).toBeLessThan(2500);
  });

  test.each([
    ['says nothing', ''],
    ['speaks another protocol', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
  ])('fails within its limit when what listens there %s', async (_, answer) => {
    const listener = await mute(answer);
    const failure = await failureOf(awaitZookeeper({ hosts: listener.hosts, timeoutSeconds: 1 }));
    listener.close();
    expect(failure).toMatchObject({ kind: 'ZookeeperUnreachable' });
  });

  test('stops waiting when it is cancelled', async () => {
    const controller = new AbortController();
    const waiting = failureOf(
      awaitZookeeper({ hosts: '127.0.0.1:9', timeoutSeconds: 600 }, { signal: controller.signal }),
    );
    controller.abort(new Error('enough'));
    expect(await waiting).toMatchObject({ message: expect.stringMatching(/enough|aborted/) as string });
  });
});

describe('a ZooKeeper that comes and goes', () => {
  let server: ZookeeperServer;
  let hosts: string;
  const startAgain = async () => {
    hosts = `${await server.start()}:2181`;
    await awaitZookeeper({ hosts, timeoutSeconds: 60 });
  };
  beforeAll(async () => {
    server = await startZookeeper();
    ({ hosts } = server);
  });
  afterAll(async () => {
    await server.remove();
  });

  test('is waited for, visibly, also when it comes back at another address', async () => {
    await server.stop();
    const seen: string[] = [];
    const waiting = awaitZookeeper(
      { hosts: () => Promise.resolve(hosts), timeoutSeconds: 60 },
      { onProgress: ({ unit, note }) => seen.push(`${unit} ${note}`) },
    );
    await waitFor(() => expect(seen.length).toBeGreaterThan(0), { timeout: 20_000 });
    expect(seen[0]).toContain(`seconds waiting for ZooKeeper at ${hosts}`);
    hosts = `${await server.start()}:2181`;
    await waiting;
  });

  test('ends a session when it stops answering, without hanging', async () => {
    const session = await connectZookeeper({ hosts, timeoutSeconds: 2 });
    await server.pause();
    const before = Date.now();
    try {
      expect(await failureOf(session.children('/'))).toMatchObject({ kind: 'ZookeeperUnreachable' });
      expect(Date.now() - before).toBeLessThan(6000);
      expect(await failureOf(session.children('/'))).toMatchObject({ kind: 'ZookeeperUnreachable' });
      await session.close();
    } finally {
      await server.unpause();
    }
  });

  test('fails what is in flight when it goes away, and closes for good', async () => {
    const session = await connectZookeeper({ hosts, timeoutSeconds: 5 });
    const reads = Promise.all(Array.from({ length: 100 }, () => failureOf(session.read('/none'))));
    await server.stop();
    await reads;
    expect(await failureOf(session.children('/'))).toMatchObject({ kind: 'ZookeeperUnreachable' });
    await session.close();
    await startAgain();
  });

  test('a transaction is done as a whole or not at all', async () => {
    const session = await connectZookeeper({ hosts, timeoutSeconds: 10 });
    expect(await session.create([{ path: '/whole', data: '' }])).toBe('created');
    const nodes = ['/whole/a', '/whole/b', '/whole'].map((path) => ({ path, data: 'x' }));
    expect(await session.create(nodes)).toBe('exists');
    expect((await session.children('/whole'))?.names).toEqual([]);
    expect(await session.children('/nothing')).toBeUndefined();
    expect(await session.read('/nothing')).toBeUndefined();
    await session.remove('/nothing');
    expect(await failureOf(session.create([{ path: '/no/parent', data: '' }]))).toMatchObject({ kind: 'QueueRefused' });
    await session.close();
  });
});
