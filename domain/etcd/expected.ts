import type { StoreName } from '../platform.ts';

/**
 * What a restore of an etcd store must bring back. All of it but the users and roles is asked at the revision of the snapshot, so
 * it is exact, though others write meanwhile. Names, counts and hashes only: no key and no value.
 */
export interface EtcdExpectedSet {
  version: 1;
  store: StoreName;
  /** Of the server: `3.4.23`. */
  serverVersion: string;
  /** The last change that the snapshot holds. */
  revision: number;
  /** Up to this one the history is forgotten; -1: all of it is there. */
  compactRevision: number;
  /** Over all keys, values and their history at the revision, as `etcdctl endpoint hashkv`; absent: a compaction ran each time. */
  hash?: number;
  keys: number;
  users: string[];
  roles: string[];
  /** How many the cluster had. */
  members: number;
}

/** What is there now, of one member. */
export interface EtcdMemberState {
  /** The container. */
  name: string;
  serverVersion: string;
  /** At the revision of the expected set, and the latest revision; absent: that one is not there, and why. */
  at?: { keys: number; hash: number; compactRevision: number; latest: number };
  why?: string;
}

/** What can be asked of the cluster before anything is done. */
export interface EtcdCluster {
  /** One for each container that was asked. */
  asked: { name: string; serverVersion: string; dataInVolume: boolean; inSwarm: boolean }[];
  /** How many the cluster says that it has. */
  members: number;
  learners: number;
  alarms: string[];
}
