import type { IndexName } from '../../../domain/platform.ts';
import type { ObjectStorage } from '../../object-storage/object-storage.ts';
import { contentOf } from './checked-file.ts';
import { isOwnList, isShardList } from './identity.ts';
import type { FoundFault, HeldPoint, RepositoryFile } from './repository-files.ts';
import type { RepositoryIndex } from './repository-index.ts';
import { readOwnList, readShardList, type ListedFile, type ShardList } from './shard-files.ts';

export interface ShardPlace {
  index: IndexName;
  shard: number;
}

export interface Survey {
  files: RepositoryFile[];
  /** Of files that are not there, or have another size. */
  faults: FoundFault[];
}

/** Elasticsearch's words for a shard without a list of its snapshots. */
const withoutList = new Set<string | null | undefined>(['_new', '_deleted', null, undefined]);

/**
 * What the recovery points need of one shard, without the content of its data: one list of its folder, its newest list of
 * files, and where that is damaged the lists of the snapshots. `points`: those that hold the shard.
 */
export async function surveyShard(
  storage: Pick<ObjectStorage, 'list' | 'get'>,
  repository: RepositoryIndex,
  { index, shard }: ShardPlace,
  points: readonly HeldPoint[],
): Promise<Survey> {
  const entry = repository.indices[index];
  const folder = `indices/${entry?.id ?? ''}/${shard}/`;
  const named = `${index}[${shard}]`;
  const generation = entry?.shardGenerations?.[shard];
  const survey: Survey = { files: [], faults: [] };
  const sizes = new Map<string, number>();
  for await (const { key, bytes } of storage.list(folder)) sizes.set(key, bytes);

  const metadata = (name: string, what: string, of: readonly HeldPoint[], content: RepositoryFile['content']) => {
    const key = folder + name;
    const bytes = sizes.get(key) ?? 0;
    const file: RepositoryFile = {
      key,
      what: `${named}, ${what}`,
      index,
      shard,
      points: of,
      parts: [{ key }],
      bytes,
      content,
    };
    survey.files.push(file);
    if (!sizes.has(key)) survey.faults.push({ file, fault: 'it is not there' });
    return file;
  };

  let list: ShardList | undefined;
  if (!withoutList.has(generation)) {
    const faultIn = isShardList(points.map(({ snapshot }) => snapshot));
    const file = metadata(`index-${generation ?? ''}`, 'its list of files', [], { kind: 'snapshots', faultIn });
    const found = await read(storage, file.key, (bytes) => {
      const content = contentOf(bytes, 'snapshots');
      const fault = faultIn(content);
      if (fault !== undefined) throw new Error(fault);
      return readShardList(content);
    });
    if ('value' in found) list = found.value;
    else if ('fault' in found) survey.faults.push({ file, fault: found.fault });
  }

  const data = new Map<string, { file: ListedFile; points: HeldPoint[] }>();
  const files = new Map(list?.files.map((file) => [file.name, file]));
  for (const point of points) {
    const own = metadata(`snap-${point.uuid}.dat`, `the list of ${point.snapshot}`, [point], {
      kind: 'snapshot',
      faultIn: isOwnList(point.snapshot),
    });
    const names = list?.snapshots[point.snapshot];
    const listed = names ? names.flatMap((name) => files.get(name) ?? []) : await ownFiles(storage, own.key);
    for (const file of listed) {
      if (file.blobs.length === 0) continue;
      const known = data.get(file.name) ?? { file, points: [] };
      known.points.push(point);
      data.set(file.name, known);
    }
  }

  for (const { file, points: of } of data.values()) {
    const { name, physicalName, checksum, blobs } = file;
    const parts = blobs.map((blob) => ({ key: folder + blob.name, bytes: blob.bytes }));
    const whole: RepositoryFile = {
      key: folder + name,
      what: `${named}, file ${physicalName}`,
      index,
      shard,
      points: of,
      parts,
      bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0),
      content: { kind: 'data', physicalName, ...(checksum !== undefined && { checksum }) },
    };
    survey.files.push(whole);
    const fault = faultOfSizes(parts, sizes);
    if (fault !== undefined) survey.faults.push({ file: whole, fault });
  }
  return survey;
}

function faultOfSizes(parts: readonly { key: string; bytes: number }[], sizes: ReadonlyMap<string, number>) {
  for (const [place, { key, bytes }] of parts.entries()) {
    const part = parts.length > 1 ? `its part ${place}` : 'it';
    const found = sizes.get(key);
    if (found === undefined) return `${part} is not there`;
    if (found !== bytes) return `${part} has ${found} bytes instead of ${bytes}`;
  }
  return undefined;
}

/** What a damaged one lists is not known; that it is damaged is found when it is read. */
async function ownFiles(storage: Pick<ObjectStorage, 'get'>, key: string): Promise<ListedFile[]> {
  const found = await read(storage, key, (bytes) => readOwnList(contentOf(bytes, 'snapshot')).files);
  return 'value' in found ? found.value : [];
}

type Read<T> = { value: T } | { fault: string } | { missing: true };

async function read<T>(
  storage: Pick<ObjectStorage, 'get'>,
  key: string,
  parse: (bytes: Uint8Array) => T,
): Promise<Read<T>> {
  const bytes = await storage.get(key);
  if (bytes === undefined) return { missing: true };
  try {
    return { value: parse(bytes) };
  } catch (error) {
    return { fault: (error as Error).message };
  }
}
