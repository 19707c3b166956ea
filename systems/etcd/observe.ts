import { contains } from '../../domain/mounts.ts';
import type { EtcdCluster, EtcdExpectedSet, EtcdMemberState } from '../../domain/etcd/expected.ts';
import { Failure } from '../../domain/failures.ts';
import type { StoppableContainer } from '../docker/exchange/stoppable-container.ts';
import { exchangedOf, say, type EtcdAccess } from './access.ts';

// Numbers of 64 bits (ids of members) do not fit into a number of JavaScript: they are read as text.

/** How long a member may take to read all that it has. */
const readingSeconds = 300;

export interface HashAt {
  hash: number;
  compactRevision: number;
  /** The newest revision that there was then. */
  latest: number;
}

export interface Status {
  memberId: string;
  serverVersion: string;
  /** Bytes of the file, and of what of it is used. */
  dbSize: number;
  dbSizeInUse: number;
}

export interface Member {
  id: string;
  name: string;
  peerUrls: string[];
  learner: boolean;
}

/** Answers also while the cluster has no leader. Failures: ServiceUnhealthy, CertificateRefused, ContainerFailed. */
export async function statusOf(
  access: EtcdAccess,
  container: StoppableContainer,
  signal?: AbortSignal,
): Promise<Status> {
  const [first] = await ask<{ Status: RawStatus }[]>(access, container, {
    script: 'etcdctl -w json endpoint status',
    what: 'Reading the status',
    ...(signal && { signal }),
  });
  if (first === undefined) throw new Error(`etcdctl said no status of ${container.name}`);
  const { header, version, dbSize, dbSizeInUse = dbSize } = first.Status;
  return { memberId: String(header.member_id), serverVersion: version, dbSize, dbSizeInUse };
}

export async function membersOf(
  access: EtcdAccess,
  container: StoppableContainer,
  signal?: AbortSignal,
): Promise<Member[]> {
  const { members } = await ask<{ members: RawMember[] }>(access, container, {
    script: 'etcdctl -w json member list',
    what: 'Listing the members',
    ...(signal && { signal }),
  });
  return members.map(({ ID, name = '', peerURLs = [], isLearner = false }) => ({
    id: String(ID),
    name,
    peerUrls: peerURLs,
    learner: isLearner,
  }));
}

/** `revision` 0: the newest. Needs the role root where authentication is on. Failures: WrongCredentials, ContainerFailed. */
export async function hashAt(
  access: EtcdAccess,
  container: StoppableContainer,
  revision: number,
  signal?: AbortSignal,
): Promise<HashAt> {
  const [first] = await ask<{ HashKV: RawHash }[]>(access, container, {
    script: 'etcdctl -w json endpoint hashkv --rev "$1"',
    arguments: [String(revision)],
    what: 'Reading the hash over all keys',
    seconds: readingSeconds,
    ...(signal && { signal }),
  });
  if (first === undefined) throw new Error(`etcdctl said no hash of ${container.name}`);
  const { header, hash = 0, compact_revision: compactRevision = 0 } = first.HashKV;
  return { hash, compactRevision, latest: header.revision };
}

/** How many keys there are at a revision; 0: the newest, which the member first makes sure that it has. One key is read with them. */
export async function keysAt(
  access: EtcdAccess,
  container: StoppableContainer,
  revision: number,
  signal?: AbortSignal,
): Promise<number> {
  const { count = 0 } = await ask<{ count?: number }>(access, container, {
    script: `etcdctl -w json get '' --from-key --keys-only --limit 1 --rev "$1"`,
    arguments: [String(revision)],
    what: 'Counting the keys',
    ...(signal && { signal }),
  });
  return count;
}

export async function usersOf(
  access: EtcdAccess,
  container: StoppableContainer,
  signal?: AbortSignal,
): Promise<Pick<EtcdExpectedSet, 'users' | 'roles'>> {
  const aborting = signal && { signal };
  const { users = [] } = await ask<{ users?: string[] }>(access, container, {
    script: 'etcdctl -w json user list',
    what: 'Listing the users',
    ...aborting,
  });
  const { roles = [] } = await ask<{ roles?: string[] }>(access, container, {
    script: 'etcdctl -w json role list',
    what: 'Listing the roles',
    ...aborting,
  });
  return { users: users.toSorted(), roles: roles.toSorted() };
}

/** What can be asked before anything is done. Failures: WrongCredentials, ServiceUnhealthy, ContainerFailed. */
export async function observeCluster(access: EtcdAccess, signal?: AbortSignal): Promise<EtcdCluster> {
  const [first] = access.containers;
  const asked = [];
  for (const container of access.containers) {
    const { serverVersion } = await statusOf(access, container, signal);
    const { folder } = await exchangedOf(access, container);
    const { mounts, swarm } = await container.describe();
    const dataInVolume = mounts.some((mount) => contains(mount, folder));
    asked.push({ name: container.name, serverVersion, dataInVolume, inSwarm: swarm });
  }
  const members = await membersOf(access, first, signal);
  // Fails when the user may not: what follows would fail in its middle.
  await hashAt(access, first, 0, signal);
  const what = 'Listing the alarms';
  const alarms = await say(access, first, { script: 'etcdctl alarm list', what, ...(signal && { signal }) });
  return {
    asked,
    members: members.length,
    learners: members.filter(({ learner }) => learner).length,
    alarms: [...new Set([...alarms.matchAll(/alarm:\s*(\w+)/g)].map(([, alarm = '']) => alarm))],
  };
}

/** What a member holds at the revision of the expected set. Failures: WrongCredentials, ServiceUnhealthy. */
export async function observeMember(
  access: EtcdAccess,
  container: StoppableContainer,
  revision: number,
  signal?: AbortSignal,
): Promise<EtcdMemberState> {
  const { serverVersion } = await statusOf(access, container, signal);
  const state = { name: container.name, serverVersion };
  try {
    const keys = await keysAt(access, container, revision, signal);
    return { ...state, at: { keys, ...(await hashAt(access, container, revision, signal)) } };
  } catch (error) {
    if (error instanceof Failure && /future revision|been compacted/.test(error.message))
      return { ...state, why: error.message };
    throw error;
  }
}

interface RawStatus {
  /** A number only when it is a small one. */
  header: { member_id: string | number };
  version: string;
  dbSize: number;
  dbSizeInUse?: number;
}

/** What is 0 is left out. */
interface RawHash {
  header: { revision: number };
  hash?: number;
  compact_revision?: number;
}

interface RawMember {
  ID: string | number;
  name?: string;
  peerURLs?: string[];
  isLearner?: boolean;
}

async function ask<T>(
  access: EtcdAccess,
  container: StoppableContainer,
  script: Parameters<typeof say>[2],
): Promise<T> {
  const said = await say(access, container, script);
  try {
    return JSON.parse(said.replaceAll(/([:[,]\s*)(\d{16,})(?=\s*[,}\]])/g, '$1"$2"')) as T;
  } catch {
    throw new Failure('ContainerFailed', {
      message: `${script.what} in the container ${container.name} gave no JSON`,
      remedy: 'Run etcdctl in the container by hand; an etcdctl older than 3.4 is not supported',
    });
  }
}
