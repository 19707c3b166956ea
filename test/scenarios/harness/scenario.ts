import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import type { RunProgress } from '../../../domain/runs/progress.ts';
import { apiUrl } from '../../../stack/clients.ts';
import type { DemoPlatform } from '../../../stack/demo-platform.ts';
import { eventually } from '../../../stack/engine.ts';
import { untilHealthy } from '../../../stack/wait.ts';
import { facts, thePlatform } from './facts.ts';
import { putGoldenBack } from './golden.ts';
import { removeLeftovers } from './leftovers.ts';
import { type Ended, type Environment, environmentOf, runRekindle, startWorkerProcess } from './processes.ts';
import type { WorkerProcess } from './processes.ts';

export interface Scenario {
  /** The platform's name for Rekindle, and the Compose project's. */
  platform: DemoPlatform;
  client: Client;
  /** What every process of this scenario is given; a task queue of its own. */
  environment: Environment;
  readonly rekindle: (
    args: string[],
    options?: { environment?: Environment; withinSeconds?: number },
  ) => Promise<Ended>;
  /** Whatever it is, it is dead when the scenario's file ends. */
  readonly startWorker: (environment?: Environment) => Promise<WorkerProcess>;
  /** Ends the platform's runs and makes platform, repository and catalogue what they were after the first backup. */
  readonly reset: () => Promise<void>;
  /** This file left the repository or the catalogue changed: the next file begins with `reset`. */
  readonly spoil: () => Promise<void>;
  readonly progressOf: (run: string) => Promise<RunProgress>;
  /** The id of the platform's open run of a kind, as soon as there is one. */
  readonly openRun: (kind: 'restore' | 'backup' | 'rebuild' | 'prune' | 'copy' | 'drill') => Promise<string>;
  /** Waits until a run's progress satisfies `seen`, asking often. */
  readonly until: (
    run: string,
    what: string,
    seen: (progress: RunProgress) => boolean,
    seconds?: number,
  ) => Promise<RunProgress>;
}

/**
 * Opens the shared platform for one file of tests and registers its hooks. `fresh`: reset before the first test, for
 * scenarios that count recovery points or compare with the first backup; otherwise only a broken platform is reset.
 */
export function useScenario({ fresh = false }: { fresh?: boolean } = {}): Scenario {
  const scenario = {} as Scenario;
  const workers: WorkerProcess[] = [];

  beforeAll(async () => {
    const { platformsFolder, keyFile, temporalAddress, project } = facts();
    const platform = await thePlatform();
    const taskQueue = `${project}-${randomBytes(3).toString('hex')}`;
    const environment = environmentOf({ platformsFolder, keyFile, temporalAddress, taskQueue });
    const client = new Client({ connection: await Connection.connect({ address: temporalAddress }) });
    const progressOf = (run: string) => client.workflow.getHandle(run).query<RunProgress>('progress');
    Object.assign(scenario, {
      platform,
      client,
      environment,
      progressOf,
      rekindle: (args, options = {}) =>
        runRekindle(args, { ...environment, ...options.environment }, options.withinSeconds),
      startWorker: async (more = {}) => {
        const worker = await startWorkerProcess({ ...environment, ...more });
        workers.push(worker);
        return worker;
      },
      reset: async () => {
        await endRuns(client, project);
        await removeLeftovers(project);
        await putGoldenBack(platform);
        await note('golden');
      },
      spoil: () => note('spoiled'),
      openRun: (kind) =>
        eventually(`a ${kind} begins`, 20, async () => {
          const query = `WorkflowType = "${kind}" AND ExecutionStatus = "Running"`;
          for await (const { workflowId } of client.workflow.list({ query })) {
            if (!workflowId.includes(project)) continue;
            // The list lags behind: a run that has just ended may still be on it.
            const { status } = await client.workflow.getHandle(workflowId).describe();
            if (status.name === 'RUNNING') return workflowId;
          }
          throw new Error('none yet');
        }),
      until: (run, what, seen, seconds = 120) =>
        eventually(`${run}: ${what}`, seconds, async () => {
          const progress = await progressOf(run);
          if (!seen(progress)) throw new Error(`it is ${progress.phase}`);
          return progress;
        }),
    } satisfies Scenario);
    if (await needsReset(fresh, client, platform)) await scenario.reset();
    await note('used');
  });

  afterAll(async () => {
    for (const worker of workers) await worker.kill();
    await scenario.client.connection.close();
  });
  return scenario;
}

/** What is known of the lane's platform between two files, each of which may run in a process of its own. */
type State = 'golden' | 'used' | 'spoiled';
const stateFile = () => join(dirname(facts().keyFile), 'state');
const note = (state: State) => writeFile(stateFile(), state);
/** The set-up writes no note: the platform is as it was kept. */
const stateNow = () => readFile(stateFile(), 'utf8').catch(() => 'golden') as Promise<State>;

async function needsReset(fresh: boolean, client: Client, platform: DemoPlatform): Promise<boolean> {
  const state = await stateNow();
  if (state === 'golden') return false;
  return fresh || state === 'spoiled' || (await endRuns(client, platform.project)) > 0 || !(await isHealthy(platform));
}

/** Ends what still runs of a platform, locks included; answers how many there were. */
async function endRuns(client: Client, project: string): Promise<number> {
  let ended = 0;
  for await (const { workflowId, type } of client.workflow.list({ query: 'ExecutionStatus = "Running"' })) {
    // A quarantine waits for days, and is no run that somebody left.
    if (!workflowId.includes(project) || type === 'quarantine') continue;
    // The list lags behind: a run that has ended meanwhile does not count.
    const handle = client.workflow.getHandle(workflowId);
    // A scrub follows each backup, and only reads.
    const counts = !workflowId.startsWith('scrub');
    ended += await handle.terminate('the scenario ended').then(
      () => (counts ? 1 : 0),
      () => 0,
    );
  }
  return ended;
}

/** All services run and the api answers, asked once. */
async function isHealthy(platform: DemoPlatform): Promise<boolean> {
  try {
    const answer = await fetch(`${await apiUrl(platform)}/healthz`, { signal: AbortSignal.timeout(5000) });
    if (answer.status !== 200) return false;
    await untilHealthy(platform);
    return true;
  } catch {
    return false;
  }
}
