import { Runtime, type LogLevel, type Logger } from '@temporalio/worker';
import { pino } from 'pino';
import { redact, redactAll } from '../config/redaction.ts';

const levels = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;
let installed = false;

/**
 * One JSON line an event, on standard error, for the machine that collects logs; once per process. `level` as pino has
 * it: `info` for a service, `silent` where a person watches the run itself. Secrets that this process has read are
 * masked in each line, the lines of Temporal's native core included.
 */
export function installRuntime(level: string): void {
  if (installed) return;
  installed = true;
  const log = pino({ level, base: { service: 'rekindle' } }, pino.destination(2));
  const write = (logLevel: LogLevel, message: string, meta?: Record<string | symbol, unknown>) =>
    log[levels[logLevel]](redactAll(readable(meta)), redact(message));
  const logger: Logger = {
    log: write,
    trace: (message, meta) => write('TRACE', message, meta),
    debug: (message, meta) => write('DEBUG', message, meta),
    info: (message, meta) => write('INFO', message, meta),
    warn: (message, meta) => write('WARN', message, meta),
    error: (message, meta) => write('ERROR', message, meta),
  };
  // Without forwarding the core would write to the console by itself.
  Runtime.install({ logger, telemetryOptions: { logging: { forward: {} } } });
}

/** Of an error its type and message: stacks of workflow code help nobody at night. */
function readable(meta: Record<string | symbol, unknown> = {}): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(meta).map(([key, value]) => {
      if (!(value instanceof Error)) return [key, value];
      const { type } = value as { type?: string };
      return [key, { type: type ?? value.name, message: value.message }];
    }),
  );
}
