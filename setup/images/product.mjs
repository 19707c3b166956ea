import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '../lib/cache.mjs';
import { filesBelow } from '../lib/recipe.mjs';

const copied = ['Dockerfile', 'package.json', 'bin', 'dist'];

/** Fills the build context with the finished build: containers may not reach a package registry. */
export function stageProduct(folder) {
  for (const path of copied) cpSync(join(projectFolder, path), join(folder, path), { recursive: true });
  for (const path of productionPackages()) {
    const from = join(projectFolder, path);
    cpSync(from, join(folder, path), { recursive: true, dereference: true, filter: (file) => isUsed(from, file) });
  }
  rmSync(join(folder, 'node_modules/@temporalio/core-bridge/sdk-core'), { recursive: true, force: true });
}

/** What the image is made from, as texts for its recipe's hash. */
export function productFiles() {
  const text = (path) =>
    existsSync(join(projectFolder, path)) ? readFileSync(join(projectFolder, path), 'utf8') : 'missing';
  const scripts = filesBelow(join(projectFolder, 'bin'));
  return [
    ...['Dockerfile', 'package.json', 'package-lock.json', 'dist/.built-from'].map(text),
    ...scripts.map((file) => readFileSync(file, 'utf8')),
  ];
}

/** The top-level folders of all production packages, from npm's own list of what it installed. */
function productionPackages() {
  const { packages } = JSON.parse(readFileSync(join(projectFolder, 'node_modules/.package-lock.json'), 'utf8'));
  return Object.entries(packages)
    .filter(([path, entry]) => !entry.dev && existsSync(join(projectFolder, path)))
    .map(([path]) => path);
}

/** A package's nested packages have entries of their own; Temporal's core comes for five systems, of which one runs it. */
function isUsed(from, file) {
  const inside = file.slice(from.length);
  const release = inside.match(/\/releases\/([^/]+)/)?.[1];
  if (inside.startsWith('/node_modules')) return false;
  return !release || !from.endsWith('core-bridge') || release.includes('unknown-linux-gnu');
}
