import type { FastifyRequest } from 'fastify';
import { tokenPrefix } from '../../config/redaction.ts';

/** What tells who asks, and from where. */
export interface Asked {
  method: string;
  /** Each with all its values, as it was sent: a header that stands twice must not be taken for one. */
  headers: NodeJS.Dict<string[]>;
  /** The other end of the connection, never what a header says. */
  address: string;
  /** The session cookie's value. */
  session: string | undefined;
}

export function askedBy(request: FastifyRequest, cookieName: string): Asked {
  return {
    method: request.method,
    headers: request.raw.headersDistinct,
    address: request.socket.remoteAddress ?? '',
    session: request.cookies[cookieName],
  };
}

/** The header's value; undefined when it is absent or stands several times. */
export function only(asked: Asked, header: string): string | undefined {
  const values = asked.headers[header] ?? [];
  return values.length === 1 ? values[0] : undefined;
}

/**
 * The token of ours in the header `Authorization`. What else may stand there is of a proxy that logs people in, and passes on
 * their password or its own token.
 */
export function tokenOf(asked: Asked): string | undefined {
  const [, token] = /^Bearer +(\S+)$/i.exec(only(asked, 'authorization') ?? '') ?? [];
  return token?.startsWith(tokenPrefix) ? token : undefined;
}
