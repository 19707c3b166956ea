import { Runtime } from '@temporalio/worker';
import { pino } from 'pino';
import { openLog } from '../config/log.ts';

let installed = false;

/**
 * Sends the logs of Temporal and its native core to ours, on standard error; once per process. `level` as in pino:
 * `info` for a service, `silent` where a person watches the run itself.
 */
export function installRuntime(level: string): void {
  if (installed) return;
  installed = true;
  // Without forwarding, the core would write to the console by itself.
  Runtime.install({ logger: openLog(level, pino.destination(2)), telemetryOptions: { logging: { forward: {} } } });
}
