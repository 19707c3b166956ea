import { uncompressed, readOwnList, readShardList } from './shard-files.ts';
import { readSmile } from './smile.ts';

// Whether a metadata file is the one that its key promises: two files that changed places have good checksums.

/** What is wrong, or undefined; a document that cannot be read is left to its checksum. */
type Identity = (content: Buffer) => string | undefined;

/** Of `snap-<uuid>.dat`: that it is this snapshot's, with the indices that the repository's index lists. */
export function isSnapshot(wanted: { uuid: string; snapshot: string; indices: readonly string[] }): Identity {
  return (content) => {
    const found = (
      documentIn(content) as { snapshot?: { name?: string; uuid?: string; indices?: string[] } } | undefined
    )?.snapshot;
    if (found === undefined) return undefined;
    if (found.uuid !== wanted.uuid || found.name !== wanted.snapshot)
      return `it is that of another snapshot, ${String(found.name)}`;
    const listed = new Set(wanted.indices);
    const missing = (found.indices ?? []).filter((index) => !listed.has(index));
    return missing.length === 0 ? undefined : `the repository's index does not list its indices ${missing.join(', ')}`;
  };
}

/** Of `indices/<id>/meta-<uuid>.dat`: that it is this index's, in the version that the snapshots mean. */
export function isIndexMetadata(index: string, version: string | undefined): Identity {
  return (content) => {
    const document = documentIn(content) as Record<string, Record<string, unknown>> | undefined;
    if (document === undefined) return undefined;
    const found = document[index];
    if (found === undefined) return `it is that of another index, ${Object.keys(document).join(', ')}`;
    const versions = /-(\d+)-(\d+)-(\d+)$/.exec(version ?? '')?.slice(1);
    const has = ['settings_version', 'mapping_version', 'aliases_version'].map((name) => found[name]);
    const other = versions?.some((each, place) => typeof has[place] === 'number' && has[place] !== Number(each));
    return other ? `it is of another version (${has.join(', ')} instead of ${versions?.join(', ') ?? ''})` : undefined;
  };
}

/** Of `indices/<id>/<shard>/snap-<uuid>.dat`: that it is this snapshot's. */
export function isOwnList(snapshot: string): Identity {
  return (content) => {
    const found = attempt(() => readOwnList(content))?.snapshot;
    return found === undefined || found === snapshot ? undefined : `it is that of another snapshot, ${found}`;
  };
}

/** Of `indices/<id>/<shard>/index-<generation>`: that it lists these snapshots. */
export function isShardList(snapshots: readonly string[]): Identity {
  return (content) => {
    const found = attempt(() => readShardList(content));
    const missing = found === undefined ? [] : snapshots.filter((each) => found.snapshots[each] === undefined);
    return missing.length === 0
      ? undefined
      : `it does not list ${missing.join(', ')}: it is an older one, or another's`;
  };
}

const documentIn = (content: Buffer): unknown => attempt(() => readSmile(uncompressed(content)));

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
