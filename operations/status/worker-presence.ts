import type { HostName } from '../../domain/platform.ts';
import type { Seen, UnderWay, WorkerPresence } from '../../domain/status/status.ts';

/**
 * Whether a platform's work is done: a worker must ask for that of all platforms, and on each of the platform's hosts
 * another one for what is done there. `isServed`: whether one works on that host.
 */
export async function workerPresence(
  temporal: Seen<UnderWay>,
  hosts: readonly HostName[],
  isServed: (host: HostName) => Promise<Seen<boolean>>,
): Promise<WorkerPresence> {
  if ('trouble' in temporal) return 'unknown';
  if (!temporal.value.worker) return 'absent';
  const served = await Promise.all(hosts.map((host) => isServed(host)));
  if (served.some((one) => 'value' in one && !one.value)) return 'absent';
  return served.some((one) => 'trouble' in one) ? 'unknown' : 'working';
}
