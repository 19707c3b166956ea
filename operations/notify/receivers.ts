import { rememberSecret } from '../../config/redaction.ts';
import { resolveSecret } from '../../config/secrets.ts';
import { Failure } from '../../domain/failures.ts';
import type { NotificationDocument } from '../../domain/notifications/notification.ts';
import type { Notification, Platform, SecretReference } from '../../domain/platform.ts';
import { hostOf, send, type Message, type Receipt } from '../../systems/http-receiver.ts';

/** Where notifications go, by its place in the platform file. */
export interface Receiver {
  place: string;
  /** Answers with its name for people, its place and host, and how the message was taken. */
  readonly tell: (signal: AbortSignal) => Promise<{ who: string; receipt: Receipt }>;
}

/** The webhooks that listen to the document's event. */
export function webhooksFor(
  { notifications }: Platform,
  document: NotificationDocument,
  variables: NodeJS.ProcessEnv,
): Receiver[] {
  const body = JSON.stringify(document);
  return notifications.flatMap((notification, index) => {
    if (!notification.events.includes(document.event)) return [];
    const place = `notifications[${index}]`;
    const message = async (): Promise<Message> => ({
      method: 'POST',
      url: await addressOf(notification.url, `${place}.url`, variables),
      headers: {
        ...(await headersOf(notification, place, variables)),
        'content-type': 'application/json',
        'idempotency-key': document.id,
      },
      body,
    });
    return [receiver(place, message)];
  });
}

/** The dead man's switch, if there is one. */
export function heartbeatOf({ backup }: Platform, variables: NodeJS.ProcessEnv): Receiver[] {
  const { heartbeatUrl } = backup;
  if (heartbeatUrl === undefined) return [];
  const place = 'backup.heartbeatUrl';
  return [receiver(place, async () => ({ method: 'GET', url: await addressOf(heartbeatUrl, place, variables) }))];
}

function receiver(place: string, message: () => Promise<Message>): Receiver {
  return {
    place,
    async tell(signal) {
      try {
        const sent = await message();
        return { who: `${place} (${hostOf(sent.url)})`, receipt: await send(sent, signal) };
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        // A secret that cannot be read: the other receivers are still notified.
        return { who: place, receipt: { taken: false, why: error.message, again: false } };
      }
    },
  };
}

/** Chat tools put their token into the path. Shorter pieces are words, which must not vanish from other texts. */
const shortestToken = 16;

/** From then on redaction knows the address and the tokens in it. */
async function addressOf(
  given: string | SecretReference,
  purpose: string,
  variables: NodeJS.ProcessEnv,
): Promise<string> {
  const url = typeof given === 'string' ? given : await resolveSecret(given, purpose, variables);
  rememberSecret(url);
  const host = hostOf(url);
  for (const piece of url.split(/[/?&=@:]/))
    if (piece.length >= shortestToken && !host.includes(piece)) rememberSecret(piece);
  return url;
}

async function headersOf({ headers }: Notification, place: string, variables: NodeJS.ProcessEnv) {
  const entries = Object.entries(headers).map(async ([header, value]): Promise<[string, string]> => [
    header.toLowerCase(),
    typeof value === 'string' ? value : await resolveSecret(value, `${place}.headers.${header}`, variables),
  ]);
  return Object.fromEntries(await Promise.all(entries));
}
