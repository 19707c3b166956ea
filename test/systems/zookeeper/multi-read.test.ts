import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { knowsMultiRead } from '../../../systems/zookeeper/multi-read.ts';
import { connectZookeeper, type ZookeeperSession } from '../../../systems/zookeeper/session.ts';
import { startZookeeper, type ZookeeperServer } from './server.ts';

const timeoutSeconds = 10;

let server: ZookeeperServer;
let older: Awaited<ReturnType<typeof startOlder>>;

beforeAll(async () => {
  server = await startZookeeper();
  older = await startOlder(server);
});
afterAll(async () => {
  older.close();
  await server.remove();
});

/** The server behind a door that says it is one from before 3.6. */
async function startOlder({ address }: ZookeeperServer) {
  const door = createServer((client) => {
    client.on('error', () => undefined);
    client.once('data', (first) => {
      if (first.toString('latin1') === 'srvr') {
        client.end('Zookeeper version: 3.5.10-8066dba, built on 10/21/2022 19:00 GMT\nMode: standalone\n');
        return;
      }
      const behind = connect({ host: address, port: 2181 }, () => {
        behind.write(first);
        client.pipe(behind).pipe(client);
      });
      behind.on('error', () => client.destroy());
      client.on('close', () => behind.destroy());
    });
  });
  await once(door.listen(0, '127.0.0.1'), 'listening');
  return { hosts: `127.0.0.1:${(door.address() as AddressInfo).port}`, close: () => door.close() };
}

describe.each([
  ['many nodes in one request', () => server.hosts, true],
  ['one by one from a server that is older than 3.6', () => older.hosts, false],
])('reads %s', (_, where, atOnce) => {
  let hosts: string;
  let session: ZookeeperSession;

  beforeAll(async () => {
    hosts = where();
    session = await connectZookeeper({ hosts, timeoutSeconds });
    await session.create([
      { path: '/many', data: 'parent' },
      { path: '/many/é', data: 'naïve ✓' },
      { path: '/many/empty', data: '' },
      { path: '/many/large', data: 'x'.repeat(500_000) },
      { path: '/other', data: 'beside' },
    ]);
  });
  afterAll(async () => {
    await session.close();
  });

  test('is detected by asking the server itself', async () => {
    const [host, port] = hosts.split(':');
    const socket = connect({ host, port: Number(port) });
    await once(socket, 'connect');
    expect(await knowsMultiRead(socket)).toBe(atOnce);
    socket.destroy();
  });

  test('in order, including missing nodes', async () => {
    const paths = ['/many/é', '/many/none', '/many/empty', '/', '/many/large', '/many/é'];
    expect(await session.readMany(paths)).toEqual(['naïve ✓', undefined, '', '', 'x'.repeat(500_000), 'naïve ✓']);
    expect(await session.readMany([])).toEqual([]);
    // What came behind it is not disturbed.
    const behind = [
      session.readMany(paths),
      session.read('/other'),
      session.readMany(['/many']),
      session.children('/many'),
    ];
    expect((await Promise.all(behind)).slice(1)).toMatchObject(['beside', ['parent'], { present: 3 }]);
  });

  test('below a chroot', async () => {
    const below = await connectZookeeper({ hosts: `${hosts}/many`, timeoutSeconds });
    expect(await below.readMany(['/empty', '/é', '/other'])).toEqual(['', 'naïve ✓', undefined]);
    await below.close();
  });

  test('a node that may not be read is a failure', async () => {
    const [digest, acl] = ['rekindle:secret', ['auth::cdrwa']];
    const owner = await connectZookeeper({ hosts, timeoutSeconds, digest, acl });
    await owner.create([{ path: '/owned', data: 'hidden' }]);
    expect(await owner.readMany(['/owned'])).toEqual(['hidden']);
    await expect(session.readMany(['/many', '/owned'])).rejects.toMatchObject({ kind: 'WrongCredentials' });
    expect(await session.readMany(['/other'])).toEqual(['beside']);
    await owner.close();
  });

  test('a server that went away is a failure', async () => {
    const other = await connectZookeeper({ hosts, timeoutSeconds });
    const reads = Array.from({ length: 50 }, () => other.readMany(['/many/large']));
    void other.close();
    const ends = await Promise.allSettled([...reads, other.readMany(['/many'])]);
    expect(ends.at(-1)).toMatchObject({ status: 'rejected', reason: { kind: 'ZookeeperUnreachable' } });
  });
});
