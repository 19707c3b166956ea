import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { IncidentSource } from '../../domain/incidents/incident.ts';
import type { IncidentSettings } from '../../config/incidents-settings.ts';

/** Why a request is not of whom it says, for the log and the answer; undefined: it is. */
export type Forged = string | undefined;

/** `body`: the bytes as they came. Nothing of it has been read yet. */
export function authenticate(
  source: IncidentSource,
  { sources }: IncidentSettings,
  { headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>,
  body: Buffer,
): Forged {
  if (source === 'pagerduty')
    return signed(sources.pagerduty?.keys ?? [], String(headers['x-pagerduty-signature'] ?? ''), body);
  const given = headers.authorization ?? '';
  if (source !== 'alertmanager') return bearer(sources[source]?.bearer ?? [], given);
  const { bearer: tokens, basic, mtls } = sources.alertmanager ?? {};
  if (mtls) return socket instanceof TLSSocket && socket.authorized ? undefined : 'no client certificate that counts';
  if (tokens) return bearer(tokens, given);
  if (!basic) return 'no way to authenticate';
  const [, encoded = ''] = /^basic +(\S+)$/i.exec(given) ?? [];
  const wanted = basic.passwords.map((password) => `${basic.user}:${password}`);
  return isOneOf(Buffer.from(encoded, 'base64'), wanted) ? undefined : 'user or password is wrong';
}

function bearer(tokens: readonly string[], header: string): Forged {
  const [, given] = /^bearer +(\S+)$/i.exec(header) ?? [];
  if (given === undefined) return 'the header Authorization holds no bearer token';
  return isOneOf(Buffer.from(given), tokens) ? undefined : 'the bearer token is wrong';
}

/** Compares digests: all have one length, so the time tells nothing of a secret. */
function isOneOf(given: Buffer, secrets: readonly string[]): boolean {
  const digest = sha256(given);
  return secrets.map((secret) => timingSafeEqual(sha256(secret), digest)).includes(true);
}

const sha256 = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest();

/** PagerDuty signs with each of its keys: more than a few signatures are somebody's attempt. */
const mostSignatures = 16;

function signed(keys: readonly string[], header: string, body: Buffer): Forged {
  const given = header
    .split(',', mostSignatures)
    .flatMap((part) => /^\s*v1=([0-9a-f]{64})\s*$/i.exec(part)?.[1] ?? [])
    .map((hex) => Buffer.from(hex, 'hex'));
  if (given.length === 0) return 'the header X-PagerDuty-Signature holds no signature of version 1';
  const wanted = keys.map((key) => createHmac('sha256', key).update(body).digest());
  const matches = wanted.flatMap((one) => given.map((other) => timingSafeEqual(one, other)));
  return matches.includes(true) ? undefined : 'the signature fits none of the keys';
}
