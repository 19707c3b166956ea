import type { Log } from '../../config/log.ts';
import { troubleOf, type Trouble } from '../../domain/status/status.ts';
import {
  readIncidentSettings,
  type IncidentSettings,
  type IncidentSettingsOptions,
} from '../../config/incidents-settings.ts';

export interface WatchedSettings {
  /** Those in force: of a file with a mistake, those that were in force before. Undefined: no incidents are taken. */
  current(): IncidentSettings | undefined;
  /** What is wrong with the file as it is now. */
  trouble(): Trouble | undefined;
  close(): void;
}

/** A change counts within seconds, also one of a secret. */
const everyMs = 3000;
/** A mistake is reported again after so long, for whoever reads only the end of the log. */
const remindMs = 10 * 60_000;

/** Reads the incidents' file now and every few seconds. What cannot be used is logged and changes nothing. */
export async function watchSettings(
  options: IncidentSettingsOptions,
  log: Log,
  intervalMs = everyMs,
): Promise<WatchedSettings> {
  let current: IncidentSettings | undefined;
  let inForce = '';
  let trouble: Trouble | undefined;
  let reportedAt = 0;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  function report(found: Trouble): void {
    if (trouble?.message === found.message && Date.now() - reportedAt < remindMs) return;
    reportedAt = Date.now();
    const meanwhile = current ? 'the one before it stays in force' : 'no incidents are taken';
    log.error(`The incidents' file cannot be used: ${meanwhile}`, { reason: found.message, remedy: found.remedy });
  }

  async function look(): Promise<void> {
    try {
      const found = await readIncidentSettings(options);
      const text = textOf(found);
      if (found && (text !== inForce || trouble))
        log.info("The incidents' file is in force", {
          file: options.environment.incidentsFile.path,
          sources: Object.keys(found.sources),
          rules: found.mapping.rules.length,
        });
      [current, inForce, trouble] = [found, text, undefined];
    } catch (error) {
      const found = troubleOf(error);
      report(found);
      trouble = found;
    }
    if (!closed) timer = setTimeout(() => void look(), intervalMs).unref();
  }

  await look();
  return {
    current: () => current,
    trouble: () => trouble,
    close: () => {
      closed = true;
      clearTimeout(timer);
    },
  };
}

/** Equal for equal settings: regular expressions and sets have no JSON of their own. */
const textOf = (settings: IncidentSettings | undefined): string =>
  JSON.stringify({ settings }, (_, value: unknown) => {
    if (value instanceof Set) return [...(value as Set<string>)];
    return value instanceof RegExp ? String(value) : value;
  });
