import { withTemporal } from '../client/connection.ts';
import { startRun, type Starts } from '../client/runs.ts';
import { startedHere, type CommandContext, type CommandResult } from './command.ts';
import { followToEnd } from './follow.ts';

/** Starts a run and follows it to its end. */
export async function startAndFollow<K extends keyof Starts>(
  { environment, output }: Pick<CommandContext, 'environment' | 'output'>,
  kind: K,
  input: Starts[K]['input'],
  by?: string,
): CommandResult {
  return withTemporal(environment, async (client) =>
    followToEnd(
      client,
      await startRun(client, kind, environment.taskQueue, { ...input, startedBy: startedHere(by) }),
      output,
    ),
  );
}
