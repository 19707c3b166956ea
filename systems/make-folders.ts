import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * As `mkdir -p`; only their owner may look into the folders that it makes. Node's own (`recursive`) never returns where
 * a file system has no such parent and lets nobody make it (/proc/a/b): it tries for ever, in a thread that cannot be
 * stopped.
 */
export async function makeFolders(path: string): Promise<void> {
  const error = await makeFolder(path);
  if (error === undefined) return;
  if (error.code !== 'ENOENT' || dirname(path) === path) throw error;
  await makeFolders(dirname(path));
  const again = await makeFolder(path);
  if (again) throw again;
}

async function makeFolder(path: string): Promise<NodeJS.ErrnoException | undefined> {
  try {
    await mkdir(path, { mode: 0o700 });
    return undefined;
  } catch (error) {
    const failure = error as NodeJS.ErrnoException;
    const exists = await stat(path).then(
      (found) => found.isDirectory(),
      () => false,
    );
    if (exists) return undefined;
    // A file is in the way: to a caller that wants a folder this is not "exists already".
    return failure.code === 'EEXIST' ? Object.assign(failure, { code: 'ENOTDIR' }) : failure;
  }
}
