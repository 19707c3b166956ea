import { withOwnTemporal, type Environment } from '../../config/environment.ts';
import { Failure } from '../../domain/failures.ts';
import type { Command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { servedHosts, serveWorker } from '../servers/serving.ts';
import type { RunningGateway } from '../toolbox.ts';

export const up: Command = {
  usage: 'up',
  description: 'run worker, gateway and, without TEMPORAL_ADDRESS, a Temporal with its UI',
  example: 'rekindle up',
  async run({ environment, toolbox, output }) {
    refuseAccessWithoutAddress(environment);
    const { ownTemporal } = await import('../servers/own-temporal.ts');
    const temporal = environment.temporalAddress === undefined ? await ownTemporal(environment) : undefined;
    const connected = temporal ? withOwnTemporal(environment, temporal.address) : environment;
    const reached = { ...connected, temporalUi: environment.temporalUi ?? temporal?.uiUrl };
    const { temporalAddress: address } = reached;
    let gateway: RunningGateway | undefined;
    try {
      if (temporal) output.say(`Temporal ${temporal.address}, its UI ${temporal.uiUrl}`);
      // Before the worker: a port that is taken is reported before anything is served.
      gateway = await toolbox.startGateway(reached);
      const { url, warnings } = gateway;
      for (const { message, remedy } of warnings) output.wait(`WARNING: ${message}\n→ ${remedy}`);
      output.say(`gateway at ${url}: the page, /status, /metrics`);
      await serveWorker(reached, toolbox, (host, endpoints) => {
        const { taskQueue } = environment;
        output.document({
          host,
          endpoints,
          taskQueue,
          temporal: { address, uiUrl: temporal?.uiUrl },
          gateway: { url },
        });
        output.say(
          `worker of ${servedHosts(host, endpoints)} serves ${taskQueue}; platforms in ${environment.platformsFolder}; Ctrl-C ends it`,
        );
      });
    } finally {
      await gateway?.close();
      await temporal?.stop();
    }
    return exitCodes.passed;
  },
};

/** A Temporal of its own would take no API key and speak no TLS: the address was forgotten. Failure: InvalidArgument. */
function refuseAccessWithoutAddress({ temporalAddress, temporal }: Environment): void {
  if (temporalAddress !== undefined || temporal === undefined) return;
  throw new Failure('InvalidArgument', {
    message: `${temporal.apiKey ? 'An API key' : 'TLS'} is configured for Temporal, but no address`,
    remedy: 'Set TEMPORAL_ADDRESS, or unset TEMPORAL_API_KEY and TEMPORAL_TLS_* for a Temporal of its own',
  });
}
