import type { Starts } from '../client/runs.ts';
import { startedHere, type CommandContext, type CommandResult } from './command.ts';
import { followToEnd } from './follow.ts';
import { withDesk } from './with-desk.ts';

/** Starts a run and follows it to its end. */
export async function startAndFollow<K extends keyof Starts>(
  { environment, output }: Pick<CommandContext, 'environment' | 'output'>,
  kind: K,
  input: Starts[K]['input'],
  startedBy = startedHere(),
): CommandResult {
  return withDesk(environment, async (desk) =>
    followToEnd(desk, await desk.start(kind, { ...input, startedBy }), output),
  );
}
