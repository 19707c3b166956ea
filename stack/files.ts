import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file of this folder that is no code: also found when this runs compiled, from `dist/stack`. */
export function stackFile(path: string): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const candidate = join(folder, 'stack', path);
    if (existsSync(candidate)) return candidate;
    if (folder === dirname(folder)) throw new Error(`stack/${path} is not part of this installation`);
  }
}
