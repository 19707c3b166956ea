import type { Command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { serveWorker } from '../servers/serving.ts';

export const worker: Command = {
  usage: 'worker',
  description: 'run the worker alone',
  example: 'TEMPORAL_ADDRESS=temporal:7233 rekindle worker',
  async run({ environment, toolbox, output }) {
    await serveWorker(environment, toolbox, (host) => {
      output.document({ host, taskQueue: environment.taskQueue });
      output.say(`worker of ${host} serves ${environment.taskQueue}; Ctrl-C ends it, runs go on later`);
    });
    return exitCodes.passed;
  },
};
