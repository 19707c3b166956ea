import type { RouteName } from '../../api/routes.ts';
import { routes } from '../../api/routes.ts';
import type { Refusal } from '../../api/types.ts';
import { heard, notHeard } from './connection.ts';
import { pathOf, type Parameters } from './path.ts';

/** Why the gateway did not do what it was asked for. */
export class Refused extends Error {
  readonly status: number;
  readonly kind: string;
  readonly remedy: string;

  constructor(status: number, { kind, message, remedy }: Refusal['failure']) {
    super(message);
    this.status = status;
    this.kind = kind;
    this.remedy = remedy;
  }
}

const logOuts = new Set<() => void>();

/** Calls back when the gateway says that nobody is logged in any more. */
export function onLogOut(listener: () => void): () => void {
  logOuts.add(listener);
  return () => logOuts.delete(listener);
}

const timeLimit = 15_000;
/** Preflight reads repositories and asks engines. */
const longTimeLimit = 180_000;

/** Failure: Refused; with status 0 when nobody answers. `T` is the route's document, as api/types.ts has it. */
export async function ask<T>(route: RouteName, parameters: Parameters = {}, body?: object): Promise<T> {
  const { method } = routes[route];
  const sends = method !== 'GET';
  const response = await fetch(pathOf(route, parameters), {
    method,
    cache: 'no-store',
    credentials: 'same-origin',
    signal: AbortSignal.timeout(route === 'check' ? longTimeLimit : timeLimit),
    headers: {
      accept: 'application/json',
      ...(sends && { 'x-rekindle-request': '1' }),
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  }).catch((error: unknown) => {
    const why = error instanceof Error && error.name === 'TimeoutError' ? 'it took too long' : 'the connection failed';
    if (route !== 'check') notHeard();
    throw new Refused(0, {
      kind: 'GatewayUnreachable',
      message: `The gateway does not answer: ${why}`,
      remedy: 'Check that "rekindle gateway" runs, and that this device reaches it',
    });
  });
  const document: unknown = await response.json().catch(() => undefined);
  heard(response.headers.get('date'));
  if (response.status === 401 && route !== 'logIn') for (const listener of logOuts) listener();
  if (response.ok && document !== undefined) return document as T;
  throw new Refused(response.status, failureIn(document, response.status));
}

/** A proxy in between answers with pages of its own. */
function failureIn(document: unknown, status: number): Refusal['failure'] {
  const { failure } = (typeof document === 'object' && document !== null ? document : {}) as Partial<Refusal>;
  return (
    failure ?? {
      kind: 'GatewayUnreachable',
      message: `The answer has the status ${status} and is none of the gateway's`,
      remedy: 'Check what stands between this browser and the gateway',
    }
  );
}
