import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '../lib/cache.mjs';

const first = 'node-zookeeper-client';

/** Puts the one npm package that the demo's core services use, with what it depends on, into the build context. */
export function stageCore(folder) {
  for (const name of packagesOfCore()) {
    cpSync(join(projectFolder, 'node_modules', name), join(folder, 'node_modules', name), { recursive: true });
  }
}

/** Name and version of each of them, for the recipe's hash. */
export function corePackageVersions() {
  return packagesOfCore().map((name) => `${name}@${packageFile(name).version}`);
}

function packagesOfCore(names = [first], found = new Set()) {
  for (const name of names) {
    if (found.has(name) || !existsSync(join(projectFolder, 'node_modules', name))) continue;
    found.add(name);
    packagesOfCore(Object.keys(packageFile(name).dependencies ?? {}), found);
  }
  return [...found].sort();
}

function packageFile(name) {
  return JSON.parse(readFileSync(join(projectFolder, 'node_modules', name, 'package.json'), 'utf8'));
}
