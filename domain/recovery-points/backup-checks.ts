import { failed, passed, type Check } from '../checks.ts';
import { listed } from '../listed.ts';
import type { IndexName, SnapshotName } from '../platform.ts';

/** Which files of a snapshot were looked up in the repository's bucket. */
export interface FileObservation {
  /** Files that were looked up, and the shards that they belong to. */
  files: number;
  shards: number;
  allShards: number;
  /** `index[shard]: <key> is not there`, or what is wrong with it. */
  faults: string[];
  /** Shards whose list of files could not be read, with the reason: only that list's own file was looked up. */
  unreadable: string[];
}

/** What Elasticsearch reads back from the repository right after taking a snapshot. */
export interface SnapshotObservation {
  state: string;
  /** By index: shards whose files were read whole, and those that failed. */
  indices: Record<IndexName, { done: number; failed: number; total: number }>;
  /** Nodes that wrote to and read from the repository, and all that should. */
  nodes: { verified: string[]; wanted: string[] };
}

/** What the checks are about. */
interface Taken {
  store: string;
  snapshot: SnapshotName;
  repository: string;
  indices: readonly { name: IndexName; primaries: number }[];
}

const again = 'Take the backup again; if it fails again, read the log of Elasticsearch';

/** Every node that holds data or can be master reaches the repository. */
export function checkNodes({ store, repository }: Taken, { nodes: { verified, wanted } }: SnapshotObservation): Check {
  const name = `repository ${store}`;
  const missing = wanted.filter((node) => !verified.includes(node));
  if (missing.length > 0 || verified.length === 0)
    return failed(
      name,
      `${repository} was verified on ${verified.length} nodes, not on ${missing.join(', ') || 'any other'}`,
      'Make sure that every node reaches the object storage and has its keys in the keystore, then take the backup again',
    );
  return passed(name, `${repository} verified on ${verified.length} of ${wanted.length} nodes`);
}

/** The snapshot is SUCCESS and holds every index of the expected set. */
export function checkIndices({ store, snapshot, indices }: Taken, observation: SnapshotObservation): Check {
  const name = `expected set ${store}`;
  if (observation.state !== 'SUCCESS') return failed(name, `${snapshot} is ${observation.state}`, again);
  const missing = indices.filter((index) => observation.indices[index.name] === undefined).map((index) => index.name);
  if (missing.length > 0) return failed(name, `${snapshot} lacks ${listed(missing)}`, again);
  return passed(name, `${snapshot} is SUCCESS, ${indices.length} of ${indices.length} indices`);
}

/** Every shard is done and none failed. */
export function checkShards({ store, snapshot, indices }: Taken, observation: SnapshotObservation): Check {
  const name = `shards ${store}`;
  const faults = indices.flatMap((index) => {
    const found = observation.indices[index.name] ?? { done: 0, failed: 0, total: 0 };
    const whole = found.failed === 0 && found.done === index.primaries && found.total === index.primaries;
    return whole ? [] : [`${index.name} ${found.done} of ${index.primaries} done, ${found.failed} failed`];
  });
  if (faults.length > 0) return failed(name, `${snapshot}: ${listed(faults)}`, again);
  const all = indices.reduce((sum, { primaries }) => sum + primaries, 0);
  return passed(name, `${all} of ${all} shards done, 0 failed, their files read by Elasticsearch`);
}

/** The sampled files lie in the bucket. `where`: names the bucket for people. */
export function checkFiles(
  { store, snapshot }: Taken,
  where: string,
  observation: FileObservation,
  remedy: string,
): Check {
  const name = `files ${store}`;
  if (observation.faults.length > 0)
    return failed(name, `${snapshot} in ${where} is not whole: ${listed(observation.faults)}`, remedy);
  const { files, shards, allShards, unreadable } = observation;
  const seen = `${files} files of ${shards} of ${allShards} shards are in ${where}`;
  if (unreadable.length === 0) return passed(name, seen);
  return passed(
    name,
    `${seen}; of ${unreadable.length} shards only the snap-*.dat itself, because its list cannot be read: ${listed(unreadable)}`,
  );
}
