import type { StorePaths } from '../../domain/mounts.ts';
import type { StoreKind } from '../../domain/platform.ts';
import type { Configuration } from '../../systems/docker/configuration.ts';
import { etcdDataPath } from '../../systems/etcd/access.ts';
import { diskRule } from '../../systems/elasticsearch/disk-rule.ts';
import { nodeSettings } from '../../systems/elasticsearch/node-settings.ts';

/** Where the server in a container keeps what, by how it is configured; `undefined`: nobody knows for this kind of store. */
export async function configuredPaths(kind: StoreKind, configuration: Configuration): Promise<StorePaths | undefined> {
  if (kind === 'elasticsearch') return elasticsearchPaths(configuration);
  if (kind === 'postgres') return postgresPaths(configuration);
  if (kind === 'mysql') return mysqlPaths(configuration);
  if (kind === 'etcd') return etcdPaths(configuration);
  if (kind === 'redis') return redisPaths(configuration);
  return kind === 'zookeeper-queue' ? zookeeperPaths(configuration) : undefined;
}

async function elasticsearchPaths({ environment, words, file }: Configuration): Promise<StorePaths> {
  const bitnami = environment['BITNAMI_APP_NAME'] === 'elasticsearch';
  const home = environment['ES_HOME'] ?? (bitnami ? '/opt/bitnami/elasticsearch' : '/usr/share/elasticsearch');
  const text = await file(`${environment['ES_PATH_CONF'] ?? `${home}/config`}/elasticsearch.yml`);
  const setting = nodeSettings({
    arguments: words,
    environment,
    ...(text !== undefined && { configuration: text }),
  });
  const read = (name: string): string[] => {
    const value = setting(name);
    const values = Array.isArray(value) ? value.map(String) : textOf(value).split(',');
    return values.map((each) => substituted(each.trim(), environment)).filter((each) => each !== '');
  };
  const paths = (name: string) => read(name).map((path) => absolute(path, home));
  const data = paths('path.data');
  const logs = paths('path.logs');
  return {
    data: data.length > 0 ? data : [`${home}/data`],
    repositories: paths('path.repo'),
    logs: logs.length > 0 ? logs : [`${home}/logs`],
    home,
    source: data.length > 0 ? 'configuration' : 'convention',
    disk: diskRule((name) => read(name)[0], 1),
  };
}

/** Where images keep ZooKeeper's configuration: the official one, Bitnami's, Confluent's. */
const zookeeperFiles = ['/conf/zoo.cfg', '/opt/bitnami/zookeeper/conf/zoo.cfg', '/etc/kafka/zookeeper.properties'];

async function zookeeperPaths({ environment, file }: Configuration): Promise<StorePaths> {
  const folder = environment['ZOOCFGDIR'] ?? environment['ZOO_CONF_DIR'];
  const files = [
    ...(folder === undefined ? [] : [`${folder}/${environment['ZOOCFG'] ?? 'zoo.cfg'}`]),
    ...zookeeperFiles,
  ];
  let properties = new Map<string, string>();
  for (const path of files) {
    properties = propertiesOf((await file(path)) ?? '');
    if (properties.has('dataDir')) break;
  }
  const dataDir = properties.get('dataDir') ?? environment['ZOO_DATA_DIR'];
  const logDir =
    properties.get('dataLogDir') ?? (properties.has('dataDir') ? undefined : environment['ZOO_DATA_LOG_DIR']);
  const known = [dataDir, logDir].flatMap((path) => (path === undefined || path === '' ? [] : [absolute(path, '/')]));
  return {
    data: known.length > 0 ? known : ['/data', '/datalog'],
    repositories: [],
    logs: [absolute(environment['ZOO_LOG_DIR'] ?? '/logs', '/')],
    source: known.length > 0 ? 'configuration' : 'convention',
  };
}

/** Images name the folder in a variable; a command line outweighs it. */
function postgresPaths({ environment, words }: Configuration): StorePaths {
  const named =
    optionIn(words, /^(?:-c|--)?data[_-]directory=(.+)$/) ??
    wordBehind(words, '-D') ??
    environment['PGDATA'] ??
    environment['POSTGRESQL_DATA_DIR'];
  const bitnami = environment['BITNAMI_APP_NAME'] === 'postgresql';
  return dataIn(named, bitnami ? '/bitnami/postgresql/data' : '/var/lib/postgresql/data');
}

/** MySQL and MariaDB; an option of the command line outweighs what the image has. */
function mysqlPaths({ environment, words }: Configuration): StorePaths {
  const named = optionIn(words, /^--datadir=(.+)$/) ?? wordBehind(words, '--datadir');
  const bitnami = ['mariadb', 'mysql'].find((name) => name === environment['BITNAMI_APP_NAME']);
  return dataIn(named, bitnami === undefined ? '/var/lib/mysql' : `/bitnami/${bitnami}/data`);
}

/** A flag goes before the variable; without both, etcd makes a folder where it happens to be started. */
function etcdPaths(configuration: Configuration): StorePaths | undefined {
  const data = etcdDataPath(configuration);
  return data === undefined ? undefined : dataIn(data, data);
}

function redisPaths({ environment, words }: Configuration): StorePaths {
  const usual = environment['BITNAMI_APP_NAME'] === 'redis' ? '/bitnami/redis/data' : '/data';
  return dataIn(wordBehind(words, '--dir'), usual);
}

/** One folder: where the configuration has it, else where images have it. */
function dataIn(named: string | undefined, usual: string): StorePaths {
  return {
    data: [absolute(named ?? usual, '/')],
    repositories: [],
    logs: [],
    source: named === undefined ? 'convention' : 'configuration',
  };
}

function optionIn(words: readonly string[], option: RegExp): string | undefined {
  return words.flatMap((word) => option.exec(word)?.[1] ?? [])[0];
}

function wordBehind(words: readonly string[], option: string): string | undefined {
  const at = words.indexOf(option);
  return at < 0 ? undefined : words[at + 1];
}

const textOf = (value: unknown): string =>
  ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : '';

function substituted(value: string, environment: Record<string, string>): string {
  return value.replace(/\$\{([^}:]+)(?::([^}]*))?\}/g, (whole, name: string, otherwise?: string) => {
    return environment[name] ?? otherwise ?? whole;
  });
}

function absolute(path: string, home: string): string {
  const whole = path.startsWith('/') ? path : `${home.replace(/\/$/, '')}/${path}`;
  return whole.replace(/(.)\/+$/, '$1');
}

function propertiesOf(text: string): Map<string, string> {
  const lines = text.split('\n').flatMap((line) => {
    const [, key, value] = /^\s*([^#=\s]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    return key === undefined || value === undefined ? [] : [[key, value] as const];
  });
  return new Map(lines);
}
