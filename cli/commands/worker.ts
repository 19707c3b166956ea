import type { Command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { servedHosts, serveWorker } from '../servers/serving.ts';

export const worker: Command = {
  usage: 'worker',
  description: 'run the worker alone',
  example: 'TEMPORAL_ADDRESS=temporal:7233 rekindle worker',
  async run({ environment, toolbox, output }) {
    await serveWorker(environment, toolbox, (host, endpoints) => {
      output.document({ host, endpoints, taskQueue: environment.taskQueue });
      output.say(
        `worker of ${servedHosts(host, endpoints)} serves ${environment.taskQueue}; Ctrl-C ends it, runs go on later`,
      );
    });
    return exitCodes.passed;
  },
};
