import type { EtcdExpectedSet } from '../../domain/etcd/expected.ts';
import { Failure } from '../../domain/failures.ts';
import type { StoppableContainer } from '../docker/exchange/stoppable-container.ts';
import { textOf } from '../streams/pieces.ts';
import { runId } from '../streams/run-id.ts';
import type { Taken, WritePart } from '../streams/stream-store.ts';
import { exchangedOf, explained, fileTool, program, say, type EtcdAccess } from './access.ts';
import { hashAt, keysAt, membersOf, statusOf, usersOf } from './observe.ts';

export const snapshotPart = 'snapshot';

/** So often a snapshot is taken anew when a compaction ran meanwhile, which changes the hash. */
const attempts = 3;

/**
 * Takes a snapshot of one member, which has all that was acknowledged before. etcdctl writes it to a file only, so it lies next to
 * the data for as long as it is read. Failures: WrongCredentials, ServiceUnhealthy, VolumeRefused (no room), ContainerFailed;
 * those of `write`.
 */
export async function backUpEtcd(
  access: EtcdAccess,
  write: WritePart,
  signal?: AbortSignal,
): Promise<Taken<EtcdExpectedSet>> {
  const [container] = access.containers;
  const aborting = signal && { signal };
  const { folder } = await exchangedOf(access, container);
  const file = `${folder}/rekindle-snapshot-${runId(access.run, access.store)}`;
  const remove = () =>
    say(access, container, { script: 'rm -f "$1" "$1.part"', arguments: [file], what: `Removing ${file}` });
  await remove();
  try {
    const { serverVersion, dbSize } = await statusOf(access, container, signal);
    await demandRoom(access, container, { folder, bytes: dbSize, ...aborting });
    const from = new Date().toISOString();
    const taken = await snapshotWithHash(access, container, file, signal);
    const to = new Date().toISOString();
    const members = (await membersOf(access, container, signal)).length;
    const what = `The snapshot of ${access.store}`;
    // Bolt's pages are half empty, and nothing compresses them before.
    await write({
      part: snapshotPart,
      compression: 'gzip',
      what,
      pieces: container.outputOf(program(access, { command: ['cat', file], what }), { ...aborting }),
      expectedBytes: dbSize,
    });
    return { expected: { version: 1, store: access.store, serverVersion, members, ...taken }, moment: { from, to } };
  } finally {
    await remove();
  }
}

type Snapshot = Pick<EtcdExpectedSet, 'revision' | 'compactRevision' | 'hash' | 'keys' | 'users' | 'roles'>;

async function snapshotWithHash(
  access: EtcdAccess,
  container: StoppableContainer,
  file: string,
  signal: AbortSignal | undefined,
): Promise<Snapshot> {
  for (let attempt = 1; ; attempt++) {
    // Of the newest revision: a member that is behind the others, or has lost them, waits or fails here.
    await keysAt(access, container, 0, signal);
    const before = await hashAt(access, container, 0, signal);
    const usersBefore = await usersOf(access, container, signal);
    const revision = await saveSnapshot(access, container, file, signal);
    const users = await usersOf(access, container, signal);
    const at = await unlessCompacted(async () => ({
      keys: await keysAt(access, container, revision, signal),
      ...(await hashAt(access, container, revision, signal)),
    }));
    const quiet = at?.compactRevision === before.compactRevision;
    if (at === undefined || (!quiet && attempt < attempts)) {
      if (attempt < attempts) continue;
      throw busy(access.store);
    }
    return {
      revision,
      compactRevision: at.compactRevision,
      keys: at.keys,
      ...(quiet && { hash: at.hash }),
      // Those that came or went meanwhile may be in the snapshot or not.
      users: users.users.filter((user) => usersBefore.users.includes(user)),
      roles: users.roles.filter((role) => usersBefore.roles.includes(role)),
    };
  }
}

/** Returns the revision that the file holds, whose checksum and pages are right. */
async function saveSnapshot(
  access: EtcdAccess,
  container: StoppableContainer,
  file: string,
  signal: AbortSignal | undefined,
): Promise<number> {
  const what = `The snapshot of ${access.store}`;
  const aborting = signal && { signal };
  // Not through `sh`, which would not pass on the signal that ends it.
  const save = program(access, { command: ['etcdctl', 'snapshot', 'save', file], what });
  await explained(access, () => textOf(container.outputOf(save, { ...aborting })));
  const script = `${fileTool}\n"$tool" -w json snapshot status "$1"`;
  const said = await say(access, container, { script, arguments: [file], what: `Checking ${file}`, ...aborting });
  return (JSON.parse(said) as { revision: number }).revision;
}

/** Fails before etcd itself would have none left. */
export async function demandRoom(
  access: EtcdAccess,
  container: StoppableContainer,
  { folder, bytes, signal }: { folder: string; bytes: number; signal?: AbortSignal },
): Promise<void> {
  const script = String.raw`df -Pk "$1" | sed -n 2p | tr -s ' ' | cut -d ' ' -f 4`;
  const what = `Measuring the room in ${folder}`;
  const said = await say(access, container, { script, arguments: [folder], what, ...(signal && { signal }) });
  const free = Number(said.trim()) * 1024;
  const wanted = bytes + reserveBytes;
  if (!Number.isFinite(free) || free >= wanted) return;
  throw new Failure('VolumeRefused', {
    message: `The data folder ${folder} of ${container.name} has room for ${free} bytes, and ${wanted} are wanted: etcdctl writes snapshots to files`,
    remedy: 'Make room on the disk of this volume, then retry; nothing was changed',
  });
}

/** Left to the server meanwhile: two segments of its log. */
const reserveBytes = 128 * 1024 * 1024;

async function unlessCompacted<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Failure && error.message.includes('been compacted')) return undefined;
    throw error;
  }
}

function busy(store: string): Failure {
  return new Failure('ServiceUnhealthy', {
    message: `${store} forgot the revision of its snapshot ${attempts} times before its keys were counted`,
    remedy: 'Let etcd keep more of its history (--auto-compaction-retention), or back it up when fewer write',
  });
}
