import { identity, labelsOf, maybeObject, maybeText, maybeTime, object, text } from './reading.ts';
import type { Notice } from './track.ts';

const meanings: Record<string, Notice['what']> = {
  Create: 'opened',
  Acknowledge: 'acknowledged',
  Close: 'resolved',
  Delete: 'resolved',
};
/** What people and we ourselves add to an alert. */
const remarks = new Set(['AddNote']);

/** A webhook as Opsgenie sends it. A text: why it concerns no incident. Failure: InvalidArgument. */
export function readOpsgenie(body: unknown, now: number): Notice | string {
  const given = object(body, 'the body');
  const action = text(given['action'], 'action', 100);
  if (remarks.has(action)) return `${action} says nothing of an alert's state`;
  const alert = object(given['alert'], 'alert');
  const key = identity(alert['alertId'], 'alert.alertId');
  const what = meanings[action] ?? 'updated';
  // Of the change: in milliseconds since 1970, in some versions in nanoseconds.
  const changed = Number(alert['updatedAt'] ?? alert['createdAt']);
  const at = maybeTime(changed > 1e15 ? changed / 1e6 : changed) ?? now;
  return {
    source: 'opsgenie',
    key,
    content: `${action} ${maybeText(alert['updatedAt']) ?? maybeText(alert['createdAt']) ?? ''}`,
    what,
    // An update does not say whether the alert is open; only its opening and its acknowledgement do.
    open: what === 'opened' || what === 'acknowledged',
    title: maybeText(alert['message']) ?? maybeText(alert['alias']) ?? `Alert ${key}`,
    labels: labelsOf(maybeObject(alert['details']), {
      alias: alert['alias'],
      entity: alert['entity'],
      priority: alert['priority'],
      source: alert['source'],
      team: alert['team'],
      tags: Array.isArray(alert['tags']) ? alert['tags'].map((tag) => maybeText(tag) ?? '').join(',') : undefined,
    }),
    at: new Date(at).toISOString(),
  };
}
