// Runs files of tests in this process, which process.mjs started, with jest-circus.
import { pathToFileURL } from 'node:url';
import { jestExpect } from '@jest/expect';
import * as circus from 'jest-circus';
import { onInterrupt } from './interrupt.mjs';
import './typescript.mjs';

const { describe, test, it, beforeAll, beforeEach, afterAll, afterEach } = circus.default ?? circus;
const jest = { setTimeout: (testTimeout) => Object.assign(circus.getState(), { testTimeout }) };
Object.assign(globalThis, { jest, describe, test, it, beforeAll, beforeEach, afterAll, afterEach, expect: jestExpect });

let settings;
/** Errors that no test caught, of the file that runs; one that is caught late is none. */
const stray = new Map();
process.on('uncaughtException', (error) => stray.set(error, error));
process.on('unhandledRejection', (error, promise) => stray.set(promise, error));
process.on('rejectionHandled', (promise) => stray.delete(promise));

circus.addEventHandler(({ name, hook, test, describeBlock }) => {
  if (name === 'run_describe_start') describeBlock.hooks = asStack(describeBlock.hooks);
  if (name === 'hook_start') hook.timeout ??= settings.hookTimeout;
  if (name === 'test_start') jestExpect.setState({ currentTestName: test.name });
  if (name !== 'test_done') return;
  test.errors.push(...jestExpect.extractExpectedAssertionsErrors().map(({ error }) => error));
});

process.on('message', async ({ settings: given, provided, interrupt, file }) => {
  if (given) {
    settings = given;
    globalThis[Symbol.for('rekindle.provided')] = provided;
  }
  if (interrupt) onInterrupt(interrupt);
  if (file) process.send(await runFile(file));
});
process.on('disconnect', () => process.exit());

/** Paths as people and editors read them, without the frames of this folder. */
const readable = (error) => error.replaceAll('file://', '').replace(/\n.*\/test\/jest\/.*/g, '');

/** Hooks that clean up run in the reverse order: what was opened last is closed first. */
function asStack(hooks) {
  const [after, before] = [true, false].map((wanted) =>
    hooks.filter(({ type }) => type.startsWith('after') === wanted),
  );
  return [...before, ...after.toReversed()];
}

async function runFile(file) {
  circus.resetState();
  const { testNamePattern, maxConcurrency, expand, testTimeout } = settings;
  Object.assign(circus.getState(), { maxConcurrency, expand, testTimeout });
  if (testNamePattern) circus.getState().testNamePattern = new RegExp(testNamePattern, 'i');
  jestExpect.setState({ expand, testPath: file });
  const start = Date.now();
  try {
    await import(pathToFileURL(file));
  } catch (error) {
    return {
      error: error instanceof Error ? { message: error.message, stack: error.stack } : { message: String(error) },
    };
  }
  const { testResults, unhandledErrors } = await circus.run();
  const strays = [...stray.values()].map((error) => error?.stack ?? String(error));
  stray.clear();
  return {
    start,
    end: Date.now(),
    unhandledErrors: [...unhandledErrors, ...strays].map(readable),
    tests: testResults.map(({ status, testPath, errors, duration, startedAt }) => ({
      status,
      path: testPath.slice(1),
      errors: errors.map(readable),
      duration,
      startedAt,
    })),
  };
}
