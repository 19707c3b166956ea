import { Failure } from '../../domain/failures.ts';
import type { Watch } from '../../domain/watch.ts';
import { exchange, newFolder, noteFile, type Exchanged } from '../docker/exchange/exchange.ts';
import type { Pieces } from '../streams/pieces.ts';
import { explained, exchangedOf, fileTool, program, say, type EtcdAccess } from './access.ts';
import { demandRoom } from './back-up.ts';
import { membersOf, statusOf } from './observe.ts';
import { awaitAll, startAll, stopAll } from './running.ts';

/** What a member is called in the restored cluster: as it is called now. */
interface Identity {
  name: string;
  peerUrls: string[];
  /** Of all members: `m1=http://m1:2380,m2=…`. */
  cluster: string;
}

/**
 * Makes a new cluster of the same members from the snapshot: their names and addresses as they are, the token of the run, so that
 * no member of the old cluster is taken for one of the new. It is unpacked, and its checksum compared, next to what runs; then all
 * members are stopped, the folders change places, and all are started. Begun again, it begins anew. Failures: VolumeRefused (no
 * room), ContainerFailed, ServiceUnhealthy; what the pieces throw.
 */
export async function restoreEtcd(access: EtcdAccess, pieces: Pieces, watch: Watch): Promise<void> {
  const { signal } = watch;
  // An earlier attempt may have died between stop and start.
  await startAll(access, watch);
  const members = await Promise.all(access.containers.map((container) => exchangedOf(access, container)));
  const identities = await identitiesOf(access, members, watch);
  try {
    await stage(access, members, pieces, signal);
    for (const [index, member] of members.entries()) {
      const identity = identities[index];
      if (identity === undefined) throw new Error(`No identity of ${member.container.name}`);
      await unpack(access, member, identity, signal);
    }
  } catch (error) {
    await Promise.allSettled(members.map((member) => removeStaged(access, member)));
    throw error;
  }
  await stopAll(access, watch);
  for (const member of members) await exchange(member, watch);
  await startAll(access, watch);
  await awaitAll(access, watch);
}

/** As the first attempt of the run found them: later ones find members of two clusters, which do not know of each other. */
async function identitiesOf(access: EtcdAccess, members: readonly Exchanged[], watch: Watch): Promise<Identity[]> {
  const aborting = watch.signal && { signal: watch.signal };
  const noted: (Identity | undefined)[] = [];
  for (const member of members) {
    const what = 'Reading what an earlier attempt noted';
    const script = 'if [ -f "$1" ]; then cat "$1"; fi';
    const text = await say(access, member.container, { script, arguments: [noteFile(member)], what, ...aborting });
    noted.push(text === '' ? undefined : (JSON.parse(text) as Identity));
  }
  // The notes are written before anything is stopped: all of them, or the cluster is still the old one.
  if (noted.every((note) => note !== undefined)) return noted;
  await awaitAll(access, watch);
  const present = await presentIdentities(access, watch.signal);
  for (const [index, member] of members.entries()) {
    const what = 'Noting the name of the member';
    const script = 'cat >"$1.part" && mv "$1.part" "$1"';
    const command = program(access, { command: ['sh', '-c', script, 'rekindle', noteFile(member)], what });
    await member.container.feed(command, one(Buffer.from(JSON.stringify(present[index]))), { ...aborting });
  }
  return present;
}

async function presentIdentities(access: EtcdAccess, signal: AbortSignal | undefined): Promise<Identity[]> {
  const [first] = access.containers;
  const members = await membersOf(access, first, signal);
  if (members.length !== access.containers.length || members.some(({ name }) => name === ''))
    throw new Failure('ServiceUnhealthy', {
      message: `The cluster of ${access.store} has ${members.length} members, of which ${members.filter(({ name }) => name !== '').length} have started; ${access.containers.length} containers are to be restored`,
      remedy: `Start all members; name the services of all of them under "service" of the store "${access.store}" in the platform file`,
    });
  const cluster = members.flatMap(({ name, peerUrls }) => peerUrls.map((url) => `${name}=${url}`)).join(',');
  const identities: Identity[] = [];
  for (const container of access.containers) {
    const { memberId } = await statusOf(access, container, signal);
    const member = members.find(({ id }) => id === memberId);
    if (member === undefined)
      throw new Failure('ContainerFailed', {
        message: `The container ${container.name} is no member of the cluster of ${first.name}`,
        remedy: `Name only members of one cluster under "service" of the store "${access.store}" in the platform file`,
      });
    identities.push({ name: member.name, peerUrls: member.peerUrls, cluster });
  }
  return identities;
}

const stagedFile = (member: Exchanged): string => `${newFolder(member)}.db`;

/** The snapshot as a file next to the data of each member: it is read once, and passed on from the first to the others. */
async function stage(
  access: EtcdAccess,
  members: readonly Exchanged[],
  pieces: Pieces,
  signal: AbortSignal | undefined,
): Promise<void> {
  const [first] = members;
  const aborting = signal && { signal };
  for (const member of members) {
    const from =
      member === first || first === undefined
        ? pieces
        : first.container.outputOf(
            program(access, {
              command: ['cat', stagedFile(first)],
              what: 'Passing the snapshot on to the next member',
            }),
            { ...aborting },
          );
    const script = `set -eu\nrm -rf "$2"\ncat >"$1"`;
    const given = [stagedFile(member), newFolder(member)];
    const what = `Storing the snapshot in ${member.container.name}`;
    await member.container.feed(program(access, { command: ['sh', '-c', script, 'rekindle', ...given], what }), from, {
      ...aborting,
    });
  }
}

/** It takes room that the server may need. */
async function removeStaged(access: EtcdAccess, member: Exchanged): Promise<void> {
  const given = [stagedFile(member), newFolder(member)];
  await say(access, member.container, { script: 'rm -rf "$1" "$2"', arguments: given, what: 'Removing the snapshot' });
}

async function unpack(
  access: EtcdAccess,
  member: Exchanged,
  { name, peerUrls, cluster }: Identity,
  signal: AbortSignal | undefined,
): Promise<void> {
  const aborting = signal && { signal };
  const file = stagedFile(member);
  const what = `Restoring the snapshot to the member ${name}`;
  const size = await say(access, member.container, {
    script: 'wc -c <"$1"',
    arguments: [file],
    what: `Measuring ${file}`,
    ...aborting,
  });
  await demandRoom(access, member.container, { folder: member.folder, bytes: Number(size.trim()), ...aborting });
  // Files belong to whom the data belongs, since the command may run as another user than the server.
  const script = `${fileTool}
rm -rf "$2"
"$tool" snapshot restore "$1" --data-dir "$2" --name "$3" --initial-advertise-peer-urls "$4" --initial-cluster "$5" --initial-cluster-token "$6" >&2
chown -R "$(stat -c %u:%g "$7/member" 2>/dev/null || stat -c %u:%g "$7")" "$2"
rm -f "$1"`;
  const token = `rekindle-${member.id}`;
  const given = [file, newFolder(member), name, peerUrls.join(','), cluster, token, member.folder];
  await explained(access, () => say(access, member.container, { script, arguments: given, what, ...aborting }));
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}
