import { formatExecError, formatResultsErrors } from 'jest-message-util';

const statuses = { skip: 'pending', todo: 'todo' };

/** What the worker says of a file, as Jest's reporters want it. */
export function toTestResult({ tests, unhandledErrors, start, end }, { path, context }, globalConfig) {
  const { config } = context;
  const testResults = tests.map(({ status, path: titles, errors, duration, startedAt }) => ({
    ancestorTitles: titles.slice(0, -1),
    title: titles.at(-1),
    fullName: titles.join(' '),
    status: statuses[status] ?? (errors.length > 0 ? 'failed' : 'passed'),
    duration,
    startAt: startedAt,
    failureDetails: [],
    failureMessages: errors,
    invocations: 1,
    numPassingAsserts: 0,
    retryReasons: [],
  }));
  const count = (wanted) => testResults.filter(({ status }) => status === wanted).length;
  const messages = [
    formatResultsErrors(testResults, config, globalConfig, path),
    ...unhandledErrors.map((error) => formatExecError(error, config, globalConfig, path)),
  ].filter(Boolean);
  return {
    displayName: config.displayName,
    failureMessage: messages.length > 0 ? messages.join('\n\n') : null,
    leaks: false,
    numFailingTests: count('failed'),
    numPassingTests: count('passed'),
    numPendingTests: count('pending'),
    numTodoTests: count('todo'),
    openHandles: [],
    perfStats: {
      start,
      end,
      runtime: end - start,
      slow: (end - start) / 1000 > config.slowTestThreshold,
      loadTestEnvironmentStart: start,
      loadTestEnvironmentEnd: start,
      setupFilesStart: start,
      setupFilesEnd: start,
      setupAfterEnvStart: start,
      setupAfterEnvEnd: start,
    },
    skipped: testResults.length > 0 && count('pending') === testResults.length,
    snapshot: { added: 0, fileDeleted: false, matched: 0, unchecked: 0, uncheckedKeys: [], unmatched: 0, updated: 0 },
    ...(unhandledErrors.length > 0 && { testExecError: { message: '', stack: unhandledErrors.join('\n') } }),
    testFilePath: path,
    testResults,
  };
}
