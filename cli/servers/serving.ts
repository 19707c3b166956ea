import type { Environment } from '../../config/environment.ts';
import type { Toolbox } from '../toolbox.ts';

/** Resolves at SIGINT or SIGTERM. */
export function signalled(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}

/** Serves until SIGINT or SIGTERM; running steps are given the worker's grace. */
export async function serveWorker(
  environment: Environment,
  toolbox: Toolbox,
  onReady: (host: string) => void,
): Promise<void> {
  const worker = await toolbox.startWorker(environment);
  void signalled().then(() => worker.stop());
  onReady(environment.host);
  await worker.done;
}
