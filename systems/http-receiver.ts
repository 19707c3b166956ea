import { withDeadline } from './deadline.ts';

/** What is sent to a server that is not ours. */
export interface Message {
  method: 'GET' | 'POST';
  url: string;
  headers?: Record<string, string>;
  body?: string;
}

/** How it was taken. `why` names neither the address nor anything else that may be a secret. */
export type Receipt = { taken: true } | { taken: false; why: string; again: boolean };

const answerWithinMs = 10_000;
const mostRedirects = 3;
/** The server asks for patience; every other 4xx says that the message itself is not wanted. */
const patience: ReadonlySet<number> = new Set([408, 429]);

/**
 * Sends a message once; an answer of 2xx is its receipt. A redirect is followed on the same origin only and with the same
 * method: headers and address are secrets of the one server that was named. Throws only when `signal` aborts.
 */
export async function send(message: Message, signal: AbortSignal): Promise<Receipt> {
  let url = httpUrl(message.url);
  if (url === undefined) return { taken: false, why: 'its address is no http or https URL', again: false };
  for (let redirects = 0; ; redirects++) {
    const answer = await ask(message, url, signal);
    if (!('status' in answer)) return answer;
    const { status, location } = answer;
    if (status >= 200 && status < 300) return { taken: true };
    const why = `it answered ${status}`;
    if (status >= 500 || patience.has(status)) return { taken: false, why, again: true };
    if (status < 300 || status >= 400 || location === null) return { taken: false, why, again: false };
    const next = httpUrl(location, url);
    if (next?.origin !== url.origin)
      return {
        taken: false,
        why: `${why} and points elsewhere${next ? `, to ${next.host}` : ''}: give that address`,
        again: false,
      };
    // These make a GET of a POST, and the document would be lost on the way.
    if (message.method === 'POST' && status !== 307 && status !== 308)
      return { taken: false, why: `${why}, a redirect that drops the document: give the final address`, again: false };
    if (redirects === mostRedirects) return { taken: false, why: 'it redirects too often', again: false };
    url = next;
  }
}

/** The host that a message goes to, for people: of a URL the only part that is never a secret. */
export function hostOf(url: string): string {
  return httpUrl(url)?.host ?? 'no URL';
}

function httpUrl(text: string, base?: URL): URL | undefined {
  const url = URL.canParse(text, base?.href) ? new URL(text, base) : undefined;
  return url?.protocol === 'http:' || url?.protocol === 'https:' ? url : undefined;
}

async function ask(
  { method, headers, body }: Message,
  url: URL,
  signal: AbortSignal,
): Promise<{ status: number; location: string | null } | Extract<Receipt, { taken: false }>> {
  try {
    const { credentials, address } = withoutCredentials(url);
    const request = { method, headers: { ...credentials, ...headers }, body, redirect: 'manual' } as const;
    return await withDeadline(answerWithinMs, signal, async (limited) => {
      const response = await fetch(address, { ...request, signal: limited });
      await response.body?.cancel();
      return { status: response.status, location: response.headers.get('location') };
    });
  } catch (error) {
    signal.throwIfAborted();
    return notAnswered(error);
  }
}

/** fetch refuses a URL with a user and password in it. */
function withoutCredentials(url: URL): { credentials: Record<string, string>; address: URL } {
  if (url.username === '' && url.password === '') return { credentials: {}, address: url };
  const address = new URL(url);
  [address.username, address.password] = ['', ''];
  const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return { credentials: { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }, address };
}

/** Of a foreign error only its code: messages quote addresses and headers. */
function notAnswered(error: unknown): Extract<Receipt, { taken: false }> {
  const { name, cause } = error as { name?: string; cause?: { code?: unknown } };
  if (name === 'TimeoutError') return { taken: false, why: `no answer within ${answerWithinMs / 1000} s`, again: true };
  const code = typeof cause?.code === 'string' ? cause.code : undefined;
  if (code !== undefined) return { taken: false, why: `it cannot be reached (${code})`, again: true };
  // No socket was involved: fetch refused what it was given, a header with a line break for instance.
  const ours = error instanceof TypeError && cause === undefined;
  return ours
    ? { taken: false, why: 'its address or headers cannot be sent', again: false }
    : { taken: false, why: 'it cannot be reached', again: true };
}
