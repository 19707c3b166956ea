import path from 'node:path';
import type { Environment } from '../../config/environment.ts';
import type { CommandContext, CommandResult } from '../command-context.ts';
import { exitCodes } from '../exit-codes.ts';
import { findTemporal, freePort, startTemporalServer, type TemporalServer } from '../servers/temporal-server.ts';

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

/** Serves status and metrics until SIGINT or SIGTERM, whether or not Temporal and the catalogues answer. */
export async function gatewayCommand({ environment, toolbox, output }: CommandContext): CommandResult {
  const gateway = await toolbox.startGateway(environment);
  output.document({ gateway: { url: gateway.url } });
  output.say(
    `gateway at ${gateway.url}: /status, /metrics; platforms in ${environment.platformsFolder}; Ctrl-C ends it`,
  );
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  await gateway.close();
  return exitCodes.passed;
}

/** Worker and gateway, and a Temporal of its own when no TEMPORAL_ADDRESS is set. */
export async function upCommand({ environment, toolbox, output }: CommandContext): CommandResult {
  const temporal = environment.temporalAddress === undefined ? await ownTemporal(environment) : undefined;
  const address = temporal?.address ?? environment.temporalAddress;
  const reached = { ...environment, temporalAddress: address, temporalUi: environment.temporalUi ?? temporal?.uiUrl };
  let gateway: { url: string; close: () => Promise<void> } | undefined;
  try {
    if (temporal) output.say(`Temporal ${temporal.address}, its UI ${temporal.uiUrl}`);
    // Before the worker: a port that is taken is said before anything is served.
    gateway = await toolbox.startGateway(reached);
    const { url } = gateway;
    output.say(`gateway at ${url}: /status, /metrics`);
    await serve(reached, toolbox, (host) => {
      const { taskQueue } = environment;
      output.document({ host, taskQueue, temporal: { address, uiUrl: temporal?.uiUrl }, gateway: { url } });
      output.say(`worker of ${host} serves ${taskQueue}; platforms in ${environment.platformsFolder}; Ctrl-C ends it`);
    });
  } finally {
    await gateway?.close();
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
