import { Failure } from '../../domain/failures.ts';
import type { Watch } from '../../domain/watch.ts';
import { pause, pollMilliseconds } from '../pause.ts';
import type { EtcdAccess } from './access.ts';
import { keysAt } from './observe.ts';

/** Members of a cluster find each other, and replay their logs. */
const startSeconds = 300;

/** At once: what is left of a cluster would wait for the others. */
export async function stopAll({ containers }: EtcdAccess, watch: Watch): Promise<void> {
  await Promise.all(containers.map((container) => container.stop(watch)));
}

/** Those that run go on. */
export async function startAll({ containers }: EtcdAccess, watch: Watch): Promise<void> {
  await Promise.all(containers.map((container) => container.start(watch)));
}

/** Waits until each member answers what was last written: it has found a leader. Failure: that of the last question, after 5 minutes. */
export async function awaitAll(access: EtcdAccess, watch: Watch): Promise<void> {
  for (const container of access.containers) await awaitAnswer(access, container, watch);
}

async function awaitAnswer(
  access: EtcdAccess,
  container: EtcdAccess['containers'][number],
  { signal, onProgress }: Watch,
): Promise<void> {
  const since = performance.now();
  for (;;) {
    try {
      await keysAt(access, container, 0, signal);
      return;
    } catch (error) {
      const done = Math.round((performance.now() - since) / 1000);
      if (!mayPass(error) || done >= startSeconds) throw error;
      onProgress?.({ done, total: startSeconds, unit: 'seconds', note: `${container.name} does not answer yet` });
      await pause(pollMilliseconds, signal);
    }
  }
}

/** A container that is restarting takes no commands. */
function mayPass(error: unknown): boolean {
  return error instanceof Failure && (error.kind === 'ServiceUnhealthy' || error.kind === 'ServiceNotFound');
}
