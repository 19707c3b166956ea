import { Failure } from '../../domain/failures.ts';
import type { IncidentSource } from '../../domain/incidents/incident.ts';
import { readAlertmanager } from '../../domain/incidents/read-alertmanager.ts';
import { readGeneric } from '../../domain/incidents/read-generic.ts';
import { readOpsgenie } from '../../domain/incidents/read-opsgenie.ts';
import { readPagerduty } from '../../domain/incidents/read-pagerduty.ts';
import type { Notice } from '../../domain/incidents/track.ts';

export interface Delivery {
  source: IncidentSource;
  body: Buffer;
  /** The header Idempotency-Key. */
  idempotencyKey: string | undefined;
  /** When it arrived, in milliseconds since 1970. */
  now: number;
}

/** What a body says. A text: why it concerns no incident. Failure: InvalidArgument. */
export function readBody({ source, body, idempotencyKey, now }: Delivery): Notice | string {
  const json = parseJson(body);
  switch (source) {
    case 'pagerduty':
      return readPagerduty(json, now);
    case 'alertmanager':
      return readAlertmanager(json);
    case 'opsgenie':
      return readOpsgenie(json, now);
    case 'generic':
      return readGeneric(json, now, keyFrom(idempotencyKey));
  }
}

function keyFrom(header: string | undefined): string {
  const key = header?.trim() ?? '';
  if (key !== '' && key.length <= 300) return key;
  throw new Failure('InvalidArgument', {
    message: `The header Idempotency-Key ${key === '' ? 'is missing' : 'is longer than 300 characters'}`,
    remedy: 'Send a value that is new for each event, and the same when an event is sent again',
  });
}

function parseJson(body: Buffer): unknown {
  const remedy = 'Send JSON in UTF-8';
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw new Failure('InvalidArgument', { message: 'The body is not UTF-8', remedy });
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Failure('InvalidArgument', { message: 'The body is not JSON, or was cut short', remedy });
  }
}
