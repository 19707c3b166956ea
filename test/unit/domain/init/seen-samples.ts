import type { SeenPlatform, SeenService, ServerAnswer } from '../../../../domain/init/seen.ts';

/** A service of which only the given is known. */
export function seenService(service: string, more: Partial<SeenService> = {}): SeenService {
  return {
    service,
    container: `demo_${service}_1`,
    image: `example/${service}:1`,
    running: true,
    finished: false,
    variables: [],
    settings: {},
    ports: [],
    mounts: [],
    volumes: [],
    secretFiles: {},
    networks: ['demo_backend'],
    dependsOn: [],
    ...more,
  };
}

/** The demo platform of stack/, as it is seen while it runs. */
export function demoSeen(more: Partial<SeenPlatform> = {}): SeenPlatform {
  return {
    place: { kind: 'compose', project: 'demo' },
    services: [
      seenService('job-distributor', { image: 'rekindle-stack/core:1' }),
      seenService('job-executor', { image: 'rekindle-stack/core:1' }),
      seenService('api', { image: 'rekindle-stack/core:1' }),
      seenService('zookeeper', {
        image: 'rekindle-stack/zookeeper:3.9.4',
        variables: ['ZOO_ADMINSERVER_ENABLED', 'ZK_SERVER_HEAP'],
        ports: [2181],
        mounts: ['/data', '/datalog'],
        volumes: [
          { type: 'volume', source: 'demo_zkdata', path: '/data' },
          { type: 'volume', source: 'demo_zkdatalog', path: '/datalog' },
        ],
      }),
      seenService('elasticsearch', {
        image: 'rekindle-stack/elasticsearch:8.19.0',
        variables: ['discovery.type', 'ES_JAVA_OPTS'],
        settings: { 'discovery.type': 'single-node', 'xpack.security.enabled': 'false' },
        mounts: ['/usr/share/elasticsearch/data'],
        volumes: [{ type: 'volume', source: 'demo_esdata', path: '/usr/share/elasticsearch/data' }],
        secretFiles: {
          s3_access_key: '/srv/demo/secrets/s3_access_key',
          s3_secret_key: '/srv/demo/secrets/s3_secret_key',
        },
      }),
    ],
    neighbours: [],
    elasticsearch: {
      elasticsearch: {
        kind: 'answered',
        scheme: 'http',
        clusterUuid: 'uuid-1',
        version: '8.19.0',
        repositories: [
          {
            name: 's3_backup',
            type: 's3',
            settings: { bucket: 'demo-es', endpoint: 'http://172.17.0.1:9000', path_style_access: 'true' },
            readonly: false,
          },
        ],
        indices: ['nuvla-job', 'nuvla-user', 'nuvla-session'],
      },
    },
    zookeeper: {
      zookeeper: { kind: 'answered', queues: [{ path: '/job', entries: 7 }], nodes: ['/job', '/zookeeper'] },
    },
    servers: {},
    healthAnswers: {},
    ...more,
  };
}

/** Nuvla on Docker Swarm, its data services in the stack, exporters and a neighbour of another stack beside them. */
export function nuvlaSeen(): SeenPlatform {
  const networks = ['nuvla-backend'];
  return {
    ...demoSeen(),
    place: { kind: 'swarm', stack: 'nuvla' },
    services: [
      seenService('es', {
        image: 'docker.elastic.co/elasticsearch/elasticsearch:8.11.1@sha256:0a1b',
        networks,
        secretFiles: { s3_access_key: undefined, s3_secret_key: undefined },
      }),
      seenService('zk', { image: 'zookeeper:3.8', networks }),
      seenService('api', { networks, health: { port: 8200, path: '/api/cloud-entry-point' } }),
      seenService('job-executor', { networks, dependsOn: ['api'] }),
      seenService('job-distributor', { networks }),
      seenService('es-exporter', { image: 'quay.io/prometheuscommunity/elasticsearch-exporter:v1.7.0', networks }),
      seenService('ui', { networks: ['frontend'] }),
      seenService('store', { image: 'minio/minio:latest', networks, ports: [9000] }),
    ],
    neighbours: [
      seenService('streams/subs-notifs', { networks }),
      seenService('rk/worker', { image: 'rekindle', networks }),
    ],
    elasticsearch: { es: { ...demoSeen().elasticsearch['elasticsearch']! } },
    zookeeper: { zk: demoSeen().zookeeper['zookeeper']! },
    healthAnswers: { api: 200 },
  };
}

const volume = (source: string, path: string) => [{ type: 'volume' as const, source, path }];

/** Of each further kind of server one, as it is seen when it answers without a password. */
export const postgresSeen = (more: Partial<SeenService> = {}) =>
  seenService('postgresql', {
    image: 'rekindle-stack/postgresql:15',
    variables: ['POSTGRES_DB', 'POSTGRES_PASSWORD', 'PGDATA'],
    ports: [5432],
    mounts: ['/var/lib/postgresql/data'],
    volumes: volume('demo_pgdata', '/var/lib/postgresql/data'),
    ...more,
  });
export const mysqlSeen = (more: Partial<SeenService> = {}) =>
  seenService('mariadb', {
    image: 'mariadb:10.11',
    variables: ['MARIADB_ROOT_PASSWORD'],
    ports: [3306],
    mounts: ['/var/lib/mysql'],
    volumes: volume('demo_mysql', '/var/lib/mysql'),
    ...more,
  });
export const redisSeen = (more: Partial<SeenService> = {}) =>
  seenService('sessions', {
    image: 'valkey/valkey:8',
    ports: [6379],
    mounts: ['/data'],
    volumes: volume('demo_sessions', '/data'),
    ...more,
  });
export const etcdSeen = (name = 'etcd', more: Partial<SeenService> = {}) =>
  seenService(name, {
    image: 'rekindle-stack/etcd:3',
    variables: ['ETCD_NAME', 'ETCD_DATA_DIR'],
    ports: [2379, 2380],
    mounts: ['/var/lib/etcd'],
    volumes: volume(`demo_${name}data`, '/var/lib/etcd'),
    ...more,
  });

export const answered = (server: string, facts: Record<string, string> = {}): ServerAnswer => ({
  kind: 'answered',
  server,
  facts,
});

/** The demo's shape `stores`: PostgreSQL and etcd as well. */
export function demoStoresSeen(): SeenPlatform {
  const seen = demoSeen();
  return {
    ...seen,
    services: [...seen.services, postgresSeen(), etcdSeen()],
    servers: {
      postgresql: answered('PostgreSQL 15.20', { role: 'primary', superuser: 'yes', databases: 'accounts, postgres' }),
      etcd: answered('etcd 3.4.23', { cluster: '14841639068965178418' }),
    },
  };
}

/** The same servers, on Docker Swarm. */
export const onSwarm = (seen: SeenPlatform): SeenPlatform => ({ ...seen, place: { kind: 'swarm', stack: 'demo' } });
