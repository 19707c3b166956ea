import type { PlatformName } from '../platform.ts';
import type { IncidentEvent, IncidentTarget } from './incident.ts';
import { mapIncident, type IncidentRule } from './rules.ts';
import { follow, type Notice, type Track } from './track.ts';

/** What has arrived so far. */
export interface Remembered {
  track(key: string): Track | undefined;
  delivered(delivery: string): boolean;
}

/** What a message leads to. Only `accepted` goes on to the incident's workflow. */
export type Decision =
  | { outcome: 'accepted'; track: Track; delivery: string; event: IncidentEvent; target: IncidentTarget }
  | { outcome: 'duplicate' | 'late'; track: Track }
  | { outcome: 'unmapped'; track: Track; why: string };

export interface Mapping {
  rules: readonly IncidentRule[];
  /** That have a file. */
  platforms: ReadonlySet<PlatformName>;
}

/** `trackKey`: under which its track is remembered. */
export const trackKey = ({ source, key }: Pick<Notice, 'source' | 'key'>): string => `${source} ${key}`;

/**
 * An incident keeps the rule that it met, however its labels change. One that met none so far is looked at again with each
 * message, since priorities and labels are often set after the opening: then it opens for us at that moment.
 */
export function decide(known: Remembered, notice: Notice, mapping: Mapping, heard: number): Decision {
  const { track, change } = follow(known.track(trackKey(notice)), notice, heard);
  const delivery = `${notice.source} ${notice.delivery ?? `${track.incident} ${notice.content}`}`;
  if (known.delivered(delivery)) return { outcome: 'duplicate', track };
  if (change === 'late') return { outcome: 'late', track };
  const kept = change === 'began' ? undefined : track.target;
  const mapped = kept ? { target: kept } : mapIncident(notice, mapping.rules, mapping.platforms);
  if (!('target' in mapped)) return { outcome: 'unmapped', track, why: mapped.unmapped };
  const { target } = mapped;
  const { source, title, labels, url, at } = notice;
  const what = whatOf(notice, kept === undefined);
  const event = { source, delivery, incident: track.incident, what, title, labels, ...(url && { url }), at };
  return { outcome: 'accepted', track: { ...track, target }, delivery, event, target };
}

/** For us an incident opens when it first meets a rule, and once. */
function whatOf({ what }: Notice, first: boolean): IncidentEvent['what'] {
  if (what === 'resolved') return what;
  if (first) return 'opened';
  return what === 'opened' ? 'updated' : what;
}
