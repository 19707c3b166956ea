import type { StoreName } from '../platform.ts';

/** What a restore of a Redis store must bring back, counted in the very bytes of the backup. Counts only: no key and no value. */
export interface RedisExpectedSet {
  version: 1;
  store: StoreName;
  /** `7.0.15`. */
  serverVersion: string;
  /** By number. Absent: the data holds a type that this version of Rekindle cannot count. */
  databases?: Record<string, RedisDatabase>;
}

export interface RedisDatabase {
  /** Of keys that stay until they are removed: how many there are, by type (string, list, set, zset, hash, stream, module). */
  persistent: Record<string, number>;
  /** Of keys that expire by themselves: some may have gone since. */
  expiring: number;
}

/** What can be asked of the server before anything is done. */
export interface RedisServer {
  serverVersion: string;
  role: string;
  cluster: boolean;
  /** Bytes in memory. */
  usedMemory: number;
  appendOnly: boolean;
  /** Where it keeps what, as it says itself. */
  folder: string;
  file: string;
  appendFile: string;
  /** Absent before Redis 7. */
  appendFolder?: string;
  dataInVolume: boolean;
  inSwarm: boolean;
}
