import type { FastifyReply, FastifyRequest } from 'fastify';
import { redact } from '../../config/redaction.ts';
import { troubleOf } from '../../domain/status/status.ts';
import { httpStatus } from '../http-status.ts';

/** Of routes that browsers come to by themselves: a page for people, and for programs what the server answers. */
export function refusalPage(error: unknown, { headers }: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (!(headers.accept ?? '').includes('text/html')) throw error;
  const { message, remedy } = troubleOf(error);
  const page = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Rekindle: not logged in</title></head>
<body><h1>Not logged in</h1><p>${escaped(message)}</p><p>${escaped(remedy)}</p><p><a href="/">To the page</a></p></body>
</html>
`;
  return reply.code(httpStatus(error)).header('cache-control', 'no-store').type('text/html').send(page);
}

function escaped(text: string): string {
  return redact(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
