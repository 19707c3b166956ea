/** Kinds of servers that `init` recognises. Only ZooKeeper is no primary store: what a queue is filled from is asked. */
export type DataKind = 'elasticsearch' | 'zookeeper' | ServerKind;
/** Those whose backup is a stream. */
export type ServerKind = 'postgres' | 'mysql' | 'redis' | 'etcd';

export interface Signature {
  kind: DataKind;
  /** Of the last part of the image's name. */
  image: RegExp;
  /** Of the server's own image: a client may have the others (`POSTGRES_PASSWORD`), too. */
  variables: RegExp;
  ports: number[];
  mounts: RegExp;
}

export const signatures: readonly Signature[] = [
  {
    kind: 'elasticsearch',
    image: /^(elasticsearch|opensearch|es)([-_].*)?$|[-_](elasticsearch|opensearch)$/,
    variables: /^(ELASTIC_CONTAINER|ES_JAVA_OPTS|discovery\.type|discovery\.seed_hosts|cluster\.initial_master_nodes)$/,
    ports: [9200, 9300],
    mounts: /^\/(usr\/share|var\/lib)\/(elasticsearch|opensearch)(\/data)?$/,
  },
  {
    kind: 'zookeeper',
    image: /^(zookeeper|zk|cp-zookeeper)([-_].*)?$|[-_]zookeeper$/,
    variables: /^(ZOO_|ZOOKEEPER_|ZK_SERVER_HEAP$)/,
    ports: [2181],
    mounts: /^\/datalog$|zookeeper\/(data|log)/,
  },
  {
    kind: 'postgres',
    image: /^(postgres|postgresql|postgis|timescaledb(-ha)?|pgvector)$|^postgresql-repmgr$|[-_](postgres|postgresql)$/,
    variables: /^(PGDATA|PG_MAJOR|POSTGRES_INITDB_ARGS|POSTGRESQL_VOLUME_DIR)$/,
    ports: [5432],
    mounts: /(^|\/)(postgres|postgresql|pgdata)(\/|$)/,
  },
  {
    kind: 'mysql',
    image: /^(mysql|mysql-server|mariadb|percona|percona-server)$|[-_](mysql|mariadb)$/,
    variables:
      /^((MYSQL|MARIADB)_(ROOT_PASSWORD(_FILE|_HASH)?|RANDOM_ROOT_PASSWORD|ALLOW_EMPTY_ROOT_PASSWORD|MAJOR|VERSION))$/,
    ports: [3306, 33_060],
    mounts: /^\/var\/lib\/mysql$|\/(mysql|mariadb)(\/data)?$/,
  },
  {
    kind: 'redis',
    image: /^(redis|valkey|redis-stack(-server)?)$|[-_](redis|valkey)$/,
    variables: /^(REDIS|VALKEY)_(VERSION|DOWNLOAD_URL|AOF_ENABLED|REPLICATION_MODE)$/,
    ports: [6379],
    mounts: /\/(redis|valkey)(\/data)?$/,
  },
  {
    kind: 'etcd',
    image: /^etcd$|[-_]etcd$/,
    variables: /^ETCD_(NAME|DATA_DIR|LISTEN_CLIENT_URLS|INITIAL_CLUSTER|INITIAL_CLUSTER_TOKEN)$/,
    ports: [2379, 2380],
    mounts: /(^|\/)etcd([-_]?data)?(\/|$)/,
  },
];

/** What goes with a data service and is none: it asks it, shows it or prepares it. */
export const companions =
  /(exporter|kibana|dashboards|curator|cerebro|elastichq|head|zoonavigator|zkui|pgadmin|phpmyadmin|adminer|redisinsight|redis-commander|etcdkeeper|proxy|setup|init|backup|metricbeat|filebeat|logstash)/;

/** Images of servers that keep data and have no kind of store of their own. */
export const foreignStores =
  /^(mongo|mongodb|keydb|dragonfly|redis-cluster|valkey-cluster|minio|cassandra|scylla|couchdb|influxdb|clickhouse[\w-]*|consul|vault|kafka|cp-kafka|rabbitmq|nats|neo4j|garage|seaweedfs|s3|localstack)$/;
