import type { LogLevel, Logger } from '@temporalio/worker';
import { type DestinationStream, pino } from 'pino';
import { redact, redactAll } from '../config/redaction.ts';

const levels = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

/** One JSON line an event, for the machine that collects logs. Secrets that this process has read are masked in each. */
export function openLog(level: string, destination: DestinationStream): Logger {
  const log = pino({ level, base: { service: 'rekindle' } }, destination);
  const write = (logLevel: LogLevel, message: string, meta?: Record<string | symbol, unknown>) =>
    log[levels[logLevel]](redactAll(readable(meta)), redact(message));
  return {
    log: write,
    trace: (message, meta) => write('TRACE', message, meta),
    debug: (message, meta) => write('DEBUG', message, meta),
    info: (message, meta) => write('INFO', message, meta),
    warn: (message, meta) => write('WARN', message, meta),
    error: (message, meta) => write('ERROR', message, meta),
  };
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
