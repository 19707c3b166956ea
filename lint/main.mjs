#!/usr/bin/env node
/*
 * All of lint, side by side: `node lint/main.mjs`. With `--staged` only the files that the next commit holds, for the hook.
 */
import { execFileSync, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const project = fileURLToPath(new URL('..', import.meta.url));
const staged = process.argv.includes('--staged') ? stagedFiles() : undefined;

const cached = (name) => [
  '--cache',
  '--cache-strategy',
  'content',
  '--cache-location',
  `node_modules/.cache/lint/${name}`,
];

/** The slowest first. `whole`: how it is asked for the project; `of`: which of the staged files it looks at. */
const checks = [
  {
    name: 'formatting (npm run format)',
    command: ['prettier', '--check', '--log-level', 'warn', '--ignore-unknown', ...cached('prettier')],
    whole: ['.'],
    of: /./,
  },
  {
    name: 'spelling (British English; a word that is right goes into lint/words.txt)',
    command: ['cspell', 'lint', '--no-progress', '--no-summary', '--no-must-find-files', ...cached('cspell')],
    whole: [],
    of: /\.(md|tsx?|[cm]js)$/,
  },
  {
    name: 'rules (.oxlintrc.json)',
    command: ['oxlint', '--deny-warnings', '--report-unused-disable-directives', '--format', 'unix'],
    whole: ['.'],
    of: /\.([cm]?js|tsx?)$/,
  },
];

const results = await Promise.all([
  ...checks.map(({ name, command: [tool, ...flags], whole, of }) => {
    const files = staged?.filter((file) => of.test(file)) ?? whole;
    return staged && files.length === 0 ? true : passes(name, `node_modules/.bin/${tool}`, [...flags, ...files]);
  }),
  passes('structure (lint/structure.mjs)', process.execPath, ['lint/structure.mjs']),
  passes('messages (lint/messages.mjs)', process.execPath, ['lint/messages.mjs']),
]);
process.exitCode = results.every(Boolean) ? 0 : 1;

/** Prints what a check has to say when it ends, so that the outputs of two never mix. */
function passes(name, command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: project, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => (output += `${error.message}; "npm ci" installs the packages\n`));
    child.on('close', (code) => {
      if (code !== 0) console.error(`✘ ${name}\n${output}`);
      resolve(code === 0);
    });
  });
}

function stagedFiles() {
  const args = ['diff', '--cached', '--name-only', '--diff-filter=ACMR', '-z'];
  return execFileSync('git', args, { cwd: project, encoding: 'utf8' }).split('\0').filter(Boolean);
}
