import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { interrupted, project, run } from './processes.mjs';
import { countOf, readReport } from './report.mjs';
import { filesToTryAgain, withSecondTry } from './second-try.mjs';

/**
 * Runs a stage. Resolves with how many passed, failed and were skipped, what failed, what passed at its second try only
 * (`unstable`) and how long each file took; with the stage's output when it was not `live`.
 */
export async function runStage(stage, asked, live) {
  const count = stage.command ? await runCommand(stage, live) : await runJest(stage, asked, live);
  const named = (texts) => texts.map((text) => `${stage.name}: ${text}`);
  return { ...count, failures: named(count.failures), unstable: named(count.unstable) };
}

async function runCommand({ name, command }, live) {
  const since = Date.now();
  const { code, output } = await run(command, { live });
  const ended = { output, skipped: 0, unstable: [], files: [{ name, milliseconds: Date.now() - since }] };
  return code === 0
    ? { ...ended, passed: 1, failed: 0, failures: [] }
    : { ...ended, passed: 0, failed: 1, failures: [`${command.join(' ')} ended with ${code}`] };
}

async function runJest(stage, asked, live) {
  const filters = [...asked.files, ...(asked.all ? ['--testPathIgnorePatterns=/node_modules/'] : [])];
  const first = await jest(stage, filters, live);
  const again = interrupted() ? [] : filesToTryAgain(stage, asked, first.files);
  if (again.length === 0) return { ...countOf(first.files, first.code), output: first.output, unstable: [] };
  const names = again.map(({ name }) => name);
  process.stdout.write(`\nOnce more, alone: ${names.join(', ')}\n`);
  const second = await jest(stage, ['--runTestsByPath', ...names], live);
  const { files, unstable } = withSecondTry(first.files, second.files);
  return { ...countOf(files, second.code), output: `${first.output}\n${second.output}`, unstable };
}

/** Resolves with what Jest ended with, printed and reported of each file. */
async function jest({ name }, filters, live) {
  const folder = mkdtempSync(join(tmpdir(), 'rekindle-tests-'));
  const outputFile = join(folder, 'results.json');
  try {
    const program = join(project, 'node_modules/jest/bin/jest.js');
    const options = ['--passWithNoTests', '--json', `--outputFile=${outputFile}`, '--selectProjects', name];
    const { code, output } = await run([process.execPath, program, ...filters, ...options], { live });
    return { code, output, files: readReport(outputFile) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
