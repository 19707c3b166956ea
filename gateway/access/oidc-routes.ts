import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Failure } from '../../domain/failures.ts';
import type { Access } from './access.ts';
import { limitedLogIns } from './guard.ts';
import { callbackPath, type LogIn, type Oidc } from './oidc.ts';
import { refusalPage } from './refusal-page.ts';
import { auditedLogIn, startSession } from './session-routes.ts';

/** Seconds that a person has for the provider's page. */
const logInSeconds = 600;
const mostLogIns = 1000;

/** `/login/oidc` and the address under which browsers come back. */
export function oidcRoutes(server: FastifyInstance, access: Access, oidc: Oidc): void {
  const name = access.secure ? '__Host-rekindle-login' : 'rekindle-login';
  const options = { path: '/', httpOnly: true, sameSite: 'lax', secure: access.secure } as const;
  const config = { role: 'anyone', rateLimit: limitedLogIns } as const;
  const onRefusal = (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    void refusalPage(error, request, reply);
  };
  const underWay = openLogIns();

  server.get('/login/oidc', { config, errorHandler: onRefusal }, async (_, reply) => {
    const logIn = await oidc.begin();
    // Lax, as the browser comes back from another site; it is of no use without what that site brings.
    reply.setCookie(name, underWay.keep(logIn), { ...options, maxAge: logInSeconds });
    return reply.redirect(logIn.address);
  });

  server.get(callbackPath, { config, errorHandler: onRefusal }, async (request, reply) => {
    const logIn = underWay.take(request.cookies[name] ?? '');
    reply.clearCookie(name, options);
    const { caller } = await auditedLogIn(access, async () => {
      if (logIn) return { caller: await oidc.finish(logIn, new URL(request.url, access.url).search) };
      throw new Failure('NotLoggedIn', {
        message: 'This browser did not begin a log-in within the last ten minutes',
        remedy: 'Log in again from the page',
      });
    });
    await startSession(access, reply, caller);
    return reply.redirect('/');
  });
}

/** Those under way, each for the browser that has its key; the oldest go first. */
function openLogIns(now: () => number = Date.now) {
  const kept = new Map<string, { logIn: LogIn; until: number }>();
  return {
    keep(logIn: LogIn): string {
      const key = randomBytes(32).toString('base64url');
      kept.set(key, { logIn, until: now() + logInSeconds * 1000 });
      for (const oldest of kept.keys()) {
        if (kept.size <= mostLogIns) break;
        kept.delete(oldest);
      }
      return key;
    },
    /** Once. */
    take(key: string): LogIn | undefined {
      const found = kept.get(key);
      kept.delete(key);
      return found && found.until > now() ? found.logIn : undefined;
    },
  };
}
