import { fileURLToPath } from 'node:url';

const rootDir = fileURLToPath(new URL('.', import.meta.url));

/** As bin/rekindle.mjs has it: the AWS SDK's wish for a newer Node is not news to anybody here. */
const environment = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };

/** Tests of one kind, in the folder of that name; `npx jest --selectProjects unit` runs them alone. */
function project(displayName, limits) {
  return {
    displayName,
    rootDir,
    testMatch: [`<rootDir>/test/${displayName}/**/*.test.ts`],
    // Only `npm run test:all` runs these.
    testPathIgnorePatterns: ['\\.long\\.test\\.ts$'],
    modulePathIgnorePatterns: ['<rootDir>/dist/'],
    runner: '<rootDir>/test/jest/runner.mjs',
    transform: {},
    // Of our runner: Jest has time-outs and workers for all projects together only.
    testEnvironmentOptions: { environment, testTimeout: 60_000, hookTimeout: 10_000, processes: 2, ...limits },
  };
}

/** Two files at a time: with real servers they mostly wait, and each has servers of its own. */
const withServers = { hookTimeout: 300_000 };

/** One Temporal server and one bundle of the workflows for all files. */
const withTemporal = {
  testTimeout: 180_000,
  hookTimeout: 60_000,
  setUp: `${rootDir}test/workflows/global-setup.ts`,
};

export default {
  // Of tests that are marked as concurrent: those of workflows wait for Temporal most of the time.
  maxConcurrency: 8,
  maxWorkers: 4,
  projects: [
    project('unit'),
    project('workflows', { ...withTemporal, processes: 4 }),
    project('replay', withTemporal),
    project('systems', withServers),
    project('stack', withServers),
    project('scenarios', {
      ...withServers,
      testTimeout: 480_000,
      setUp: `${rootDir}test/scenarios/harness/global-setup.ts`,
    }),
    // An engine, a platform and a Temporal of its own, made by the suite itself; it runs its cases side by side.
    project('chaos', { ...withServers, processes: 1 }),
  ],
};
