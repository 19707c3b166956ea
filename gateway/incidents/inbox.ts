import { createHash } from 'node:crypto';
import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { incidentId } from '../../client/incidents.ts';
import { Failure } from '../../domain/failures.ts';
import { decide, trackKey, type Decision, type Mapping } from '../../domain/incidents/decide.ts';
import type { IncidentInput } from '../../domain/incidents/incident.ts';
import type { Notice } from '../../domain/incidents/track.ts';
import { openJournal } from './journal.ts';
import { openLanes } from './lanes.ts';
import { apply, draftOf, emptyMemory, entriesOf, type Draft, type Entry } from './memory.ts';

export interface InboxOptions {
  /** Exists, and is nobody else's. */
  folder: string;
  deliver: (input: IncidentInput) => Promise<void>;
  onTrouble: (error: unknown) => void;
  /** For the log: what was found damaged, or could not be tidied up. */
  warn: (message: string) => void;
  now?: () => number;
  /** From which size on the journal is written anew with what is still needed. */
  tidyAtBytes?: number;
}

export interface Inbox {
  /**
   * Decides what a message means. When it concerns an incident of ours, it is on the disk before this resolves, and is
   * delivered afterwards whatever happens. Failures: DiskFull, TemporalUnreachable when too many wait.
   */
  accept(notice: Notice, mapping: Mapping): Promise<Decision & { id: string }>;
  /** Accepted events that are not delivered yet. */
  waiting(): Iterable<IncidentInput>;
  close(): Promise<void>;
}

export const mostWaiting = 20_000;
/** Some 100,000 events. What is still needed of them is a fraction of it. */
const manyBytes = 64 * 1024 * 1024;

interface Job {
  /** What it adds to the batch. */
  begin: (draft: Draft) => void;
  settle: (error?: Error) => void;
}

/** Failure: DiskFull. */
export async function openInbox(options: InboxOptions): Promise<Inbox> {
  const { folder, warn, now = Date.now, tidyAtBytes = manyBytes } = options;
  const { journal, records, damaged, cutOff } = await openJournal(path.join(folder, 'incidents.journal'));
  if (cutOff > 0) warn(`The last ${cutOff} bytes of the journal of incidents were unfinished and are cut off`);
  if (damaged > 0) warn(`${damaged} lines of the journal of incidents are damaged and are left out`);
  const memory = emptyMemory();
  for (const record of records) apply(memory, record as Entry);
  let lastNumber = [...memory.waiting.keys()].reduce((a, b) => Math.max(a, b), 0);
  let tidyAt = tidyAtBytes;
  const jobs: Job[] = [];
  let writing: Promise<void> | undefined;

  /** All that came while the last batch was written makes the next one: one wait for the disk for many. */
  async function write(): Promise<void> {
    await turn();
    while (jobs.length > 0) {
      const batch = jobs.splice(0);
      const draft = draftOf(memory);
      for (const job of batch) job.begin(draft);
      let trouble: Error | undefined;
      try {
        if (draft.entries.length > 0) await journal.append(draft.entries);
        for (const entry of [...draft.entries, ...draft.passing]) apply(memory, entry);
      } catch (error) {
        trouble = error as Error;
      }
      for (const job of batch) job.settle(trouble);
      if (journal.bytes() > tidyAt) await tidy();
    }
    writing = undefined;
  }
  async function tidy(): Promise<void> {
    await journal.replace(entriesOf(memory)).catch((error: unknown) => warn((error as Error).message));
    tidyAt = journal.bytes() + tidyAtBytes;
  }
  const commit = <T>(begin: (draft: Draft) => T): Promise<T> =>
    new Promise((resolve, reject) => {
      let result: T;
      jobs.push({
        begin: (draft) => {
          try {
            result = begin(draft);
          } catch (error) {
            const failure = error as Error;
            reject(failure);
          }
        },
        settle: (error) => {
          if (error === undefined) resolve(result);
          else reject(error);
        },
      });
      writing ??= write();
    });

  const lanes = openLanes<[number, IncidentInput]>({
    work: async ([number, input]) => {
      await options.deliver(input);
      // On the disk before the next event of this incident goes out: an opening that is delivered again after a crash
      // must find its workflow open.
      await commit((draft) => draft.add({ done: number }));
    },
    onTrouble: options.onTrouble,
    atOnce: 20,
    retryMs: { first: 1000, most: 10_000 },
  });
  for (const [number, input] of memory.waiting) lanes.add(input.id, [number, input]);

  return {
    async accept(given, mapping) {
      if (memory.waiting.size + jobs.length >= mostWaiting) throw tooMany();
      const notice = shortened(given);
      const { decision, entry } = await commit((draft) => take(draft, decide(draft, notice, mapping, now())));
      if (entry) lanes.add(entry.input.id, [entry.number, entry.input]);
      const { incident } = 'event' in decision ? decision.event : decision.track;
      return { ...decision, id: incidentId({ source: notice.source, incident }) };

      function take(draft: Draft, decision: Decision) {
        const key = trackKey(notice);
        // A message that is late changes nothing, and what concerns no platform of ours need not outlive this process.
        if (decision.outcome === 'unmapped' || decision.outcome === 'duplicate')
          draft.pass({ key, track: decision.track });
        if (decision.outcome !== 'accepted') return { decision };
        const { track, delivery, event, target } = decision;
        const entry = {
          key,
          track,
          delivery,
          number: (lastNumber += 1),
          input: { id: incidentId(event), ...target, event },
        };
        draft.add(entry);
        return { decision, entry };
      }
    },
    waiting: () => memory.waiting.values(),
    close: async () => {
      await lanes.close();
      await writing;
      await journal.close();
    },
  };
}

/** What identifies may be long, and is kept for long. */
function shortened(notice: Notice): Notice {
  const short = (text: string) =>
    text.length <= 200
      ? text
      : `${text.slice(0, 120)}… ${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
  const { key, delivery, content } = notice;
  return { ...notice, key: short(key), content: short(content), ...(delivery && { delivery: short(delivery) }) };
}

function tooMany(): Failure {
  return new Failure('TemporalUnreachable', {
    message: `${mostWaiting} events of incidents wait to be delivered to Temporal, and no more are taken`,
    remedy: 'Start Temporal, or set TEMPORAL_ADDRESS to its address; senders retry',
  });
}
