import { TestWorkflowEnvironment } from '@temporalio/testing';
import { temporalCommand } from '../../setup/tools.mjs';
import { installRuntime } from '../../worker/runtime.ts';
import { registerSearchAttributes } from '../../worker/search-attributes.ts';
import type { SetUp } from '../provided.ts';
import { workflowBundle } from './bundle.ts';

// cspell:ignore Taskqueue

const settings = [
  // Without it each activity waits about 40 ms between scheduled and started.
  'system.enableActivityEagerExecution=true',
  // Each test has a queue of its own; with four parts each, the server is busy with those.
  'matching.numTaskqueueReadPartitions=1',
  'matching.numTaskqueueWritePartitions=1',
];

/** One Temporal server and one bundle of the workflows, for all files of the run. */
export default async function setUp(): Promise<SetUp> {
  installRuntime('silent');
  const path = temporalCommand();
  if (path === undefined) throw new Error('there is no "temporal" program: run "npm run setup -- --only temporal"');
  const serve = async () => {
    const environment = await TestWorkflowEnvironment.createLocal({
      server: {
        executable: { type: 'existing-path', path },
        extraArgs: settings.flatMap((setting) => ['--dynamic-config-value', setting]),
      },
    });
    await registerSearchAttributes(environment.connection, environment.namespace ?? 'default');
    return environment;
  };
  const [environment, bundle] = await Promise.all([serve(), workflowBundle()]);
  const tearDown = () => environment.teardown();
  return { provided: { temporalAddress: environment.address, workflowBundle: bundle }, tearDown };
}
