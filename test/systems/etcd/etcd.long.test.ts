import Docker from 'dockerode';
import { randomUUID } from 'node:crypto';
import { etcdStore } from '../../../systems/etcd/etcd-store.ts';
import type { EtcdAccess } from '../../../systems/etcd/access.ts';
import type { StreamStore } from '../../../systems/streams/stream-store.ts';
import { backUp, piecesOf, restore } from '../../unit/systems/streams/kept.ts';
import { waitFor } from '../../wait-for.ts';
import { conformanceSuite, type Conforming } from '../streams/conformance.ts';
import { startVolumeServer, type VolumeServer } from '../streams/volume-server.ts';

const image = 'rekindle-stack/etcd:3';
const folder = '/var/lib/etcd';
const endpoint = 'http://127.0.0.1:2379';
const asRoot = { ETCDCTL_USER: 'root', ETCDCTL_PASSWORD: 'rkt-secret' };

function member(name: string, cluster: string): { environment: Record<string, string>; folder: string } {
  return {
    folder,
    environment: {
      ETCD_DATA_DIR: folder,
      ETCD_NAME: name,
      ETCD_LISTEN_CLIENT_URLS: 'http://0.0.0.0:2379',
      ETCD_ADVERTISE_CLIENT_URLS: `http://${name}:2379`,
      ETCD_LISTEN_PEER_URLS: 'http://0.0.0.0:2380',
      ETCD_INITIAL_ADVERTISE_PEER_URLS: `http://${name}:2380`,
      ETCD_INITIAL_CLUSTER: cluster,
    },
  };
}

describe('one member, with a user', () => {
  let server: VolumeServer;
  let access: EtcdAccess;
  const etcdctl = (...words: string[]) => server.run(['etcdctl', ...words], asRoot);
  const leftovers = async () =>
    (await server.run(['ls', folder])).split('\n').filter((name) => name.startsWith('rekindle'));

  beforeAll(async () => {
    const name = `rkt-${randomUUID().slice(0, 8)}`;
    server = await startVolumeServer(image, { name, ...member(name, `${name}=http://${name}:2380`) });
    await waitFor(() => server.run(['etcdctl', 'endpoint', 'health']), { timeout: 60_000, interval: 500 });
    for (let index = 0; index < 50; index++) await server.run(['etcdctl', 'put', `/jobs/${index}`, `state ${index}`]);
    await server.run(['etcdctl', 'user', 'add', 'root:rkt-secret']);
    await server.run(['etcdctl', 'user', 'grant-role', 'root', 'root']);
    await server.run(['etcdctl', 'auth', 'enable']);
    access = {
      store: 'coordination',
      containers: [server.container],
      endpoint,
      user: { name: 'root', password: 'rkt-secret' },
      run: 'backup/1',
    };
  });
  afterAll(async () => {
    await server.remove();
  });

  let count = 0;
  conformanceSuite((): Conforming => ({
    store: etcdStore(access) as StreamStore<unknown>,
    withWrongPassword: etcdStore({ ...access, user: { name: 'root', password: 'wrong' } }) as StreamStore<unknown>,
    content: () => etcdctl('get', '', '--from-key'),
    async change() {
      await etcdctl('put', '/jobs/1', `changed ${++count}`);
      await etcdctl('del', '/jobs/2');
      await etcdctl('put', `/jobs/new-${count}`, 'x');
    },
    async add() {
      await etcdctl('put', `/more/${++count}`, 'x');
    },
    leftovers,
  }));

  test('a compaction between backup and restore is no difference', async () => {
    const store = etcdStore(access) as StreamStore<unknown>;
    const kept = await backUp(store);
    const { revision } = kept.expected as { revision: number };
    await etcdctl('put', '/jobs/3', 'later');
    await etcdctl('compaction', String(revision + 1));
    expect((await store.compare(kept.expected, {})).map(({ verdict }) => verdict)).toContain('fail');
    await restore(store, kept, 'restore/test/6');
    expect((await store.compare(kept.expected, {})).map(({ verdict }) => verdict)).toEqual(['pass', 'pass']);
    await store.release(['snapshot'], 'restore/test/6', {});
  }, 300_000);

  test('a snapshot of which one byte is another is refused, and the member runs on', async () => {
    const store = etcdStore(access) as StreamStore<unknown>;
    const { parts } = await backUp(store);
    const bytes = Buffer.from(parts.get('snapshot')!);
    bytes[5000] = bytes[5000]! ^ 1;
    await expect(store.restore('snapshot', piecesOf(bytes), 'restore/test/7', {})).rejects.toMatchObject({
      kind: 'ContainerFailed',
      message: expect.stringContaining('expected sha256') as string,
    });
    await store.answers({});
    await store.putBack(['snapshot'], 'restore/test/7', {});
    expect(await leftovers()).toEqual([]);
  }, 300_000);
});

describe('three members', () => {
  const docker = new Docker();
  const suffix = randomUUID().slice(0, 8);
  const names = [1, 2, 3].map((index) => `rkt-${suffix}-${index}`);
  const servers: VolumeServer[] = [];

  beforeAll(async () => {
    await docker.createNetwork({ Name: `rkt-${suffix}` });
    const cluster = names.map((name) => `${name}=http://${name}:2380`).join(',');
    for (const name of names)
      servers.push(await startVolumeServer(image, { name, network: `rkt-${suffix}`, ...member(name, cluster) }));
    await waitFor(() => servers[0]!.run(['etcdctl', 'endpoint', 'health']), { timeout: 60_000, interval: 500 });
  });
  afterAll(async () => {
    for (const server of servers) await server.remove();
    await docker.getNetwork(`rkt-${suffix}`).remove();
  });

  test('all members are restored to one cluster, with their names; the way back as well', async () => {
    const [first, ...others] = servers;
    const access: EtcdAccess = {
      store: 'coordination',
      containers: [first!.container, ...others.map(({ container }) => container)],
      endpoint,
      run: 'backup/1',
    };
    const store = etcdStore(access) as StreamStore<unknown>;
    await first!.run(['etcdctl', 'put', 'a', 'before']);
    const kept = await backUp(store);
    expect((await store.check(kept.expected, {})).map(({ verdict }) => verdict)).not.toContain('fail');
    await first!.run(['etcdctl', 'put', 'a', 'after']);
    await restore(store, kept, 'restore/test/8');
    expect((await store.compare(kept.expected, {})).map(({ verdict }) => verdict)).toEqual(Array(4).fill('pass'));
    for (const server of servers) {
      expect(await server.run(['etcdctl', 'get', 'a', '--print-value-only'])).toBe('before\n');
      const list = await server.run(['etcdctl', 'member', 'list']);
      expect(names.filter((name) => list.includes(`${name}, http://${name}:2380`))).toEqual(names);
    }
    await store.putBack(['snapshot'], 'restore/test/8', {});
    expect(await servers[1]!.run(['etcdctl', 'get', 'a', '--print-value-only'])).toBe('after\n');
  }, 300_000);
});
