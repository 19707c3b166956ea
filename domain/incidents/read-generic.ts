import { identity, labelsOf, maybeObject, maybeText, maybeTime, maybeUrl, object, misread, text } from './reading.ts';
import type { Notice } from './track.ts';

const words = ['opened', 'acknowledged', 'updated', 'resolved'] as const;
const known = ['incident', 'what', 'title', 'labels', 'url', 'at'];

/** The body for every other tool (docs/incidents.md). `delivery`: its idempotency key. Failure: InvalidArgument. */
export function readGeneric(body: unknown, now: number, delivery: string): Notice {
  const given = object(body, 'the body');
  const stray = Object.keys(given).find((key) => !known.includes(key));
  if (stray !== undefined) return misread(maybeText(stray, 60) ?? '""', `unknown key; known keys: ${known.join(', ')}`);
  const what = words.find((word) => word === given['what']) ?? misread('what', `expected one of ${words.join(', ')}`);
  if (given['labels'] !== undefined) object(given['labels'], 'labels');
  const at =
    given['at'] === undefined
      ? now
      : (maybeTime(given['at']) ?? misread('at', 'expected a time in ISO 8601, for instance 2026-01-31T03:00:00Z'));
  const url =
    given['url'] === undefined ? undefined : (maybeUrl(given['url']) ?? misread('url', 'expected a URL (http, https)'));
  return {
    source: 'generic',
    key: identity(given['incident'], 'incident'),
    delivery,
    content: what,
    what,
    open: what === 'opened' || what === 'acknowledged',
    title: text(given['title'], 'title'),
    labels: labelsOf(maybeObject(given['labels'])),
    ...(url === undefined ? {} : { url }),
    at: new Date(at).toISOString(),
  };
}
