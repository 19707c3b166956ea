import { configuredPaths } from '../../../operations/stores/configured-paths.ts';
import type { StoreKind } from '../../../domain/platform.ts';

interface Given {
  environment?: Record<string, string>;
  words?: string[];
  files?: Record<string, string>;
}

const pathsOf = (kind: StoreKind, { environment = {}, words = [], files = {} }: Given) =>
  configuredPaths(kind, { environment, words, file: (path) => Promise.resolve(files[path]) });

const home = '/usr/share/elasticsearch';

describe('Elasticsearch', () => {
  test('says nothing: what its image usually does', async () => {
    expect(await pathsOf('elasticsearch', {})).toEqual({
      data: [`${home}/data`],
      repositories: [],
      logs: [`${home}/logs`],
      home,
      source: 'convention',
      disk: { low: '85%', maxHeadroom: '200gb', copies: 1 },
    });
    const off = { environment: { 'cluster.routing.allocation.disk.threshold_enabled': 'false' } };
    expect(await pathsOf('elasticsearch', off)).toMatchObject({ disk: { copies: 1 } });
  });

  test.each<[string, Given, string[]]>([
    ['a variable of its environment', { environment: { 'path.data': '/d1,/d2/' } }, ['/d1', '/d2']],
    ['a variable in capitals', { environment: { ES_SETTING_PATH_DATA: '/d' } }, ['/d']],
    ['its command line', { words: ['run', '-Epath.data=/d', '-E', 'node.name=a'] }, ['/d']],
    ['its file', { files: { [`${home}/config/elasticsearch.yml`]: 'path.data: /d\n' } }, ['/d']],
    [
      'nested in its file',
      { files: { [`${home}/config/elasticsearch.yml`]: 'path:\n  data: [/d, /e]\n' } },
      ['/d', '/e'],
    ],
    [
      'a file elsewhere, with a variable and relative',
      {
        environment: { ES_PATH_CONF: '/etc/es', WHERE: 'var' },
        files: { '/etc/es/elasticsearch.yml': 'path.data: ${WHERE}/d' },
      },
      [`${home}/var/d`],
    ],
  ])('data in %s', async (_where, given, data) => {
    expect(await pathsOf('elasticsearch', given)).toMatchObject({ data, source: 'configuration' });
  });

  test('repositories and logs; a file that is no YAML says nothing', async () => {
    const file = `${home}/config/elasticsearch.yml`;
    expect(
      await pathsOf('elasticsearch', { environment: { 'path.repo': '/backups' }, files: { [file]: 'path.logs: /l' } }),
    ).toMatchObject({ repositories: ['/backups'], logs: ['/l'] });
    expect(await pathsOf('elasticsearch', { files: { [file]: 'a: [' } })).toMatchObject({ source: 'convention' });
  });
});

describe('ZooKeeper', () => {
  test.each<[string, Given, string[], 'configuration' | 'convention']>([
    ['its file', { files: { '/conf/zoo.cfg': '# c\ndataDir=/d\ndataLogDir = /l\n' } }, ['/d', '/l'], 'configuration'],
    [
      'its file, which outweighs the environment',
      { environment: { ZOO_DATA_LOG_DIR: '/x' }, files: { '/conf/zoo.cfg': 'dataDir=/d' } },
      ['/d'],
      'configuration',
    ],
    [
      'a file elsewhere',
      { environment: { ZOOCFGDIR: '/e' }, files: { '/e/zoo.cfg': 'dataDir=/d' } },
      ['/d'],
      'configuration',
    ],
    ["Confluent's file", { files: { '/etc/kafka/zookeeper.properties': 'dataDir=/d' } }, ['/d'], 'configuration'],
    [
      'the environment',
      { environment: { ZOO_DATA_DIR: '/data', ZOO_DATA_LOG_DIR: '/datalog' } },
      ['/data', '/datalog'],
      'configuration',
    ],
    ['nothing', {}, ['/data', '/datalog'], 'convention'],
  ])('data by %s', async (_where, given, data, source) => {
    expect(await pathsOf('zookeeper-queue', given)).toMatchObject({ data, source });
  });
});

test.each<[string, StoreKind, Given, string, 'configuration' | 'convention']>([
  ['PostgreSQL: nothing', 'postgres', {}, '/var/lib/postgresql/data', 'convention'],
  ['PostgreSQL: the environment', 'postgres', { environment: { PGDATA: '/pg/' } }, '/pg', 'configuration'],
  ['PostgreSQL: an option', 'postgres', { words: ['postgres', '-D', '/d'] }, '/d', 'configuration'],
  ['PostgreSQL: a setting', 'postgres', { words: ['-c', 'data_directory=/s', '-D', '/d'] }, '/s', 'configuration'],
  ['MySQL: nothing', 'mysql', {}, '/var/lib/mysql', 'convention'],
  [
    "MySQL: Bitnami's image",
    'mysql',
    { environment: { BITNAMI_APP_NAME: 'mariadb' } },
    '/bitnami/mariadb/data',
    'convention',
  ],
  ['MySQL: an option', 'mysql', { words: ['mysqld', '--datadir=/d'] }, '/d', 'configuration'],
  ['MySQL: an option of two words', 'mysql', { words: ['mysqld', '--datadir', '/d'] }, '/d', 'configuration'],
  ['etcd: the environment', 'etcd', { environment: { ETCD_DATA_DIR: '/e' } }, '/e', 'configuration'],
  ['etcd: a flag', 'etcd', { environment: { ETCD_DATA_DIR: '/e' }, words: ['--data-dir=/f'] }, '/f', 'configuration'],
  ['Redis: nothing', 'redis', {}, '/data', 'convention'],
  ['Redis: an option', 'redis', { words: ['redis-server', '--dir', '/r'] }, '/r', 'configuration'],
])('data of %s', async (_where, kind, given, folder, source) => {
  expect(await pathsOf(kind, given)).toEqual({ data: [folder], repositories: [], logs: [], source });
});

test.each<StoreKind>(['etcd', 'command'])('of %s that nothing tells about, nobody knows it', async (kind) => {
  expect(await pathsOf(kind, {})).toBeUndefined();
});

test('of a store that a container rebuilds nobody knows it', async () => {
  expect(await pathsOf('container', {})).toBeUndefined();
});
