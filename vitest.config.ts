import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

/** As bin/rekindle.mjs has it: the AWS SDK's wish for a newer Node is not news to anybody here. */
const env = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };

const long = process.env['REKINDLE_TEST_ALL'] === 'true';

/** Tests of one kind, in the folder of that name; `npx vitest run --project unit` runs them alone. */
function project(name: string, test: TestProjectInlineConfiguration['test'] = {}): TestProjectInlineConfiguration {
  return {
    // Those whose names end in .long.test.ts: only `npm run test:all` runs them.
    test: {
      name,
      include: [`test/${name}/**/*.test.ts`],
      exclude: long ? [] : ['**/*.long.test.ts'],
      pool: 'forks',
      testTimeout: 60_000,
      env,
      ...test,
    },
  };
}

/** Two files at a time: with real servers they mostly wait, and each has servers of its own. */
const withServers = { hookTimeout: 300_000, maxWorkers: 2 } as const;

/** One Temporal server and one bundle of the workflows for all files. */
const withTemporal = {
  maxWorkers: 2,
  testTimeout: 180_000,
  hookTimeout: 60_000,
  globalSetup: 'test/workflows/global-setup.ts',
};

const projects = [
  project('unit'),
  project('workflows', withTemporal),
  project('replay', withTemporal),
  // Not tests: `npm run record-histories` writes the histories that the replay tests read.
  project('record', { ...withTemporal, include: ['test/replay/record.ts'] }),
  project('systems', withServers),
  project('stack', withServers),
  project('scenarios', {
    ...withServers,
    testTimeout: 240_000,
    globalSetup: 'test/scenarios/harness/global-setup.ts',
  }),
  // An engine, a platform and a Temporal of its own, made by the suite itself; it runs its cases side by side.
  project('chaos', { ...withServers, maxWorkers: 1 }),
];

// Projects with different numbers of workers must not run at the same time.
export default defineConfig({
  test: {
    reporters: ['default'],
    // Of tests that are marked as concurrent: those of workflows wait for Temporal most of the time.
    maxConcurrency: 8,
    projects: projects.map((each, groupOrder) => ({
      ...each,
      test: { ...each.test, sequence: { groupOrder } },
    })),
  },
});
