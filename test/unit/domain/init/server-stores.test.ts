import { proposePlatform } from '../../../../domain/init/propose.ts';
import type { SeenPlatform, SeenService, ServerAnswer } from '../../../../domain/init/seen.ts';
import {
  answered,
  demoSeen,
  demoStoresSeen,
  etcdSeen,
  mysqlSeen,
  onSwarm,
  postgresSeen,
  redisSeen,
  seenService,
} from './seen-samples.ts';

const persistent = { role: 'primary', save: '3600 1', appendonly: 'no', dir: '/data', dbfilename: 'dump.rdb' };

/** A platform of these servers alone. */
const only = (services: SeenService[], servers: Record<string, ServerAnswer> = {}): SeenPlatform =>
  demoSeen({ services, servers, elasticsearch: {}, zookeeper: {} });
const propose = (seen: SeenPlatform) => proposePlatform('demo', seen);
const openTexts = ({ remarks }: ReturnType<typeof propose>) =>
  remarks.flatMap(({ text, open }) => (open ? [text] : []));
const said = ({ remarks }: ReturnType<typeof propose>) => remarks.map(({ text }) => text).join('\n');

test('the demo with its further stores is recognised whole', () => {
  const proposal = propose(demoStoresSeen());
  expect(proposal.content.deployment).toMatchObject({
    data: ['zookeeper', 'elasticsearch', 'postgresql', 'etcd'],
    core: ['api', 'job-executor', 'job-distributor'],
  });
  expect(proposal.content.stores.map(({ name, kind }) => [name, kind])).toEqual([
    ['documents', 'elasticsearch'],
    ['jobs', 'zookeeper-queue'],
    ['postgresql', 'postgres'],
    ['etcd', 'etcd'],
  ]);
  // As it answered without a password, none is written.
  expect(proposal.content.stores.slice(2)).toEqual([
    { name: 'postgresql', kind: 'postgres', service: 'postgresql' },
    { name: 'etcd', kind: 'etcd', service: 'etcd' },
  ]);
  expect(proposal.roles.leftOut).toEqual([]);
  expect(said(proposal)).toMatch(/PostgreSQL 15\.20 answered[^]*demo_pgdata[^]*accounts, postgres[^]*etcd 3\.4\.23/);
  expect(proposal.remarks.filter(({ open }) => open).map(({ at }) => at.join('.'))).toEqual([
    'stores.1.from',
    'catalogue',
  ]);
});

test('a platform without Elasticsearch is backed up like any other', () => {
  const { content } = propose(only([postgresSeen(), seenService('web')]));
  expect(content).toMatchObject({
    deployment: { data: ['postgresql'], core: ['web'] },
    stores: [{ name: 'postgresql', kind: 'postgres' }],
  });
});

describe.each([
  ['Compose', (seen: SeenPlatform) => seen],
  ['Swarm', onSwarm],
])('on %s', (where, placed) => {
  const swarm = where === 'Swarm';
  const secret = (name: string) => ({ [name]: swarm ? undefined : `/srv/secrets/${name}` });
  const at = (name: string) => ({ file: `${swarm ? '/etc/rekindle' : '/srv'}/secrets/${name}` });

  test('PostgreSQL: its superuser, and the password by the file that the container has', () => {
    const service = postgresSeen({
      variables: ['POSTGRES_USER', 'POSTGRES_PASSWORD_FILE'],
      settings: { POSTGRES_USER: 'app', POSTGRES_PASSWORD_FILE: '/run/secrets/db_key' },
      secretFiles: { ...secret('other_password'), ...secret('db_key') },
    });
    const proposal = propose(placed(only([service], { postgresql: { kind: 'refused' } })));
    expect(proposal.content.stores).toEqual([
      { name: 'postgresql', kind: 'postgres', service: 'postgresql', username: 'app', password: at('db_key') },
    ]);
  });

  test('MariaDB: root, whose password stands in the environment, is asked for by name', () => {
    const proposal = propose(placed(only([mysqlSeen()], { mariadb: { kind: 'refused' } })));
    expect(proposal.content.stores).toEqual([
      {
        name: 'mariadb',
        kind: 'mysql',
        service: 'mariadb',
        username: 'root',
        password: { file: '/etc/rekindle/secrets/mariadb_password' },
      },
    ]);
    expect(openTexts(proposal).join('\n')).toContain('(the container has it in MARIADB_ROOT_PASSWORD)');
  });

  test('Redis that writes to its volume: a store, with its files where it keeps them', () => {
    const facts = { ...persistent, dir: '/data/live', appendonly: 'yes', appenddirname: 'log' };
    const proposal = propose(placed(only([redisSeen()], { sessions: answered('Valkey 8.0.1', facts) })));
    expect(proposal.content.stores).toEqual([
      { name: 'sessions', kind: 'redis', service: 'sessions', dataPath: '/data/live', appendFolder: 'log' },
    ]);
    expect(openTexts(proposal).some((text) => text.includes('a restore that holds it is refused'))).toBe(swarm);
  });

  test('etcd: the members of one cluster are one store; its password by reference, and TLS as its addresses say', () => {
    const tls = {
      settings: { ETCD_LISTEN_CLIENT_URLS: 'https://0.0.0.0:2379', ETCD_TRUSTED_CA_FILE: '/certs/ca.pem' },
    };
    const members = [etcdSeen('etcd-1'), etcdSeen('etcd-2')];
    const one = answered('etcd 3.5.5', { cluster: '14841639068965178418' });
    const two = propose(
      placed(only([...members, etcdSeen('lone', tls)], { 'etcd-1': one, 'etcd-2': one, lone: { kind: 'refused' } })),
    );
    expect(two.content.stores).toEqual([
      { name: 'etcd', kind: 'etcd', service: ['etcd-1', 'etcd-2'] },
      {
        name: 'lone',
        kind: 'etcd',
        service: 'lone',
        tls: { ca: '/certs/ca.pem' },
        username: 'root',
        password: { file: '/etc/rekindle/secrets/lone_password' },
      },
    ]);
  });
});

describe('what needs no backup of its own is a core service that starts first, and why is said', () => {
  test.each([
    ['a Redis that writes nothing', { ...persistent, save: '' }, /a cache, empty after each restart/],
    [
      'a Redis that may drop any key',
      { ...persistent, maxmemory: '100', 'maxmemory-policy': 'allkeys-lru' },
      /may drop any key/,
    ],
    ['a replica', { ...persistent, role: 'replica' }, /takes its data from its primary/],
    ['a node of a cluster', { ...persistent, cluster: 'yes' }, /keep its data by other means/],
  ])('%s', (_what, facts, why) => {
    const seen = demoSeen();
    const proposal = propose({
      ...seen,
      services: [...seen.services, redisSeen()],
      servers: { sessions: answered('Redis 7.0.15', facts) },
    });
    expect(proposal.content.stores).toHaveLength(2);
    expect(proposal.content.deployment).toMatchObject({
      data: ['zookeeper', 'elasticsearch'],
      core: ['sessions', 'api', 'job-executor', 'job-distributor'],
    });
    expect(proposal.remarks.find(({ at }) => at.join('.') === 'deployment.core.0')?.text).toMatch(why);
    expect(proposal.suggestions.some(({ text }) => text.includes('sessions'))).toBe(false);
  });

  test('a Redis whose settings are not told is a store', () => {
    const silent = answered('Redis 7', { role: 'primary', save: '', appendonly: '' });
    expect(propose(only([redisSeen()], { sessions: silent })).content.stores).toMatchObject([{ kind: 'redis' }]);
  });
});

test('a server that does not answer is proposed as it seems to be, to be looked at', () => {
  const proposal = propose(only([postgresSeen(), mysqlSeen(), redisSeen(), etcdSeen()]));
  expect(proposal.content.stores.map(({ kind, password }) => [kind, password !== undefined])).toEqual([
    ['postgres', false],
    ['mysql', true],
    ['redis', false],
    ['etcd', false],
  ]);
  expect(openTexts(proposal).filter((text) => text.includes('it did not answer'))).toHaveLength(4);
});

test('data in no volume, or in one without a name, is asked about', () => {
  const nameless = [{ type: 'volume' as const, source: 'a'.repeat(64), path: '/data' }];
  expect(openTexts(propose(only([redisSeen({ volumes: nameless })]))).join('\n')).toContain('a volume without a name');
  expect(openTexts(propose(only([redisSeen({ volumes: [] })]))).join('\n')).toContain(
    'No volume for the data of sessions',
  );
});

test("names of stores differ, whatever the services' names are", () => {
  const { content } = propose(demoSeen({ services: [...demoSeen().services, postgresSeen({ service: 'documents' })] }));
  expect(content.stores.map(({ name }) => name)).toEqual(['documents', 'jobs', 'documents-2']);
});

test('what a client keeps is suggested as a store, and asked about where the client stands', () => {
  const volumes = [
    { type: 'volume' as const, source: 'demo_uploads', path: '/srv/uploads' },
    { type: 'bind' as const, source: '/srv/demo/reports', path: '/reports' },
    { type: 'bind' as const, source: '/var/run/docker.sock', path: '/var/run/docker.sock' },
    { type: 'bind' as const, source: '/srv/demo/app.json', path: '/app/app.json' },
    { type: 'volume' as const, source: 'b'.repeat(64), path: '/cache' },
  ];
  const seen = demoSeen();
  const apart = seenService('wiki', { networks: ['other'], volumes: volumes.slice(0, 1) });
  const proposal = propose({
    ...seen,
    services: [...seen.services.filter(({ service }) => service !== 'api'), seenService('api', { volumes }), apart],
  });
  expect(proposal.content.stores).toHaveLength(2);
  expect(proposal.suggestions[0]?.content).toEqual({
    stores: [
      { name: 'api-files', kind: 'volume', service: 'api', path: '/srv/uploads' },
      { name: 'api-files-2', kind: 'volume', service: 'api', path: '/reports' },
    ],
  });
  expect(proposal.remarks.find(({ at }) => at.join('.') === 'deployment.core.0')).toMatchObject({
    open: true,
    text: expect.stringContaining('demo_uploads (/srv/uploads), /srv/demo/reports (/reports)') as string,
  });
  expect(proposal.roles.leftOut).toEqual([
    {
      service: 'wiki',
      why: expect.stringContaining('what it keeps in demo_uploads is in no recovery point') as string,
    },
  ]);
});
