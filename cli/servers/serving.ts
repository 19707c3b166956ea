import type { Environment } from '../../config/environment.ts';
import { readHostsFile } from '../../config/hosts-file.ts';
import type { Toolbox } from '../toolbox.ts';

/** Resolves at SIGINT or SIGTERM. */
export function signalled(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}

/** Serves until SIGINT or SIGTERM; running steps are given the worker's grace. `endpoints`: the hosts of the hosts file. */
export async function serveWorker(
  environment: Environment,
  toolbox: Toolbox,
  onReady: (host: string, endpoints: string[]) => void,
): Promise<void> {
  const worker = await toolbox.startWorker(environment);
  void signalled().then(() => worker.stop());
  onReady(environment.host, Object.keys(readHostsFile(environment)));
  await worker.done;
}

/** `north, and for node-2, node-3`: whose work the worker does. */
export function servedHosts(host: string, endpoints: readonly string[]): string {
  return endpoints.length === 0 ? host : `${host}, and for ${endpoints.join(', ')}`;
}
