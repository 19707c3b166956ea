import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { projectFolder } from '../lib/cache.mjs';
import { run } from '../lib/command.mjs';
import { buildPage } from '../lib/page.mjs';
import { bundleProgram } from '../lib/program.mjs';

const marker = join(projectFolder, 'dist/.built-from');

/** Compiles TypeScript to JavaScript, and bundles program and page, whenever a source has changed since the last build. */
export const build = {
  name: 'build',
  why: 'Node and browsers run JavaScript, and Rekindle is written in TypeScript',

  look() {
    if (!existsSync(marker)) return { missing: 'dist/ is not built', plan: 'tsc -p tsconfig.build.json' };
    if (readFileSync(marker, 'utf8') === sourceHash()) return { done: 'dist/ is built from these sources' };
    return { missing: 'sources have changed since dist/ was built', plan: 'tsc -p tsconfig.build.json' };
  },

  async fix() {
    // Removed first and written last, so an interrupted build is repeated. Hashed first, so a change during the build counts.
    rmSync(marker, { force: true });
    const hash = sourceHash();
    const tsc = join(projectFolder, 'node_modules/typescript/bin/tsc');
    const output = await run(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--listEmittedFiles'], {
      cwd: projectFolder,
      log: 'tsc',
      remedy: 'Fix the sources named above, then start again',
    });
    const emitted = output.match(/^TSFILE: .+$/gm) ?? [];
    removeAllBut(new Set(emitted.map((line) => resolve(projectFolder, line.slice('TSFILE: '.length)))));
    // A worker that finds its workflows bundled starts 2 to 3 seconds sooner.
    await run(process.execPath, [join(projectFolder, 'dist/worker/bundle.js')], {
      cwd: projectFolder,
      log: 'bundle',
      remedy: 'Fix the workflow code it names, then start again',
    });
    await bundleProgram();
    await buildPage(join(projectFolder, 'dist/page'));
    writeFileSync(marker, hash);
    return `${emitted.filter((line) => line.endsWith('.js')).length} files compiled into dist/`;
  },
};

/** By content, not by date: a checkout or a copy changes dates without changing anything else. */
function sourceHash() {
  const hash = createHash('sha256');
  const folders = JSON.parse(readFileSync(join(projectFolder, 'tsconfig.build.json'), 'utf8')).include;
  const sources = [...folders, 'page']
    .flatMap((folder) => filesBelow(join(projectFolder, folder)))
    .filter((file) => /\.(tsx?|mts|cjs|json|css|html)$/.test(file));
  const settings = [
    'tsconfig.json',
    'tsconfig.build.json',
    'package-lock.json',
    'setup/lib/page.mjs',
    'setup/lib/program.mjs',
  ].map((file) => join(projectFolder, file));
  for (const file of [...settings, ...sources.sort()]) {
    hash
      .update(`${relative(projectFolder, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  }
  return hash.digest('hex');
}

/** Otherwise the output of a deleted source would stay and could be imported by mistake. */
function removeAllBut(emitted) {
  for (const file of filesBelow(join(projectFolder, 'dist'))) if (!emitted.has(file)) rmSync(file);
}

function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === 'node_modules') return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : entry.isFile() ? [path] : [];
  });
}
