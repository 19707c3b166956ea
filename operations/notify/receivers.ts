import { rememberSecret } from '../../config/redaction.ts';
import { resolveSecret } from '../../config/secrets.ts';
import { Failure } from '../../domain/failures.ts';
import { mailOf } from '../../domain/notifications/formats/email.ts';
import { pagerEvent } from '../../domain/notifications/formats/pagerduty.ts';
import { slackMessage } from '../../domain/notifications/formats/slack.ts';
import { teamsMessage } from '../../domain/notifications/formats/teams.ts';
import type { NotificationDocument } from '../../domain/notifications/notification-document.ts';
import type { MailReceiver, Notification, Platform, SecretReference } from '../../domain/platform.ts';
import { hostOf, send, type Receipt } from '../../systems/http-receiver.ts';
import { sendMail, type MailServerAccess } from '../../systems/mail.ts';

/** Where notifications go, by its place in the platform file. */
export interface Receiver {
  place: string;
  /** Answers with its name for people, its place and host, and how the message was taken. */
  readonly tell: (signal: AbortSignal) => Promise<{ who: string; receipt: Receipt }>;
}

/** A message that only has to be sent. */
interface Letter {
  host: string;
  readonly post: (signal: AbortSignal) => Promise<Receipt>;
}

/** The receivers that listen to the document's event. */
export function receiversFor(
  { notifications }: Platform,
  document: NotificationDocument,
  variables: NodeJS.ProcessEnv,
): Receiver[] {
  return notifications.flatMap((notification, index) => {
    if (!notification.events.includes(document.event)) return [];
    const place = `notifications[${index}]`;
    return [receiver(place, () => letterTo(notification, document, { place, variables }))];
  });
}

/** The dead man's switch, if there is one. */
export function heartbeatOf({ backup }: Platform, variables: NodeJS.ProcessEnv): Receiver[] {
  const { heartbeatUrl } = backup;
  if (heartbeatUrl === undefined) return [];
  const place = 'backup.heartbeatUrl';
  return [
    receiver(place, async () => {
      const url = await addressOf(heartbeatUrl, place, variables);
      return { host: hostOf(url), post: (signal) => send({ method: 'GET', url }, signal) };
    }),
  ];
}

function receiver(place: string, letter: () => Promise<Letter>): Receiver {
  return {
    place,
    async tell(signal) {
      try {
        const { host, post } = await letter();
        return { who: `${place} (${host})`, receipt: await post(signal) };
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        // A secret that cannot be read: the other receivers are still notified.
        return { who: place, receipt: { taken: false, why: error.message, again: false } };
      }
    },
  };
}

/** Where secrets stand, and by which name a missing one is reported. */
interface Reading {
  place: string;
  variables: NodeJS.ProcessEnv;
}

async function letterTo(to: Notification, document: NotificationDocument, reading: Reading): Promise<Letter> {
  const { place, variables } = reading;
  if (to.kind === 'email') return mailTo(to, document, reading);
  const url = await addressOf(to.url, `${place}.url`, variables);
  const post = (body: object, headers: Record<string, string> = {}): Letter => ({
    host: hostOf(url),
    post: (signal) =>
      send(
        {
          method: 'POST',
          url,
          headers: { ...headers, 'content-type': 'application/json', 'idempotency-key': document.id },
          body: JSON.stringify(body),
        },
        signal,
      ),
  });
  switch (to.kind) {
    case 'slack':
      return post(slackMessage(document));
    case 'teams':
      return post(teamsMessage(document));
    case 'pagerduty':
      return post(pagerEvent(document, await resolveSecret(to.routingKey, `${place}.routingKey`, variables)));
    default:
      return post(document, await headersOf(to.headers, reading));
  }
}

/** Those that mail programs and providers use. */
const usualPorts = { starttls: 587, implicit: 465, none: 25 } as const;

async function mailTo({ server, from, to }: MailReceiver, document: NotificationDocument, reading: Reading) {
  const { host, tls, caFile, user, password, port = usualPorts[tls] } = server;
  const { place, variables } = reading;
  const access: MailServerAccess = { host, port, tls, ...(caFile !== undefined && { caFile }) };
  if (user !== undefined && password !== undefined)
    access.login = {
      user: await textOf(user, `${place}.server.user`, variables),
      password: await resolveSecret(password, `${place}.server.password`, variables),
    };
  const mail = { from, to, ...mailOf(document, from) };
  return { host: `${host}:${port}`, post: (signal: AbortSignal) => sendMail(access, mail, signal) };
}

/** Chat tools put their token into the path. Shorter pieces are words, which must not vanish from other texts. */
const shortestToken = 16;

/** From then on redaction knows the address and the tokens in it. */
async function addressOf(
  given: string | SecretReference,
  purpose: string,
  variables: NodeJS.ProcessEnv,
): Promise<string> {
  const url = await textOf(given, purpose, variables);
  rememberSecret(url);
  const host = hostOf(url);
  for (const piece of url.split(/[/?&=@:]/))
    if (piece.length >= shortestToken && !host.includes(piece)) rememberSecret(piece);
  return url;
}

async function headersOf(headers: Record<string, string | SecretReference>, { place, variables }: Reading) {
  const entries = Object.entries(headers).map(async ([header, value]): Promise<[string, string]> => [
    header.toLowerCase(),
    await textOf(value, `${place}.headers.${header}`, variables),
  ]);
  return Object.fromEntries(await Promise.all(entries));
}

const textOf = (given: string | SecretReference, purpose: string, variables: NodeJS.ProcessEnv): Promise<string> =>
  typeof given === 'string' ? Promise.resolve(given) : resolveSecret(given, purpose, variables);
