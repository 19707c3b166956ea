import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '../lib/cache.mjs';
import { run } from '../lib/command.mjs';

const marker = join(projectFolder, 'node_modules/.installed-from');

/** The npm packages, exactly as locked. */
export const packages = {
  name: 'packages',
  why: 'the libraries Rekindle is built on',

  look() {
    if (!existsSync(join(projectFolder, 'node_modules'))) return { missing: 'node_modules is missing', plan: 'npm ci' };
    if (existsSync(marker) && readFileSync(marker, 'utf8') === lockHash())
      return { done: 'node_modules matches the lock file' };
    // Installed by hand: npm keeps its own list, which matches when it holds the same versions.
    if (npmListFits()) return { done: 'node_modules matches the lock file' };
    return { missing: 'node_modules does not match package-lock.json', plan: 'npm ci' };
  },

  async fix({ say }) {
    const flags = ['--no-audit', '--no-fund'];
    const options = {
      cwd: projectFolder,
      log: 'npm',
      remedy:
        'Check that npm reaches its registry (`npm ping`), then start again; the log is `log/npm.log` in the cache',
    };
    let command = 'npm ci';
    try {
      await run('npm', ['ci', ...flags], options);
    } catch (error) {
      if (!lacksOnlyOptional(error.output)) throw error;
      say(
        'npm ci refuses because the lock file lacks packages for other systems; npm install takes the locked versions of all others',
      );
      command = 'npm install --no-save';
      await run('npm', ['install', '--no-save', ...flags], options);
    }
    writeFileSync(marker, lockHash());
    return command;
  },
};

/**
 * Whether `npm ci` refuses only because the lock file does not list optional packages: a lock file that was written where the
 * registry has no packages for other systems leaves those out, which changes nothing for any version that is installed.
 */
function lacksOnlyOptional(output = '') {
  if (/^npm error Invalid:/m.test(output)) return false;
  const missing = [...output.matchAll(/^npm error Missing: (@?[^@\s]+)@/gm)].map(([, name]) => name);
  const { packages } = JSON.parse(readFileSync(join(projectFolder, 'package-lock.json'), 'utf8'));
  const optional = new Set(Object.values(packages).flatMap((entry) => Object.keys(entry.optionalDependencies ?? {})));
  return missing.length > 0 && missing.every((name) => optional.has(name));
}

function lockHash() {
  return createHash('sha256')
    .update(readFileSync(join(projectFolder, 'package-lock.json')))
    .digest('hex');
}

/** npm's list leaves out what this system cannot use (optional packages of other processors), and nothing else. */
function npmListFits() {
  try {
    const read = (file) => JSON.parse(readFileSync(join(projectFolder, file), 'utf8')).packages;
    const installed = read('node_modules/.package-lock.json');
    return Object.entries(read('package-lock.json'))
      .filter(([path]) => path !== '')
      .every(([path, wanted]) =>
        installed[path] ? installed[path].version === wanted.version : wanted.optional || wanted.peer,
      );
  } catch {
    return false;
  }
}
