import type { Command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { signalled } from '../servers/serving.ts';

export const gateway: Command = {
  usage: 'gateway',
  description: 'serve status and metrics over HTTP',
  example: 'REKINDLE_GATEWAY_ADDRESS=0.0.0.0:18080 rekindle gateway',
  /** Serves whether or not Temporal and the catalogues answer. */
  async run({ environment, toolbox, output }) {
    const gateway = await toolbox.startGateway(environment);
    output.document({ gateway: { url: gateway.url } });
    output.say(
      `gateway at ${gateway.url}: /status, /metrics; platforms in ${environment.platformsFolder}; Ctrl-C ends it`,
    );
    await signalled();
    await gateway.close();
    return exitCodes.passed;
  },
};
