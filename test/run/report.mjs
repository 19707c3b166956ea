import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { project } from './processes.mjs';

/** What Jest's report says of each file; undefined: there is none, since no file fits the filter or Jest did not get so far. */
export function readReport(reportFile) {
  try {
    return JSON.parse(readFileSync(reportFile, 'utf8')).testResults.map(fileOf);
  } catch {
    return undefined;
  }
}

function fileOf({ name: path, status, message, assertionResults, startTime, endTime }) {
  const name = relative(project, path);
  const of = (...statuses) => assertionResults.filter((test) => statuses.includes(test.status));
  const failures = of('failed').map(
    ({ fullName, failureMessages }) => `${name} > ${fullName}: ${shortened(failureMessages[0])}`,
  );
  // One that cannot be loaded, or ends its own process, has no test that failed.
  if (status === 'failed' && failures.length === 0) failures.push(`${name}: ${shortened(message)}`);
  return {
    name,
    milliseconds: endTime - startTime,
    passed: of('passed').length,
    failed: failures.length,
    skipped: of('pending', 'todo').length,
    failures,
  };
}

/** The sum over the files; whatever else made Jest fail (a set-up) counts as one. `code`: what Jest ended with. */
export function countOf(files, code) {
  const sum = (key) => (files ?? []).reduce((total, file) => total + file[key], 0);
  const count = {
    passed: sum('passed'),
    failed: sum('failed'),
    skipped: sum('skipped'),
    failures: (files ?? []).flatMap(({ failures }) => failures),
    files: (files ?? []).map(({ name, milliseconds }) => ({ name, milliseconds })),
  };
  if (code === 0 || count.failed > 0) return count;
  return { ...count, failed: 1, failures: [`Jest ended with ${code}; its output says why`] };
}

/** A message's beginning and end, in one line: an assertion's stands first, and what a command printed last. */
function shortened(message = '') {
  const line = stripVTControlCharacters(message)
    .replace(/\s+at .*/s, '')
    .replace(/\s+/g, ' ')
    .trim();
  return line.length <= 900 ? line : `${line.slice(0, 300)} … ${line.slice(-600)}`;
}
