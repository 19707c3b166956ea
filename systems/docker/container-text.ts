import type Docker from 'dockerode';
import { posix } from 'node:path';
import { readFile, writeFiles } from './capture/archive.ts';

/** A text file inside a container, running or not; undefined: it is not there. */
export async function readText(docker: Docker, container: string, path: string): Promise<string | undefined> {
  const file = await readFile(docker.getContainer(container), path);
  return file && Buffer.from(file.contentBase64, 'base64').toString();
}

/** Changes a text file inside a container, running or not; owner and mode stay. False: it is not there, or the same. */
export async function editText(
  docker: Docker,
  container: string,
  path: string,
  edit: (text: string) => string,
): Promise<boolean> {
  const target = docker.getContainer(container);
  const file = await readFile(target, path);
  if (file === undefined) return false;
  const before = Buffer.from(file.contentBase64, 'base64').toString();
  const after = edit(before);
  if (after === before) return false;
  const contentBase64 = Buffer.from(after).toString('base64');
  await writeFiles(target, posix.dirname(path), new Map([[posix.basename(path), { ...file, contentBase64 }]]));
  return true;
}

/** What the container was created with, beside its host's part: environment, command, working folder. */
export async function configOf(docker: Docker, container: string): Promise<Record<string, unknown>> {
  return (await docker.getContainer(container).inspect()).Config;
}
