import type { HostName } from '../../domain/platform.ts';
import type { Seen, UnderWay, WorkerPresence } from '../../domain/status/status.ts';

/**
 * Whether a platform's work is done: a worker must ask for that of all platforms, and on a platform's own host another one
 * for what is done there. `isServed`: whether one works on that host.
 */
export async function workerPresence(
  temporal: Seen<UnderWay>,
  host: HostName | undefined,
  isServed: (host: HostName) => Promise<Seen<boolean>>,
): Promise<WorkerPresence> {
  if ('trouble' in temporal) return 'unknown';
  if (!temporal.value.worker) return 'absent';
  if (host === undefined) return 'working';
  const served = await isServed(host);
  if ('trouble' in served) return 'unknown';
  return served.value ? 'working' : 'absent';
}
