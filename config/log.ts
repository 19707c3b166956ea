import { type DestinationStream, pino } from 'pino';
import { redact, redactAll } from './redaction.ts';

const levels = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

type Level = keyof typeof levels;
type Meta = Record<string | symbol, unknown>;

/** Also what Temporal's runtime logs with. */
export interface Log extends Record<Lowercase<Level>, (message: string, meta?: Meta) => void> {
  log(level: Level, message: string, meta?: Meta): void;
}

/** One JSON line per event, for log collectors. Secrets that this process has read are masked. */
export function openLog(level: string, destination: DestinationStream): Log {
  const log = pino({ level, base: { service: 'rekindle' } }, destination);
  const write = (logLevel: Level, message: string, meta?: Meta) =>
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
function readable(meta: Meta = {}): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(meta).map(([key, value]) => {
      if (!(value instanceof Error)) return [key, value];
      const { type } = value as { type?: string };
      return [key, { type: type ?? value.name, message: value.message }];
    }),
  );
}
