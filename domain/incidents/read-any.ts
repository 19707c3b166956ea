import { readAlertmanager } from './read-alertmanager.ts';
import { readGeneric } from './read-generic.ts';
import { readOpsgenie } from './read-opsgenie.ts';
import { readPagerduty } from './read-pagerduty.ts';
import { maybeObject } from './reading.ts';
import type { Notice } from './track.ts';

/** A body of any tool, told by its keys. A text: why it concerns no incident. Failure: InvalidArgument. */
export function readAny(body: unknown, now: number): Notice | string {
  const keys = maybeObject(body);
  if ('event' in keys) return readPagerduty(body, now);
  if ('groupKey' in keys) return readAlertmanager(body);
  if ('alert' in keys) return readOpsgenie(body, now);
  return readGeneric(body, now, 'sample');
}
