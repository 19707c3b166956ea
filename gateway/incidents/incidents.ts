import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Log } from '../../config/log.ts';
import { Failure, type FailureText } from '../../domain/failures.ts';
import type { IncidentInput, IncidentSource } from '../../domain/incidents/incident.ts';
import { troubleOf, type Trouble } from '../../domain/status/status.ts';
import { makePrivateFolder } from '../../operations/private-folder.ts';
import type { Courier } from './courier.ts';
import { openInbox, type Inbox } from './inbox.ts';
import { lockFolder } from './lock.ts';
import { incidentMetrics, type IncidentMetrics } from './metrics.ts';
import type { IncidentSettings, IncidentSettingsOptions } from '../../config/incidents-settings.ts';
import { watchSettings } from './watch-settings.ts';

/** Incidents in: what the routes, the metrics and the pages need of it. */
export interface Incidents extends Pick<Inbox, 'accept'> {
  settings(): IncidentSettings | undefined;
  /** Why incidents are not taken, or not as the file has it now. */
  trouble(): Trouble | undefined;
  /** All that keeps incidents from being taken as the file has it now, or from reaching their workflows; for people. */
  warnings(): FailureText[];
  metrics: IncidentMetrics;
  log: Log;
  close(): Promise<void>;
}

export interface IncidentsOptions extends IncidentSettingsOptions {
  log: Log;
  courier: Courier;
  /** How often files are looked at; in milliseconds. */
  everyMs?: number;
}

/** A cause that lasts is logged once in a while. */
const remindMs = 60_000;

/** Starts whether or not its files, its folder and Temporal can be used: what is missing is retried. */
export async function startIncidents({
  log,
  courier,
  everyMs = 3000,
  ...options
}: IncidentsOptions): Promise<Incidents> {
  const folder = path.join(options.environment.stateFolder, 'incidents');
  const settings = await watchSettings(options, log, everyMs);
  let stored: { inbox: Inbox; release: () => Promise<void> } | undefined;
  let storeTrouble: Trouble | undefined;
  let undelivered: (FailureText & { at: number }) | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const metrics = incidentMetrics({
    fileValid: () => settings.trouble() === undefined,
    waiting: () => {
      const counts = new Map<IncidentSource, number>();
      for (const { event } of stored?.inbox.waiting() ?? [])
        counts.set(event.source, (counts.get(event.source) ?? 0) + 1);
      return counts;
    },
  });

  async function deliver(input: IncidentInput): Promise<void> {
    const found = await courier.deliver(input);
    if (undelivered) log.info('Incident events are delivered again');
    undelivered = undefined;
    metrics.delivered(input.event.source);
    const { what } = input.event;
    if (!found) log.info('Incident event concerns no open incident', { incident: input.id, what });
  }
  function onTrouble(error: unknown): void {
    const { message, remedy } = troubleOf(error);
    const known = undelivered?.message === message && Date.now() - undelivered.at < remindMs;
    if (known) return;
    undelivered = { message, remedy, at: Date.now() };
    log.error('Incident events wait on the disk', { reason: message, remedy });
  }

  /** What an earlier process could not deliver is delivered also when no incidents are taken any more. */
  async function store(): Promise<void> {
    if (settings.current() ?? existsSync(folder)) {
      try {
        await makePrivateFolder(folder, 'Point REKINDLE_STATE at a folder that this user may write to');
        const { release } = await lockFolder(folder);
        try {
          stored = { inbox: await openInbox({ folder, deliver, onTrouble, warn: (text) => log.warn(text) }), release };
        } catch (error) {
          await release();
          throw error;
        }
        storeTrouble = undefined;
      } catch (error) {
        const found = troubleOf(error);
        if (found.message !== storeTrouble?.message)
          log.error('Incidents cannot be stored, so none are taken', { reason: found.message, remedy: found.remedy });
        storeTrouble = found;
      }
    }
    if (!closed && !stored) timer = setTimeout(() => void store(), everyMs).unref();
  }
  await store();

  return {
    settings: () => settings.current(),
    trouble: () => settings.trouble() ?? storeTrouble,
    warnings() {
      const events = stored ? [...stored.inbox.waiting()].length : 0;
      const inForce = settings.current() ? 'the one before it stays in force' : 'no incidents are taken';
      const file = settings.trouble();
      return [
        ...(file ? [{ ...file, message: `The incidents' file cannot be used, ${inForce}: ${file.message}` }] : []),
        ...(storeTrouble ? [storeTrouble] : []),
        ...(undelivered && events > 0
          ? [{ ...undelivered, message: `${events} events of incidents wait to be delivered: ${undelivered.message}` }]
          : []),
      ].map(({ message, remedy }) => ({ message, remedy }));
    },
    accept: async (notice, mapping) => {
      if (stored) return stored.inbox.accept(notice, mapping);
      throw new Failure(
        'DiskFull',
        storeTrouble ?? { message: 'The gateway is starting', remedy: 'Try again in a moment' },
      );
    },
    metrics,
    log,
    close: async () => {
      closed = true;
      clearTimeout(timer);
      settings.close();
      await stored?.inbox.close();
      await stored?.release();
      await courier.close();
    },
  };
}
