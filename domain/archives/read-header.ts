import {
  archiveFormat,
  archiveVersion,
  type ArchivedImage,
  type ArchivedStore,
  type ArchiveHeader,
} from './archive.ts';

/** What the first entry says; or, as a text, why it cannot be used. Its content is not trusted. */
export function readHeader(text: string): ArchiveHeader | string {
  const found = parse(text);
  if (found === undefined || found['format'] !== archiveFormat) return 'it is not an archive of Rekindle';
  if (found['version'] !== archiveVersion)
    return `it has version ${String(found['version'])} of the format, and this Rekindle reads version ${archiveVersion}`;
  const { platform, point, exportedAt, exportedBy, artefacts, recipient, stores, images } = found;
  const isWhole =
    isName(platform) &&
    isName(point) &&
    typeof exportedAt === 'string' &&
    typeof exportedBy === 'string' &&
    (artefacts === 'data' || artefacts === 'references') &&
    (recipient === undefined || typeof recipient === 'string') &&
    Array.isArray(stores) &&
    stores.every(isStore) &&
    (images === undefined || (Array.isArray(images) && images.length > 0 && images.every(isImage)));
  if (!isWhole) return 'its first entry is damaged';
  return {
    format: archiveFormat,
    version: archiveVersion,
    platform,
    point,
    exportedAt,
    exportedBy,
    artefacts,
    ...(recipient !== undefined && { recipient }),
    stores,
    ...(images !== undefined && { images }),
  };
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const found = JSON.parse(text) as unknown;
    return typeof found === 'object' && found !== null ? (found as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** They become parts of paths and keys. */
const isName = (value: unknown): value is string =>
  typeof value === 'string' && /^[A-Za-z0-9][\w.-]{0,254}$/.test(value);

const isCount = (value: unknown) => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

function isStore(value: unknown): value is ArchivedStore {
  if (typeof value !== 'object' || value === null) return false;
  const { store, repository, snapshot, base, place, files, bytes } = value as Record<string, unknown>;
  return (
    isName(store) &&
    [repository, snapshot, place].every((text) => typeof text === 'string') &&
    [base, files, bytes].every(isCount)
  );
}

function isImage(value: unknown): value is ArchivedImage {
  if (typeof value !== 'object' || value === null) return false;
  const { reference, digest, id, tag } = value as Record<string, unknown>;
  return (
    [reference, digest].every((text) => typeof text === 'string' && text !== '') &&
    typeof id === 'string' &&
    /^sha256:[0-9a-f]{64}$/.test(id) &&
    (tag === undefined || (typeof tag === 'string' && /^[a-z0-9][\w.:/-]*:[\w.-]+$/.test(tag)))
  );
}
