import path from 'node:path';
import type { Environment } from '../../config/environment.ts';
import type { CommandContext, CommandResult } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { findTemporal, freePort, startTemporalServer, type TemporalServer } from '../temporal-server.ts';

const defaultPort = 7233;
const defaultUiPort = 8233;

/** Serves until SIGINT or SIGTERM; running steps are given the worker's grace. */
export async function workerCommand({ environment, toolbox, output }: CommandContext): CommandResult {
  await serve(environment, toolbox, (host) => {
    output.document({ host, taskQueue: environment.taskQueue });
    output.say(`worker of ${host} serves ${environment.taskQueue}; Ctrl-C ends it, runs go on later`);
  });
  return exitCodes.passed;
}

/** The worker, and a Temporal of its own when no TEMPORAL_ADDRESS is set. */
export async function upCommand({ environment, toolbox, output }: CommandContext): CommandResult {
  const temporal = environment.temporalAddress === undefined ? await ownTemporal(environment) : undefined;
  try {
    const address = temporal?.address ?? environment.temporalAddress;
    if (temporal) output.say(`Temporal ${temporal.address}, its UI ${temporal.uiUrl}`);
    const temporalUi = environment.temporalUi ?? temporal?.uiUrl;
    await serve({ ...environment, temporalAddress: address, temporalUi }, toolbox, (host) => {
      output.document({ host, taskQueue: environment.taskQueue, temporal: { address, uiUrl: temporal?.uiUrl } });
      output.say(
        `worker of ${host} serves ${environment.taskQueue}; platforms in ${environment.platformsFolder}; Ctrl-C ends it`,
      );
    });
  } finally {
    await temporal?.stop();
  }
  return exitCodes.passed;
}

/** A Temporal with a file database beside the key: runs survive its restart. */
export async function ownTemporal(environment: Environment, databaseFile?: string): Promise<TemporalServer> {
  return startTemporalServer({
    command: findTemporal(environment.variables),
    databaseFile: databaseFile ?? path.join(path.dirname(environment.keyFile), 'temporal.db'),
    port: await freePort(defaultPort),
    uiPort: await freePort(defaultUiPort),
  });
}

async function serve(
  environment: Environment,
  toolbox: CommandContext['toolbox'],
  onReady: (host: string) => void,
): Promise<void> {
  const worker = await toolbox.startWorker(environment);
  const stop = () => worker.stop();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  onReady(environment.host);
  await worker.done;
}
