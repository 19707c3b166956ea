import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { project, run } from './processes.mjs';

/**
 * Runs a stage. Resolves with how many passed, failed and were skipped, what failed and how long each file took; with the
 * stage's output when it was not `live`.
 */
export async function runStage(stage, asked, live) {
  const count = stage.command ? await runCommand(stage, live) : await runJest(stage, asked, live);
  return { ...count, failures: count.failures.map((failure) => `${stage.name}: ${failure}`) };
}

async function runCommand({ name, command }, live) {
  const since = Date.now();
  const { code, output } = await run(command, { live });
  const ended = { output, skipped: 0, files: [{ name, milliseconds: Date.now() - since }] };
  return code === 0
    ? { ...ended, passed: 1, failed: 0, failures: [] }
    : { ...ended, passed: 0, failed: 1, failures: [`${command.join(' ')} ended with ${code}`] };
}

async function runJest({ name }, { files, all }, live) {
  const folder = mkdtempSync(join(tmpdir(), 'rekindle-tests-'));
  const outputFile = join(folder, 'results.json');
  try {
    const jest = join(project, 'node_modules/jest/bin/jest.js');
    const filters = [...files, ...(all ? ['--testPathIgnorePatterns=/node_modules/'] : [])];
    const { code, output } = await run(
      [
        process.execPath,
        jest,
        ...filters,
        '--passWithNoTests',
        '--json',
        `--outputFile=${outputFile}`,
        '--selectProjects',
        name,
      ],
      { live },
    );
    return { ...countOf(outputFile, code), output };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What Jest's report says; whatever else made it fail (a set-up, a file that cannot be loaded) counts as one. */
export function countOf(reportFile, code) {
  const count = { passed: 0, failed: 0, skipped: 0, failures: [], files: [] };
  try {
    const report = JSON.parse(readFileSync(reportFile, 'utf8'));
    count.passed = report.numPassedTests;
    count.failed = report.numFailedTests;
    count.skipped = report.numPendingTests + report.numTodoTests;
    for (const { name, status, message, assertionResults, startTime, endTime } of report.testResults) {
      const file = relative(project, name);
      count.files.push({ name: file, milliseconds: endTime - startTime });
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
    count.failures.push(`Jest ended with ${code}; its output says why`);
  }
  return count;
}

/** A message's beginning and end, in one line: an assertion's stands first, and what a command printed last. */
function shortened(message = '') {
  const line = stripVTControlCharacters(message)
    .replace(/\s+at .*/s, '')
    .replace(/\s+/g, ' ')
    .trim();
  return line.length <= 900 ? line : `${line.slice(0, 300)} … ${line.slice(-600)}`;
}
