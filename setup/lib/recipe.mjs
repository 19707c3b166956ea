import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { projectFolder } from './cache.mjs';

export const recipeLabel = 'rekindle.recipe';

export function recipeFolder(name) {
  return join(projectFolder, 'stack/images', name);
}

/**
 * The sha256 of a recipe: its files (`name` is its folder; the product's is the project itself, all named in `also`), and
 * whatever else the image is made from. An image carries it as a label.
 */
export function recipeHash(name, also = []) {
  const hash = createHash('sha256');
  const folder = name && recipeFolder(name);
  for (const file of folder ? filesBelow(folder) : []) {
    hash
      .update(`${relative(folder, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  }
  for (const part of also) hash.update(`${part}\0`);
  return hash.digest('hex');
}

/** All files below a folder, in a fixed order; documentation and installed packages left out. */
export function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : filesBelow(path);
      return entry.name.endsWith('.md') ? [] : [path];
    });
}
