import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode } from '@temporalio/worker';
import { temporalCommand } from '../../setup/tools.mjs';
import { installRuntime } from '../../worker/runtime.ts';
import { registerSearchAttributes } from '../../worker/search-attributes.ts';
import type { SetUp } from '../provided.ts';

/** One Temporal server and one bundle of the workflows, for all files of the run. */
export default async function setUp(): Promise<SetUp> {
  installRuntime('silent');
  const path = temporalCommand();
  if (path === undefined) throw new Error('there is no "temporal" program: run "npm run setup -- --only temporal"');
  const folder = await mkdtemp(join(tmpdir(), 'rekindle-workflows-'));
  const workflowBundle = join(folder, 'bundle.js');
  const bundle = async () => {
    const workflowsPath = fileURLToPath(new URL('../../workflows/index.ts', import.meta.url));
    await writeFile(workflowBundle, (await bundleWorkflowCode({ workflowsPath, logger: silent })).code);
  };
  const serve = async () => {
    const environment = await TestWorkflowEnvironment.createLocal({
      server: {
        executable: { type: 'existing-path', path },
        // Without it each activity waits about 40 ms between scheduled and started.
        extraArgs: ['--dynamic-config-value', 'system.enableActivityEagerExecution=true'],
      },
    });
    await registerSearchAttributes(environment.connection, environment.namespace ?? 'default');
    return environment;
  };
  const [environment] = await Promise.all([serve(), bundle()]);
  const tearDown = async () => {
    await environment.teardown();
    await rm(folder, { recursive: true, force: true });
  };
  return { provided: { temporalAddress: environment.address, workflowBundle }, tearDown };
}

const quiet = () => undefined;
const silent = { log: quiet, trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet };
