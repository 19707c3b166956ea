import { readFile } from 'node:fs/promises';
import { routeSchemas, type AnswerOf } from '../../api/route-schemas.ts';
import { routes, type RouteName } from '../../api/routes.ts';
import type { Environment } from '../../config/environment.ts';
import { Failure } from '../../domain/failures.ts';
import { readVersion } from '../../config/version.ts';
import { failureOf, notAGateway, notUnderstood, unreachable } from './gateway-failures.ts';

export interface Call {
  params?: Record<string, string>;
  /** What is undefined is left out. */
  query?: Record<string, string | number | undefined>;
  body?: object;
}

/**
 * Asks a gateway. Failures: those that the gateway reports; GatewayUnreachable; InvalidArgument when what answers is no
 * gateway, or one of another version.
 */
export type Gateway = <R extends RouteName>(name: R, call?: Call) => Promise<AnswerOf<R>>;

/** Preflight may take two minutes when it needs a scratch server. */
const answerWithinMs = 180_000;

/** Failures: InvalidArgument for an address that is none, or a token's file that cannot be read. */
export async function openGateway({ gatewayUrl = '', variables }: Environment): Promise<Gateway> {
  const base = baseOf(gatewayUrl);
  const token = await readToken(variables);
  const headers = {
    accept: 'application/json',
    'user-agent': `rekindle/${await readVersion()}`,
    // No page of another site can send it: what a gateway without access control asks for.
    'x-rekindle-request': '1',
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
  return async (name, { params = {}, query = {}, body } = {}) => {
    const { method, path } = routes[name];
    const url = new URL(base + path.replace(/\{(\w+)\}/g, (_, one: string) => encodeURIComponent(params[one] ?? '')));
    for (const [field, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(field, String(value));
    const answer = await fetch(url, {
      method,
      redirect: 'manual',
      headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(answerWithinMs),
    }).catch((error: unknown) => {
      throw unreachable(base, error);
    });
    const document: unknown = await answer.json().catch(() => undefined);
    if (answer.status !== 200) throw failureOf(base, { status: answer.status, document, asked: `${method} ${path}` });
    if (document === undefined) throw notAGateway(base, `${method} ${path}`, answer.status);
    const { success, error } = routeSchemas[name].answer.safeParse(document);
    if (!success) throw notUnderstood(base, `${method} ${path}`, error);
    // As it came: a gateway of a later version may say more.
    return document as AnswerOf<typeof name>;
  };
}

function baseOf(url: string): string {
  const { protocol, username, password } = URL.canParse(url) ? new URL(url) : {};
  if ((protocol === 'http:' || protocol === 'https:') && !username && !password) return url.replace(/\/+$/, '');
  throw new Failure('InvalidArgument', {
    message:
      username || password
        ? "The gateway's address contains a name or a password"
        : `"${url}" is not the address of a gateway`,
    remedy:
      'Give one such as https://rekindle.example.org with --gateway or REKINDLE_GATEWAY_URL, and a token with REKINDLE_TOKEN or REKINDLE_TOKEN_FILE',
  });
}

async function readToken(variables: NodeJS.ProcessEnv): Promise<string | undefined> {
  const { REKINDLE_TOKEN: token, REKINDLE_TOKEN_FILE: file } = variables;
  if (token !== undefined && token !== '') return token.trim();
  if (file === undefined || file === '') return undefined;
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new Failure('InvalidArgument', {
      message: `The token's file ${file} cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}`,
      remedy: 'Correct REKINDLE_TOKEN_FILE, or give yourself access to the file',
    });
  });
  return text.trim();
}
