import type { Command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { signalled } from '../servers/serving.ts';

export const gateway: Command = {
  usage: 'gateway',
  description: 'serve the page, the API, incident tools, status and metrics over HTTP',
  example: 'REKINDLE_GATEWAY_ADDRESS=127.0.0.1:18081 rekindle gateway',
  /** Serves whether or not Temporal and the catalogues answer. */
  async run({ environment, toolbox, output }) {
    const gateway = await toolbox.startGateway(environment);
    for (const { message, remedy } of gateway.warnings) output.wait(`WARNING: ${message}\n→ ${remedy}`);
    output.document({ gateway: { url: gateway.url } });
    output.say(
      `gateway at ${gateway.url}: the page, /status, /metrics; platforms in ${environment.platformsFolder}; Ctrl-C ends it`,
    );
    await signalled();
    await gateway.close();
    return exitCodes.passed;
  },
};
