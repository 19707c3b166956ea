import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Runtime, Worker } from '@temporalio/worker';
import { createActivities, type Activities, type Dependencies } from '../activities/index.ts';
import { hostTaskQueue } from '../config/environment.ts';
import { dataConverterOf } from '../config/payload-encryption/data-converter.ts';
import { readPayloadKeys } from '../config/payload-encryption/keys.ts';
import { rememberSecret } from '../config/redaction.ts';
import { Failure } from '../domain/failures.ts';
import type { DockerEngine } from '../systems/docker/engine.ts';
import { readKeyFile } from '../systems/encryption/key-file.ts';
import { buildIdOf, deploymentName } from './build-id.ts';
import { workflowBundles } from './bundles.ts';
import { connectWorker } from './connection.ts';
import { installRuntime, preferLessMemory } from './runtime.ts';

export interface RunningWorker {
  /** Resolves when the workers of all queues have stopped; rejects when one of them cannot go on. */
  done: Promise<void>;
  /** Waits for running activities to finish or to be cancelled, then stops. */
  stop(): void;
}

/**
 * Workflows that this process keeps in memory. Most of those that are open only wait: a quarantine for three days, a lock, a
 * fleet. What is not kept is made anew from its history when something happens to it, so with a thousand of them the memory
 * stays what it is with this many.
 */
const keptWorkflows = 100;

/**
 * Serves the shared queue (workflows and look-ups), this host's queue (everything that touches its engine), and the queue of
 * each host of the hosts file. `version`: of this Rekindle, for people; `activities`: others than the product's, for the bench. Failures: MissingKey, of the payload key
 * file; those of `connectWorker`.
 */
export async function startWorker(
  dependencies: Dependencies,
  version = 'unknown',
  activities: Activities = createActivities(dependencies),
): Promise<RunningWorker> {
  installRuntime(dependencies.environment.logLevel);
  const { environment } = dependencies;
  const { temporalNamespace: namespace, taskQueue, host } = environment;
  const payloadKeys = await readPayloadKeys(environment.payloadKeyFile);
  await rememberCaptureKey(environment.keyFile);
  const link = await connectWorker(environment);
  const { connection } = link;
  const buildId = await buildIdOf(version);
  const common = {
    connection,
    namespace,
    identity: `${process.pid}@${host}`,
    // Reported, not demanded: every version goes on with the runs of its predecessors (docs/workers.md).
    workerDeploymentOptions: { version: { deploymentName, buildId }, useWorkerVersioning: false },
    activities,
    dataConverter: dataConverterOf(payloadKeys),
    shutdownGraceTime: '10 seconds',
    maxHeartbeatThrottleInterval: '1 second',
  } as const;
  const workers = [
    // How long another worker waits for a dead worker's sticky queue before taking over its workflow.
    await Worker.create({
      ...common,
      taskQueue,
      ...workflowSource(payloadKeys.length > 0),
      maxCachedWorkflows: keptWorkflows,
      stickyQueueScheduleToStartTimeout: '2 seconds',
    }),
    await Worker.create({ ...common, taskQueue: hostTaskQueue(taskQueue, host) }),
    ...(await Promise.all(
      endpointDependencies(dependencies).map((there) =>
        Worker.create({
          ...common,
          taskQueue: hostTaskQueue(taskQueue, there.environment.host),
          identity: `${process.pid}@${host}/${there.environment.host}`,
          activities: createActivities(there),
        }),
      ),
    )),
  ];
  for (const docker of Object.values(dependencies.endpoints ?? {})) void warnOfSilence(docker);
  preferLessMemory();
  const done = Promise.all(workers.map((worker) => worker.run())).then(() => link.close());
  return { done, stop: () => workers.forEach((worker) => worker.getState() === 'RUNNING' && worker.shutdown()) };
}

/** For each host of the hosts file: its work is done here, on its engine. */
function endpointDependencies(dependencies: Dependencies): Dependencies[] {
  const { environment, endpoints = {} } = dependencies;
  return Object.entries(endpoints).map(([host, docker]) => ({
    ...dependencies,
    environment: { ...environment, host },
    docker,
  }));
}

/** A host that cannot be reached now may be reached later, but whoever starts the worker wants to know. */
async function warnOfSilence(docker: DockerEngine): Promise<void> {
  try {
    await docker.ping();
  } catch (error) {
    const remedy = error instanceof Failure ? error.remedy : '';
    Runtime.instance().logger.warn(error instanceof Error ? error.message : String(error), { remedy });
  }
}

/** No message holds it, and its prefix is recognised; registered by value, its base64 form is masked as well. */
async function rememberCaptureKey(keyFile: string): Promise<void> {
  // A worker also runs without a key: preflight reports it as missing.
  const identity = await readKeyFile(keyFile).then(
    (key) => key.identity,
    () => '',
  );
  rememberSecret(identity);
}

/** The bundle from the build; during development, the sources bundled on the fly. */
function workflowSource(encrypted: boolean): { workflowBundle: { codePath: string } } | { workflowsPath: string } {
  const bundle = fileURLToPath(encrypted ? workflowBundles.encrypted : workflowBundles.plain);
  if (existsSync(bundle)) return { workflowBundle: { codePath: bundle } };
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return { workflowsPath: fileURLToPath(new URL(`../workflows/index.${extension}`, import.meta.url)) };
}
