import type { Container } from 'dockerode';
import { buffer } from 'node:stream/consumers';
import { pipeline, type Readable } from 'node:stream';
import tar from 'tar-stream';
import type { CapturedFile } from '../../../domain/deployment.ts';
import { ifThere } from '../failures.ts';

/** Of Go's file modes: folder, link, device, pipe, socket, character device, irregular. None of them: a plain file. */
const notRegular = 0x8f280000;

/** The same modes: a folder. */
const folder = 0x80000000;

export interface PathStat {
  isFile: boolean;
  isFolder: boolean;
  /** Bytes. */
  size: number;
}

/** What lies at a path inside a container, running or not; `undefined` when there is nothing. */
export async function statPath(container: Container, path: string): Promise<PathStat | undefined> {
  const response = (await ifThere(container.infoArchive({ path }))) as
    (Readable & { headers: Record<string, string | undefined> }) | undefined;
  if (response === undefined) return undefined;
  response.resume();
  const encoded = response.headers['x-docker-container-path-stat'] ?? '';
  const { mode, size } = JSON.parse(Buffer.from(encoded, 'base64').toString()) as { mode: number; size: number };
  return { isFile: (mode & notRegular) === 0, isFolder: (mode & folder) !== 0, size };
}

/** Whether the folder at a path inside a container holds nothing. */
export async function isEmptyFolder(container: Container, path: string): Promise<boolean> {
  return (await readFolder(container, path, { bytes: 0, entries: 1 })) !== undefined;
}

/**
 * The plain files of a folder inside a container, running or not, by their paths below it. Undefined when it holds more
 * than the limits allow; then the rest of it is not read.
 */
export async function readFolder(
  container: Container,
  path: string,
  limit: { bytes: number; entries: number },
): Promise<Map<string, FileContent> | undefined> {
  const extract = tar.extract();
  const stream = (await container.getArchive({ path })) as Readable;
  // An engine that dies in the middle fails the reading below.
  pipeline(stream, extract, () => undefined);
  const files = new Map<string, FileContent>();
  let bytes = 0;
  let entries = 0;
  for await (const entry of extract) {
    const { name, type, size, mode, uid, gid } = entry.header;
    bytes += size;
    entries += 1;
    if (bytes > limit.bytes || entries > limit.entries) return undefined;
    const content = await buffer(entry);
    const below = name.slice(name.indexOf('/') + 1);
    if (type === 'file')
      files.set(below, {
        mode: mode & 0o7777,
        uid,
        gid,
        contentBase64: content.toString('base64'),
      });
  }
  return files;
}

export type FileContent = Omit<CapturedFile, 'path'>;

/** One plain file out of a container, running or not; `undefined` when it is not there. */
export async function readFile(container: Container, path: string): Promise<FileContent | undefined> {
  const stream = await ifThere(container.getArchive({ path }));
  if (stream === undefined) return undefined;
  const extract = tar.extract();
  // Whole first: an engine that dies in the middle rejects here, where a pipe would wait for ever.
  extract.end(await buffer(stream));
  let content: FileContent | undefined;
  for await (const entry of extract) {
    const { type, mode, uid, gid } = entry.header;
    const bytes = await buffer(entry);
    if (type === 'file') content = { mode: mode & 0o7777, uid, gid, contentBase64: bytes.toString('base64') };
  }
  return content;
}

/** Puts files, by name, into a folder inside a container, running or not; owner and mode as given. */
export async function writeFiles(container: Container, folder: string, files: Map<string, FileContent>): Promise<void> {
  const pack = tar.pack();
  for (const [name, { mode, uid, gid, contentBase64 }] of files) {
    pack.entry({ name, mode, uid, gid, mtime: new Date() }, Buffer.from(contentBase64, 'base64'));
  }
  pack.finalize();
  await container.putArchive(await buffer(pack), { path: folder });
}
