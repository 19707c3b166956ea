import { cp, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const product = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

/** This Rekindle under another version, in that folder; answers with its program. */
export async function makeVersion(version: string, folder: string): Promise<string> {
  for (const part of ['bin', 'dist']) await cp(product(part), join(folder, part), { recursive: true });
  const about = JSON.parse(await readFile(product('package.json'), 'utf8')) as object;
  await writeFile(join(folder, 'package.json'), JSON.stringify({ ...about, version }));
  await symlink(product('node_modules'), join(folder, 'node_modules'));
  return join(folder, 'bin', 'rekindle.mjs');
}
