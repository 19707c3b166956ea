import { setFlagsFromString } from 'node:v8';
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

/** Starting takes a third more processor time with it; workers that live for days can wait. */
const memoryAfterMilliseconds = 60_000;

/**
 * A worker shares its host with the platform. On a host with much memory V8 lets heaps grow to several times what is in use
 * before it collects: 414 MB for a worker in the middle of a fleet, against 290 MB so, for some percent of processor time
 * (docs/benchmarks.md). It sets no limit, and counts for the thread of the workflows as well.
 */
export function preferLessMemory(): void {
  setTimeout(() => setFlagsFromString('--optimize-for-size'), memoryAfterMilliseconds).unref();
}
