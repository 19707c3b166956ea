import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Where the build put it: `dist/page`, beside the compiled gateway. */
const built = fileURLToPath(new URL('../../page', import.meta.url));

/** The web page; it holds nothing that is secret, so that whoever is to log in can read it. */
export interface WebPage {
  /** Whether this is a person's browser, and there is a page to show. Programs that ask at the same address want JSON. */
  wanted: (request: FastifyRequest) => boolean;
  send: (reply: FastifyReply) => FastifyReply;
}

/** `folder`: of the built page. Without one (it was not built) nothing is served but what programs get. */
export async function webPage(server: FastifyInstance, folder = built): Promise<WebPage> {
  const files = new Set(existsSync(folder) ? readdirSync(folder) : []);
  const isBuilt = files.has('index.html');
  if (isBuilt) {
    await server.register(fastifyStatic, { root: folder, serve: false, preCompressed: true, cacheControl: false });
    server.get<{ Params: { file: string } }>(
      '/page/:file',
      { config: { role: 'anyone', rateLimit: false } },
      ({ params: { file } }, reply) => {
        // Their names change with their content; a missing one belongs to an older page that is still open.
        if (!files.has(file)) {
          reply.callNotFound();
          return reply;
        }
        return reply
          .header('cache-control', 'public, max-age=31536000, immutable')
          .header('vary', 'accept-encoding')
          .sendFile(file);
      },
    );
  }
  return {
    wanted: ({ headers }) => isBuilt && (headers.accept ?? '').includes('text/html'),
    send: (reply) =>
      reply.header('cache-control', 'no-store').header('vary', 'accept, accept-encoding').sendFile('index.html'),
  };
}
