/*
 * What set-up found or made, for the programs that use it. Looks only, changes nothing.
 */
import { cacheFolder } from './lib/cache.mjs';
import { answerOf, isExecutable, which } from './lib/command.mjs';

export { cacheFolder } from './lib/cache.mjs';

/** The Compose tool's command, `['docker', 'compose']` or `['docker-compose']`; undefined when there is none. */
export async function composeCommand() {
  if (which('docker') && (await answerOf('docker', ['compose', 'version', '--short']))) return ['docker', 'compose'];
  return which('docker-compose') ? ['docker-compose'] : undefined;
}

/** The `temporal` program: on the PATH, else the one that set-up put into the cache; undefined when there is none. */
export function temporalCommand() {
  const ours = cacheFolder('bin', 'temporal');
  return which('temporal') ?? (isExecutable(ours) ? ours : undefined);
}
