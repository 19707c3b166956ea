import type { LogLevel, Logger } from '@temporalio/worker';
import { type DestinationStream, pino } from 'pino';
import { redact, redactAll } from '../config/redaction.ts';

const levels = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

/** One JSON line per event, for log collectors. Secrets that this process has read are masked. */
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

/** An error's type and message only: stacks of workflow code help nobody at night. */
function readable(meta: Record<string | symbol, unknown> = {}): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(meta).map(([key, value]) => {
      if (!(value instanceof Error)) return [key, value];
      const { type } = value as { type?: string };
      return [key, { type: type ?? value.name, message: value.message }];
    }),
  );
}
