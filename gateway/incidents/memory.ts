import type { Remembered } from '../../domain/incidents/decide.ts';
import type { IncidentInput } from '../../domain/incidents/incident.ts';
import type { Track } from '../../domain/incidents/track.ts';

/** A line of the journal; each part that it has changes what is remembered. */
export interface Entry {
  key?: string;
  track?: Track;
  delivery?: string;
  /** An event that is to be delivered under this number. */
  number?: number;
  input?: IncidentInput;
  /** The number of one that was. */
  done?: number;
}

/** What the gateway knows of incidents: all of it can be written into a journal and read back. */
export interface Memory {
  tracks: Map<string, Track>;
  deliveries: Set<string>;
  waiting: Map<number, IncidentInput>;
}

/** The oldest are forgotten first. A tool repeats itself within hours, not after so many others. */
export const mostRemembered = { tracks: 10_000, deliveries: 20_000 };

export const emptyMemory = (): Memory => ({ tracks: new Map(), deliveries: new Set(), waiting: new Map() });

export function apply(memory: Memory, { key, track, delivery, number, input, done }: Entry): void {
  if (key !== undefined && track) {
    memory.tracks.delete(key);
    memory.tracks.set(key, track);
    forgetOldest(memory.tracks, mostRemembered.tracks);
  }
  if (delivery !== undefined) {
    memory.deliveries.add(delivery);
    forgetOldest(memory.deliveries, mostRemembered.deliveries);
  }
  if (number !== undefined && input) memory.waiting.set(number, input);
  if (done !== undefined) memory.waiting.delete(done);
}

/** The fewest entries that give the same memory. */
export function entriesOf({ tracks, deliveries, waiting }: Memory): Entry[] {
  return [
    ...[...tracks].map(([key, track]) => ({ key, track })),
    ...[...deliveries].map((delivery) => ({ delivery })),
    ...[...waiting].map(([number, input]) => ({ number, input })),
  ];
}

function forgetOldest(from: Map<string, unknown> | Set<string>, most: number): void {
  for (const oldest of from.keys()) {
    if (from.size <= most) return;
    from.delete(oldest);
  }
}

/** What a batch adds before it is on the disk: seen by the messages behind it in the same batch, and dropped with it. */
export interface Draft extends Remembered {
  add(entry: Entry): void;
  /** For this process only. */
  pass(entry: Entry): void;
  entries: Entry[];
  passing: Entry[];
}

export function draftOf(memory: Memory): Draft {
  const tracks = new Map<string, Track>();
  const deliveries = new Set<string>();
  const entries: Entry[] = [];
  const passing: Entry[] = [];
  const see = ({ key, track, delivery }: Entry) => {
    if (key !== undefined && track) tracks.set(key, track);
    if (delivery !== undefined) deliveries.add(delivery);
  };
  return {
    entries,
    passing,
    track: (key) => tracks.get(key) ?? memory.tracks.get(key),
    delivered: (delivery) => deliveries.has(delivery) || memory.deliveries.has(delivery),
    add: (entry) => {
      entries.push(entry);
      see(entry);
    },
    pass: (entry) => {
      passing.push(entry);
      see(entry);
    },
  };
}
