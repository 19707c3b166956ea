import type { CommandStore } from '../../../domain/platform.ts';
import { commandStore } from '../../../systems/command/command-store.ts';
import { applicationName } from '../../../systems/streams/run-id.ts';
import type { StreamStore } from '../../../systems/streams/stream-store.ts';
import type { Opens } from './opening.ts';

export const openCommand: Opens<CommandStore> = async (open, store, container, run) => {
  const { name, user, mode, export: exporting, import: importing, count, verify, keep, putBack, release } = store;
  const environment: Record<string, string> = {};
  const secrets: string[] = [];
  for (const [variable, value] of Object.entries(store.environment)) {
    const secret = typeof value !== 'string';
    const text = secret ? await open.secret(value, `${name}.environment.${variable}`) : value;
    environment[variable] = text;
    if (secret) secrets.push(text);
  }
  const commands = {
    export: exporting,
    import: importing,
    ...(count && { count }),
    ...(verify && { verify }),
    ...(keep && { keep }),
    ...(putBack && { putBack }),
    ...(release && { release }),
  };
  return commandStore({
    ...{ store: name, container, environment, secrets, commands, mode },
    application: applicationName(run, name),
    ...(user !== undefined && { user }),
  }) as StreamStore<unknown>;
};
