import type { SecretReference, ServiceName, StoreName } from './names.ts';

// Primary stores whose backups are streams of bytes: parts of the recovery point.

/** What all of them have. */
interface Streamed {
  /** A backup that cannot take it goes on without it; absent: it fails. */
  optional?: boolean;
  /** The most that a backup reads in a second, in bytes; absent: no limit. */
  throttle?: number;
  /** So long may a dump, a copy or an export send nothing. */
  silenceSeconds: number;
  backupTimeoutSeconds: number;
  restoreTimeoutSeconds: number;
}

/** A primary store: backed up as streams, one for the roles and one for each database, and restored from them. */
export interface PostgresStore extends Streamed {
  name: StoreName;
  kind: 'postgres';
  /** Of the primary. */
  service: ServiceName;
  port: number;
  /** As programs in its container reach the server: a host, or a folder of sockets; absent: as its image has it. */
  host?: string;
  /** A superuser. */
  username: string;
  /** Absent: the server trusts or knows the user by its socket. */
  password?: SecretReference;
  /** Absent: all that allow connections and are no templates. */
  databases?: string[];
  /** Rows per table whose content is recorded at backup and compared after a restore. */
  samplesPerTable: number;
}

/** A primary store, MySQL or MariaDB: backed up as streams, one for all databases and one for the users, and restored from them. */
export interface MysqlStore extends Streamed {
  name: StoreName;
  kind: 'mysql';
  /** Of the primary. */
  service: ServiceName;
  /** Only with a host. */
  port: number;
  /** As programs in its container reach the server: a host, or the path of a socket; absent: as its image has it. */
  host?: string;
  username: string;
  /** Absent: the server knows the user by its socket. */
  password?: SecretReference;
  /** Absent: all but the server's own. */
  databases?: string[];
  /** Rows per table whose content is recorded at backup and compared after a restore. */
  samplesPerTable: number;
}

/** Paths within a store's own containers, where its programs read them. */
export interface TlsInside {
  ca?: string;
  certificate?: string;
  key?: string;
}

/** A primary store: backed up as one snapshot, which is restored to every member. */
export interface EtcdStore extends Streamed {
  name: StoreName;
  kind: 'etcd';
  /** Of the members; all on one host. */
  service: ServiceName;
  otherServices: ServiceName[];
  /** For clients, the same for each member. */
  port: number;
  /** As a program in the container of a member reaches that member. */
  host: string;
  /** With the role root; absent: authentication is off. */
  username?: string;
  password?: SecretReference;
  /** Present: etcd is spoken to by https. */
  tls?: TlsInside;
  /** In the containers; absent: as the server's command or environment has it. */
  dataPath?: string;
}

/** A primary store: backed up as one copy of all databases, of which a restore makes the files that the server reads. */
export interface RedisStore extends Streamed {
  name: StoreName;
  kind: 'redis';
  /** Of the primary. */
  service: ServiceName;
  port: number;
  /** As a program in the container reaches the server. */
  host: string;
  username?: string;
  password?: SecretReference;
  /** Present: Redis is spoken to by TLS. */
  tls?: TlsInside;
  /** The server's settings dir, dbfilename, appenddirname and appendfilename. */
  dataPath: string;
  file: string;
  appendFolder: string;
  appendFile: string;
}

/** A primary store: a folder of a container, in a volume or a folder of the host, backed up as one archive. */
export interface VolumeStore extends Streamed {
  name: StoreName;
  kind: 'volume';
  /** In whose container it is mounted. */
  service: ServiceName;
  /** In the container. */
  path: string;
  /** Paths in the folder that are left out, with all that lies in them. */
  exclude: string[];
}

/** A command in a service's container, and the exit codes that count as success. */
export interface StoreCommand {
  command: string[];
  successCodes: number[];
}

/** A primary store that the platform's own commands export and import: policy, packages, jobs. */
export interface CommandStore extends Streamed {
  name: StoreName;
  kind: 'command';
  /** In whose container the commands run. */
  service: ServiceName;
  /** Absent: as the image has it. */
  user?: string;
  export: StoreCommand;
  /** With the arguments of the mode. */
  import: StoreCommand;
  mode: ImportMode;
  /** This one or the next is there. */
  count?: StoreCommand;
  verify?: StoreCommand;
  /** All three or none. */
  keep?: StoreCommand;
  putBack?: StoreCommand;
  release?: StoreCommand;
  environment: Record<string, string | SecretReference>;
}

/** What a command is asked to do where its place holds something already. */
export type ImportMode = 'skip-existing' | 'override' | 'batch';
