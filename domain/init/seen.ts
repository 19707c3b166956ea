import type { HealthAddress } from './health-address.ts';
import type { IndexName, NetworkName, RepositorySettings, ServiceName } from '../platform.ts';

/** Where the services were looked for: a Compose project, or a stack of Docker Swarm. */
export type SeenPlace = { kind: 'compose'; project: string } | { kind: 'swarm'; stack: string };

/**
 * One service as the engine has it. Of the environment only the names, and the values of settings that are no secrets
 * (`tellingSettings`): nothing of this is a secret, so it may be printed.
 */
export interface SeenService {
  /** As the platform file names it: `service`, or `project/service` of another project or stack. */
  service: ServiceName;
  /** A container of it that can be asked; absent: none runs here. */
  container?: string;
  image: string;
  running: boolean;
  /** It has done its work and ended with exit code 0. */
  finished: boolean;
  variables: string[];
  settings: Record<string, string>;
  /** Ports that the image or the service exposes, in TCP. */
  ports: number[];
  /** Where volumes and folders are mounted, inside. */
  mounts: string[];
  /** What it can write to that outlives its container: volumes, and folders of the host. */
  volumes: SeenVolume[];
  /** Files with secrets, by the file's name in the container: the path on the host; a Swarm secret has none. */
  secretFiles: Record<string, string | undefined>;
  networks: NetworkName[];
  /** Services that Compose starts before it. */
  dependsOn: ServiceName[];
  /** From its own health check: an address that it asks inside the container. */
  health?: HealthAddress;
}

export interface SeenVolume {
  type: 'volume' | 'bind';
  /** The volume's name, or the folder on the host. */
  source: string;
  /** Where it is mounted, inside. */
  path: string;
}

/** What an Elasticsearch told about itself; `refused`: it wants a password, `silent`: it did not answer. */
export type ElasticsearchAnswer =
  | {
      kind: 'answered';
      scheme: 'http' | 'https';
      clusterUuid: string;
      version: string;
      repositories: (RepositorySettings & { readonly: boolean })[];
      indices: IndexName[];
    }
  | { kind: 'refused'; scheme: 'http' | 'https' }
  | { kind: 'other' }
  | { kind: 'silent' };

/** `queues`: nodes with the children of a LockingQueue, by path. */
export type ZookeeperAnswer =
  { kind: 'answered'; queues: { path: string; entries: number }[]; nodes: string[] } | { kind: 'silent' };

/**
 * What a server told that is backed up by a stream. `server`: `PostgreSQL 15.5`; `facts`: by the names of `askServer`; `refused`:
 * it wants a password, `silent`: it did not answer, or its image lacks the program that asks it.
 */
export type ServerAnswer =
  { kind: 'answered'; server: string; facts: Record<string, string> } | { kind: 'refused' } | { kind: 'silent' };

export interface SeenPlatform {
  place: SeenPlace;
  /** The services of the place. */
  services: SeenService[];
  /** Services of others that are on the same networks. */
  neighbours: SeenService[];
  elasticsearch: Record<ServiceName, ElasticsearchAnswer>;
  zookeeper: Record<ServiceName, ZookeeperAnswer>;
  /** Of servers of all other kinds. */
  servers: Record<ServiceName, ServerAnswer>;
  /** Services whose own health check's address was asked from here and answered: what with. */
  healthAnswers: Record<ServiceName, number>;
}

/** All services that an engine knows, as a platform file of one place would name them. */
export interface Survey {
  services: SeenService[];
  /** Services of other projects or stacks, wherever they are. */
  others: SeenService[];
  /** Containers that belong to no project and no stack, with their networks: no platform file can name them. */
  nameless: { container: string; networks: NetworkName[] }[];
}

/** What a service that is to be restored may be told about, without telling a secret. */
export const tellingSettings = [
  'cluster.name',
  'node.name',
  'discovery.type',
  'discovery.seed_hosts',
  'xpack.security.enabled',
  'xpack.security.http.ssl.enabled',
  'path.data',
  'ELASTIC_CONTAINER',
  'ZOO_MY_ID',
  'ZOO_SERVERS',
  'ZOO_DATA_DIR',
  'POSTGRES_USER',
  // Paths of files with secrets, as official images have them and Bitnami's.
  'POSTGRES_PASSWORD_FILE',
  'POSTGRESQL_PASSWORD_FILE',
  'POSTGRESQL_POSTGRES_PASSWORD_FILE',
  'MYSQL_ROOT_PASSWORD_FILE',
  'MARIADB_ROOT_PASSWORD_FILE',
  'REDIS_PASSWORD_FILE',
  'VALKEY_PASSWORD_FILE',
  'ETCD_INITIAL_CLUSTER_TOKEN',
  'ETCD_INITIAL_CLUSTER_STATE',
  'ETCD_LISTEN_CLIENT_URLS',
  'ETCD_TRUSTED_CA_FILE',
] as const;
