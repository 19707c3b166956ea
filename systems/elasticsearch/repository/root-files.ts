import { isIndexMetadata, isSnapshot } from './identity.ts';
import type { HeldPoint, RepositoryFile } from './repository-files.ts';
import type { RepositoryIndex } from './repository-index.ts';

/** The repository's own index, which every restore reads; undefined: there is none. */
export function indexFile(
  { generation, file }: RepositoryIndex,
  points: readonly HeldPoint[],
): RepositoryFile | undefined {
  if (file === undefined) return undefined;
  const key = `index-${generation}`;
  return {
    key,
    what: "the repository's index",
    points,
    parts: [{ key }],
    bytes: file.bytes,
    content: { kind: 'repository-index' },
  };
}

export const isIndexFile = ({ content }: Pick<RepositoryFile, 'content'>): boolean =>
  content.kind === 'repository-index';

/** The metadata files that recovery points need besides those of their shards: of the snapshots, and of their indices. */
export function rootFiles(repository: RepositoryIndex, points: readonly HeldPoint[]): RepositoryFile[] {
  const files = new Map<string, RepositoryFile & { points: HeldPoint[] }>();
  const add = (point: HeldPoint, file: Omit<RepositoryFile, 'points' | 'parts' | 'bytes'>) => {
    const known = files.get(file.key);
    if (known) known.points.push(point);
    else files.set(file.key, { ...file, points: [point], parts: [{ key: file.key }], bytes: 0 });
  };
  for (const point of points) {
    const { uuid, snapshot } = point;
    const { indexMetadata = {} } = repository.snapshots.find((each) => each.uuid === uuid) ?? {};
    const indices = Object.entries(repository.indices).filter(([, { snapshots }]) => snapshots.includes(uuid));
    add(point, {
      key: `snap-${uuid}.dat`,
      what: `the snapshot ${snapshot} itself`,
      content: { kind: 'snapshot', faultIn: isSnapshot({ uuid, snapshot, indices: indices.map(([name]) => name) }) },
    });
    add(point, {
      key: `meta-${uuid}.dat`,
      what: `the global metadata of ${snapshot}`,
      content: { kind: 'metadata', crc: point.globalMetadataCrc },
    });
    for (const { name } of point.indices) {
      const id = repository.indices[name]?.id;
      if (id === undefined) continue;
      const version = indexMetadata[id];
      add(point, {
        key: `indices/${id}/meta-${repository.indexMetadataFiles[version ?? ''] ?? uuid}.dat`,
        what: `the metadata of ${name}`,
        index: name,
        content: { kind: 'index-metadata', faultIn: isIndexMetadata(name, version) },
      });
    }
  }
  return [...files.values()];
}
