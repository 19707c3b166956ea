#!/usr/bin/env node
/*
 * All tests, from a bare clone: sets up what they need, runs stage after stage (a failure does not keep the later ones
 * from being seen) and ends with one line, `N passed, N failed`. Plain JavaScript: it runs before anything is installed.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const project = dirname(dirname(fileURLToPath(import.meta.url)));
const setupOfFast = ['node', 'packages', 'build', 'temporal'];

/** In their order. `fast`: needs no Docker. A stage without a command is the vitest project of its name. */
const stages = [
  { name: 'lint', fast: true, command: ['npm', 'run', '--silent', 'lint'] },
  { name: 'types', fast: true, command: ['npm', 'run', '--silent', 'types'] },
  { name: 'unit', fast: true },
  { name: 'workflows', fast: true },
  { name: 'replay', fast: true },
  { name: 'systems' },
  { name: 'stack' },
  { name: 'scenarios' },
  { name: 'chaos' },
];

const usage = `usage: node test/run-all.mjs [--fast] [--only <stage,…>] [<part of a test file's path> …]
  --fast           only what needs no Docker: ${stages.flatMap(({ name, fast }) => (fast ? name : [])).join(', ')}
  --only <stage,…> only these of ${stages.map(({ name }) => name).join(', ')}
  A part of a path runs only the test files whose path contains it.`;

const running = new Set();
for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => {
    for (const child of running) child.kill(signal);
    process.exitCode = 1;
    interrupted = true;
  });
let interrupted = false;

process.exitCode = await main(process.argv.slice(2));

async function main(args) {
  const asked = readArguments(args);
  if (asked.help) return say(usage) ?? 0;
  if (asked.fault) return say(`${asked.fault}\n${usage}`) ?? 2;
  const chosen = stages.filter(({ name, fast }) => (asked.only ? asked.only.includes(name) : fast || !asked.fast));
  const total = { passed: 0, failed: 0, skipped: 0 };
  const failures = [];
  heading('set-up');
  if (await setUp(chosen)) {
    for (const stage of chosen) {
      if (interrupted) break;
      // Lint and types know no files of tests: they are left out when some are named.
      if (stage.command && asked.files.length > 0) continue;
      heading(stage.name);
      const since = Date.now();
      const count = stage.command ? await runCommand(stage) : await runVitest(stage, asked);
      for (const key of Object.keys(total)) total[key] += count[key];
      failures.push(...count.failures.map((failure) => `${stage.name}: ${failure}`));
      say(`${stage.name}: ${inWords(count)} (${((Date.now() - since) / 1000).toFixed(1)} s)`);
    }
  } else total.failed += 1;
  if (interrupted) total.failed += 1;
  // Once more at the end: of half an hour's output, often nothing but the end is kept.
  if (failures.length > 0) say(`\nFailed:\n${failures.map((failure) => `  ${failure}`).join('\n')}`);
  say(`\n${inWords(total)}`);
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
}

function readArguments(args) {
  const asked = { files: [] };
  for (let i = 0; i < args.length; i++) {
    const [name, inline] = args[i].split(/=(.*)/s);
    if (name === '--fast') asked.fast = true;
    else if (name === '--help' || name === '-h') asked.help = true;
    else if (name === '--only') {
      asked.only = (inline ?? args[++i] ?? '').split(',').filter(Boolean);
      const unknown = asked.only.filter((only) => !stages.some((stage) => stage.name === only));
      if (unknown.length > 0) asked.fault = `--only: there is no stage ${unknown.join(', ')}.`;
      if (asked.only.length === 0) asked.fault = '--only needs the name of a stage.';
    } else if (name.startsWith('-')) asked.fault = `Unknown option ${name}.`;
    else asked.files.push(args[i]);
  }
  return asked;
}

/** Without a stage that needs Docker, what needs Docker is not set up. */
async function setUp(chosen) {
  try {
    const { runSetup } = await import('../setup/run-setup.mjs');
    await runSetup(chosen.every(({ fast }) => fast) ? { only: setupOfFast } : {});
    return true;
  } catch (error) {
    say(`✘ ${error.remedy ? `${error.message}\n  ${error.remedy}` : error.stack}`);
    return false;
  }
}

async function runCommand({ command }) {
  const code = await run(command);
  return code === 0
    ? { passed: 1, failed: 0, skipped: 0, failures: [] }
    : { passed: 0, failed: 1, skipped: 0, failures: [`${command.join(' ')} ended with ${code}`] };
}

async function runVitest({ name }, { files }) {
  const folder = mkdtempSync(join(tmpdir(), 'rekindle-tests-'));
  const outputFile = join(folder, 'results.json');
  try {
    const code = await run([
      process.execPath,
      join(project, 'node_modules/vitest/vitest.mjs'),
      'run',
      ...['--project', name, '--passWithNoTests', '--reporter=default', '--reporter=json'],
      `--outputFile.json=${outputFile}`,
      ...files,
    ]);
    return countOf(outputFile, code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What vitest's report says; whatever else made it fail (a file that cannot be loaded, a lost worker) counts as one. */
function countOf(file, code) {
  const count = { passed: 0, failed: 0, skipped: 0, failures: [] };
  try {
    const report = JSON.parse(readFileSync(file, 'utf8'));
    count.passed = report.numPassedTests;
    count.failed = report.numFailedTests;
    count.skipped = report.numPendingTests + report.numTodoTests;
    for (const { name, status, message, assertionResults } of report.testResults) {
      const file = relative(project, name);
      const failed = assertionResults.filter((test) => test.status === 'failed');
      count.failures.push(...failed.map((test) => `${file} > ${test.fullName}: ${shortened(test.failureMessages[0])}`));
      if (status !== 'failed' || failed.length > 0) continue;
      count.failed += 1;
      count.failures.push(`${file}: ${shortened(message)}`);
    }
  } catch (error) {
    if (code === 0 && error.code === 'ENOENT') return count; // no file fits the filter
  }
  if (code !== 0 && count.failed === 0) {
    count.failed = 1;
    count.failures.push(`vitest ended with ${code}; its output says why`);
  }
  return count;
}

/** A message's beginning and end, in one line: an assertion's stands first, and what a command printed last. */
function shortened(message = '') {
  const line = message
    .replace(/\s+at .*/s, '')
    .replace(/\s+/g, ' ')
    .trim();
  return line.length <= 900 ? line : `${line.slice(0, 300)} … ${line.slice(-600)}`;
}

function run([command, ...args]) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: project, stdio: 'inherit' });
    running.add(child);
    const end = (code) => {
      running.delete(child);
      resolve(code);
    };
    child.on('error', (error) => {
      say(`✘ ${command}: ${error.message}`);
      end(1);
    });
    child.on('close', (code) => end(code ?? 1));
  });
}

function inWords({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

function heading(name) {
  say(`\n── ${name} ${'─'.repeat(Math.max(0, 60 - name.length))}`);
}

function say(text) {
  process.stdout.write(`${text}\n`);
}
