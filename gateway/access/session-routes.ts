import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Answer, Session } from '../../api/types.ts';
import { routes } from '../../api/routes.ts';
import type { Caller } from '../../domain/access.ts';
import { Failure } from '../../domain/failures.ts';
import { sessionLimit } from '../../operations/access/sessions.ts';
import { redactWords } from '../../config/redaction.ts';
import type { Incidents } from '../incidents/incidents.ts';
import type { Access } from './access.ts';
import { audited } from './audited.ts';
import { cookieName, limitedLogIns } from './guard.ts';

const { session, logIn, logOut } = routes;

export interface SessionOptions {
  /** Of Rekindle. */
  version: string;
  /** See `Session`. */
  temporalUi: string | undefined;
  incidents: Pick<Incidents, 'warnings'>;
}

export function sessionRoutes(
  server: FastifyInstance,
  access: Access,
  { version, temporalUi, incidents }: SessionOptions,
): void {
  server.get(session.path, { config: { role: session.role } }, async ({ caller }): Promise<Session> => {
    const warnings = caller ? incidents.warnings() : [];
    return {
      logins: await access.logins(),
      version,
      ...(caller && { caller }),
      ...(temporalUi !== undefined && { temporalUi }),
      ...(warnings.length > 0 && { warnings: redactWords(warnings) }),
    };
  });

  server.post<{ Body: unknown }>(
    logIn.path,
    { config: { role: logIn.role, rateLimit: limitedLogIns }, bodyLimit: 1024 },
    async ({ body, cookies }, reply): Promise<Answer> => {
      const { caller, kept } = await auditedLogIn(access, () => access.byToken(tokenIn(body)));
      await endSession(access, cookies);
      await startSession(access, reply, caller, kept.hash);
      return { answer: `Logged in as ${caller.name}, ${caller.role}` };
    },
  );

  server.delete(logOut.path, { config: { role: logOut.role } }, async ({ cookies, caller }, reply): Promise<Answer> => {
    const log = caller && { caller, action: 'log out', subject: caller.name };
    const end = () => endSession(access, cookies);
    await (log && caller.method !== 'none' ? audited(access.audit, log, end) : end());
    reply.clearCookie(cookieName(access), cookieOptions(access));
    return { answer: 'Logged out' };
  });
}

/** Nobody is known yet when a log-in is refused. */
export async function auditedLogIn<T extends { caller: Caller }>(access: Access, logIn: () => Promise<T>): Promise<T> {
  try {
    const done = await logIn();
    const { caller } = done;
    await access.audit.append({ caller, action: 'log in', subject: caller.name, outcome: 'done' });
    return done;
  } catch (error) {
    const nobody: Caller = { name: '', role: 'viewer', method: 'none' };
    if (error instanceof Failure && (error.kind === 'NotLoggedIn' || error.kind === 'NotAllowed'))
      await access.audit.append({
        caller: nobody,
        action: 'log in',
        subject: '',
        outcome: 'refused',
        text: error.message,
      });
    throw error;
  }
}

/** `token`: hash of the one that was logged in with. */
export async function startSession(access: Access, reply: FastifyReply, caller: Caller, token?: string): Promise<void> {
  const secret = await access.sessions.begin(caller, token);
  // The browser keeps it for as long as a session can last; when it ends is up to the gateway.
  const options = { ...cookieOptions(access), maxAge: sessionLimit / 1000 };
  reply.setCookie(cookieName(access), secret, options);
}

const cookieOptions = ({ secure }: Access) => ({ path: '/', httpOnly: true, sameSite: 'strict', secure }) as const;

async function endSession(access: Access, cookies: Record<string, string | undefined>): Promise<void> {
  const secret = cookies[cookieName(access)];
  if (secret !== undefined) await access.sessions.end(secret);
}

function tokenIn(body: unknown): string {
  const { token } = (typeof body === 'object' && body !== null ? body : {}) as { token?: unknown };
  if (typeof token === 'string') return token.trim();
  throw new Failure('InvalidArgument', {
    message: 'The body names no token',
    remedy: 'Send JSON: {"token": "rkd_…"}',
  });
}
