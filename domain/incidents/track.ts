import type { IncidentEvent, IncidentTarget } from './incident.ts';

/** One message of a tool, read; not yet compared with what came before. */
export interface Notice extends Omit<IncidentEvent, 'delivery' | 'incident'> {
  /** What the tool tells incidents apart by: PagerDuty's incident id, Alertmanager's group key. */
  key: string;
  /** The tool's own name of the delivery; absent: what it says stands for it. */
  delivery?: string;
  /** What the message says, in short: the same when it is sent again, or by a second sender. */
  content: string;
  /** Whether the message itself shows that the incident is open. */
  open: boolean;
  /**
   * Set for groups of alerts, whose members come and go while one incident goes on: when the earliest and the newest of
   * its members began, in milliseconds since 1970.
   */
  group?: { earliest: number; newest: number };
}

/** What is remembered of an incident, so that messages sent again, late or by a second sender are recognised. */
export interface Track {
  /** Names the incident from its opening to its end: `IncidentEvent.incident`. */
  incident: string;
  /** All in milliseconds since 1970. Of a group: when its earliest and its newest known member began. */
  earliest: number;
  newest: number;
  /** When the last message about it arrived. */
  heard: number;
  /** It has ended: when, by the clock that decides what is late (of a group: when we heard of it). */
  closed?: number;
  /** The rule that it met; absent: none so far. */
  target?: IncidentTarget;
}

/** What a message means for what is known. */
export interface Followed {
  track: Track;
  /**
   * `began`: it opens an incident, or opens it again. `late`: it is about a time before the incident's present state, or
   * updates an incident that is not known to be open.
   */
  change: 'began' | 'goes on' | 'ended' | 'late';
}

/** How far clocks may be apart, and how long a second sender may lag behind. */
const toleranceMs = 10 * 60_000;

/** `heard`: when the message arrived, in milliseconds since 1970. */
export function follow(track: Track | undefined, notice: Notice, heard: number): Followed {
  return notice.group ? followGroup(track, notice, notice.group, heard) : followSingle(track, notice, heard);
}

/** Tools that name their incidents. Messages may overtake each other, so the time that each carries decides. */
function followSingle(track: Track | undefined, notice: Notice, heard: number): Followed {
  const at = Date.parse(notice.at);
  const fresh: Track = { incident: notice.key, earliest: at, newest: at, heard };
  if (notice.what === 'resolved') {
    if (track?.closed === undefined && track !== undefined && at < track.earliest) return { track, change: 'late' };
    return { track: { ...(track ?? fresh), heard, closed: Math.max(at, track?.closed ?? 0) }, change: 'ended' };
  }
  if (track && track.closed === undefined)
    return { track: { ...track, newest: Math.max(track.newest, at), heard }, change: 'goes on' };
  const begins = notice.open && at > (track?.closed ?? 0);
  return begins ? { track: fresh, change: 'began' } : { track: track ?? fresh, change: 'late' };
}

/**
 * Alertmanager names a group by its labels only; one name has many incidents in its life, and each notification lists the
 * members of the moment. An incident lasts from the first firing notification to the resolved one, whoever joins or leaves
 * in between, so it is named by its group and its first member's start: both of a pair find the same name.
 */
function followGroup(
  track: Track | undefined,
  { key, what }: Notice,
  { earliest, newest }: { earliest: number; newest: number },
  heard: number,
): Followed {
  const begin = (start: number, named = start): Followed => ({
    track: { incident: `${key} since ${new Date(named).toISOString()}`, earliest: start, newest, heard },
    change: 'began',
  });
  if (what === 'resolved') {
    if (track?.closed === undefined && track !== undefined && newest < track.earliest) return { track, change: 'late' };
    return { track: { ...(track ?? begin(earliest).track), heard, closed: heard }, change: 'ended' };
  }
  if (track === undefined) return begin(earliest);
  if (track.closed === undefined) {
    // A resolved notification may have been lost (Alertmanager restarted, or its send_resolved is off): when all members
    // began after everything that was known, and long after the last word, this is the next incident.
    const next = earliest > track.newest && earliest > track.heard + toleranceMs;
    if (next) return begin(earliest);
    return { track: { ...track, newest: Math.max(track.newest, newest), heard }, change: 'goes on' };
  }
  if (newest > track.newest) return begin(earliest > track.newest ? earliest : newest);
  // A repetition by the second of a pair comes at once; later, the same alert fires again without a new start.
  return heard > track.closed + toleranceMs ? begin(earliest, heard) : { track, change: 'late' };
}
