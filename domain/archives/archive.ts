import type { PlatformName, StoreName } from '../platform.ts';
import { isPart } from '../streams/part.ts';
import type { RecoveryPointId } from '../recovery-points/point-id.ts';

/*
 * An archive is one file, a gzipped tar, that holds one recovery point and all that a restore of it needs but the key:
 *
 *   archive.json                           what is in it; always the first entry
 *   platform.yaml                          the platform file; it names secrets and holds none
 *   README, restore.sh                     for people: the plan as a script, where there is one
 *   images/00001, images/00002, …          images of the platform as the engine exports them, one stream in pieces; if wanted
 *   catalogue/<platform>/points/<id>/…     the point's objects, under their own keys; the capture stays encrypted
 *   catalogue/…/stores/<store>/<part>.age  parts of stores that are backed up by streams, encrypted
 *   repositories/<store>/…                 the snapshot's files, under their own keys; absent with references
 *   SHA256SUMS                             the digest of each entry before it; always the last entry
 */

export const archiveFormat = 'rekindle-archive';
export const archiveVersion = 1;

export const headerEntry = 'archive.json';
export const platformEntry = 'platform.yaml';
export const readmeEntry = 'README';
export const scriptEntry = 'restore.sh';
export const sumsEntry = 'SHA256SUMS';

/** Whether the snapshots' files are in the archive, or only named: they stay in their bucket. */
export type ArtefactsIn = 'data' | 'references';

/** The first entry. Names only: no secret, no address that the platform file does not have. */
export interface ArchiveHeader {
  format: typeof archiveFormat;
  version: typeof archiveVersion;
  platform: PlatformName;
  point: RecoveryPointId;
  /** ISO 8601, UTC. */
  exportedAt: string;
  /** Rekindle's own. */
  exportedBy: string;
  artefacts: ArtefactsIn;
  /** Which key the capture is encrypted with: its public half. Absent: there is no capture, or its key is not here. */
  recipient?: string;
  stores: ArchivedStore[];
  /** Absent: without images. */
  images?: ArchivedImage[];
}

export interface ArchivedImage {
  /** As the capture names it. */
  reference: string;
  /** That of a registry, or the engine's own id, as the capture has it. */
  digest: string;
  /** The engine's own, by which it is found after it was loaded. */
  id: string;
  /** The tag that comes with it; absent: none, since the reference is no tag, or means another image by now. */
  tag?: string;
}

export interface ArchivedStore {
  store: StoreName;
  /** The repository's name in the manifest. */
  repository: string;
  snapshot: string;
  /** Of the store's repository; 1: the one that the platform file describes. */
  base: number;
  /** Bucket and folder that the files came from, as the platform file names them. */
  place: string;
  /** Files in this archive, and their bytes; 0 with references. */
  files: number;
  bytes: number;
}

export const catalogueEntry = (key: string): string => `catalogue/${key}`;
export const repositoryEntry = (store: StoreName, key: string): string => `repositories/${store}/${key}`;

/** Bytes of each piece of the images' stream but the last: a tar wants to know its entries' lengths beforehand. */
export const imagePieceBytes = 32 * 1024 * 1024;

/** From 1 on; with `cat images/*` they are in order. */
export const imageEntry = (number: number): string => `images/${String(number).padStart(5, '0')}`;

/** Where the content of an entry belongs. */
export type EntryPlace =
  | { kind: 'header' | 'platform' | 'readme' | 'script' | 'sums' }
  | { kind: 'image'; number: number }
  | { kind: 'catalogue'; key: string }
  | { kind: 'part'; key: string }
  | { kind: 'repository'; store: StoreName; key: string };

const onTop: Record<string, EntryPlace> = {
  [headerEntry]: { kind: 'header' },
  [platformEntry]: { kind: 'platform' },
  [readmeEntry]: { kind: 'readme' },
  [scriptEntry]: { kind: 'script' },
  [sumsEntry]: { kind: 'sums' },
};

/** Undefined: no entry of an archive has this name. A name that leads out of its folder has no place. */
export function placeOf(name: string): EntryPlace | undefined {
  if (!isPlainPath(name)) return undefined;
  if (Object.hasOwn(onTop, name)) return onTop[name];
  const [folder = '', ...rest] = name.split('/');
  if (folder === 'catalogue' && rest.length > 1)
    return { kind: isPartKey(rest) ? 'part' : 'catalogue', key: rest.join('/') };
  if (folder === 'images' && /^\d{5}$/.test(rest.join('/'))) return { kind: 'image', number: Number(rest[0]) };
  const [store = '', ...key] = rest;
  if (folder === 'repositories' && key.length > 0) return { kind: 'repository', store, key: key.join('/') };
  return undefined;
}

/** `<platform>/points/<id>/…`: a part lies in the point's own folder. */
const isPartKey = ([, , , ...name]: string[]): boolean => isPart(name.join('/'));

/** Relative, of ordinary parts: it can be neither outside of the folder nor another spelling of another name. */
export function isPlainPath(name: string): boolean {
  // oxlint-disable-next-line no-control-regex -- what a terminal or a file system would take for something else
  if (name === '' || name.length > 1024 || /[\u0000-\u001F\u007F\\]/.test(name) || name !== name.normalize('NFC'))
    return false;
  return name.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && part.length <= 255);
}

/** Bytes that an entry may have which is held in memory, as a piece of images is when it is written; a repository's files and parts of stores are streamed. */
export function mostBytes(place: EntryPlace): number {
  switch (place.kind) {
    case 'header':
    case 'platform':
    case 'readme':
      return 1024 * 1024;
    case 'script':
      return 16 * 1024 * 1024;
    case 'image':
      return imagePieceBytes;
    case 'sums':
    case 'catalogue':
      return 256 * 1024 * 1024;
    case 'part':
    case 'repository':
      return Number.MAX_SAFE_INTEGER;
  }
}
