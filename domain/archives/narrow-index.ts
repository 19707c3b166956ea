import type { SnapshotName } from '../platform.ts';

/** As Elasticsearch's `RepositoryData` writes it; what is not named here is kept as it is. */
interface RepositoryData {
  snapshots: { name: string; uuid: string; index_metadata_lookup?: Record<string, string> }[];
  indices?: Record<string, { id: string; snapshots?: string[] }>;
  index_metadata_identifiers?: Record<string, string>;
}

/**
 * A repository's `index-N` for a copy that holds the files of one snapshot only: it lists no other, so that nobody looks
 * for files that are not there. Undefined: it cannot be read, or does not list the snapshot.
 */
export function narrowIndex(text: string, snapshot: SnapshotName): string | undefined {
  const data = parse(text);
  const kept = data?.snapshots.find(({ name }) => name === snapshot);
  if (data === undefined || kept === undefined) return undefined;
  const { uuid } = kept;
  const indices = Object.entries(data.indices ?? {})
    .filter(([, index]) => index.snapshots?.includes(uuid) === true)
    .map(([name, index]) => [name, { ...index, snapshots: [uuid] }]);
  const used = new Set(Object.values(kept.index_metadata_lookup ?? {}));
  const identifiers = Object.entries(data.index_metadata_identifiers ?? {}).filter(([identifier]) =>
    used.has(identifier),
  );
  return JSON.stringify({
    ...data,
    snapshots: [kept],
    ...(data.indices && { indices: Object.fromEntries(indices) as unknown }),
    ...(data.index_metadata_identifiers && { index_metadata_identifiers: Object.fromEntries(identifiers) }),
  });
}

function parse(text: string): RepositoryData | undefined {
  try {
    const data = JSON.parse(text) as Partial<RepositoryData>;
    return Array.isArray(data.snapshots) ? (data as RepositoryData) : undefined;
  } catch {
    return undefined;
  }
}
