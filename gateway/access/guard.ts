import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { mayAct, type Caller, type Role } from '../../domain/access.ts';
import { Failure } from '../../domain/failures.ts';
import type { Access } from './access.ts';
import { askedBy, tokenOf, type Asked } from './asked.ts';
import { assertOwnPage } from './own-page.ts';

/** Who may use a route; `itself`: it authenticates its callers in its own way. */
export type RouteRole = Role | 'anyone' | 'itself';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Absent: approvers only, so that a route where it was forgotten is closed. */
    role?: RouteRole | ((request: FastifyRequest) => RouteRole);
    /** As the audit log names it. */
    action?: string;
  }
  interface FastifyRequest {
    /** Who asks. Absent only on routes for anyone, and on those that authenticate their callers themselves. */
    caller?: Caller;
  }
}

/** Of one caller; of one address where nobody is logged in. */
const requestsPerMinute = 1200;
const logInsPerMinute = 10;
/** Of one address: tokens that are not valid. Valid ones are never refused for what others sent from the same address. */
const badTokensPerMinute = 30;
/** Of one caller: actions that their role does not allow. Each is an entry of the audit log. */
const refusedActionsPerMinute = 30;
const timeWindow = 60_000;

export const cookieName = ({ secure }: Pick<Access, 'secure'>) => (secure ? '__Host-rekindle' : 'rekindle');

/** For routes where people log in. */
export const limitedLogIns = { max: logInsPerMinute, timeWindow };

/** Who asks, on a route that has a role. */
export function callerOf({ caller }: FastifyRequest): Caller {
  if (caller) return caller;
  throw new Failure('NotLoggedIn', notLoggedIn);
}

const notLoggedIn = {
  message: 'Nobody is logged in',
  remedy:
    'Log in on the page, or send a token: "Authorization: Bearer …"; "rekindle token create" on the gateway\'s machine makes one',
};

/**
 * Every request passes here first: who asks, whether their role suffices, whether a page of another site could have sent
 * it, and how many there were. To be called before any route is registered.
 */
export async function guard(server: FastifyInstance, access: Access): Promise<void> {
  await server.register(cookie);
  await server.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        manifestSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    referrerPolicy: { policy: 'no-referrer' },
    // Only where TLS is: else a browser would never again come to a gateway without it.
    strictTransportSecurity: access.secure,
  });
  await server.register(rateLimit, {
    max: requestsPerMinute,
    timeWindow,
    // Without access control only this machine comes here.
    allowList: ({ caller }) => caller?.method === 'none',
    keyGenerator: ({ caller, ip }) => (caller ? `${caller.method} ${caller.name}` : ip),
    errorResponseBuilder: (_, { after }) => tooMany(after),
  });
  const badTokens = server.createRateLimit({ max: badTokensPerMinute, timeWindow, keyGenerator: ({ ip }) => ip });
  const refusedActions = server.createRateLimit({
    max: refusedActionsPerMinute,
    timeWindow,
    keyGenerator: (request) => callerOf(request).name,
  });

  server.decorateRequest('caller', undefined);
  server.addHook('onRequest', async (request) => {
    if (request.is404) return;
    const role = roleOf(request);
    if (role === 'itself') return;
    const asked = askedBy(request, cookieName(access));
    if (!isSafe(asked) && tokenOf(asked) === undefined) assertOwnPage(asked, access.url);
    try {
      const caller = await access.callerOf(asked);
      if (caller) request.caller = caller;
    } catch (error) {
      if (role === 'anyone') return;
      if (error instanceof Failure && error.kind === 'NotLoggedIn') {
        const limit = await badTokens(request);
        if (!limit.isAllowed && limit.isExceeded) throw tooMany(`${limit.ttlInSeconds} s`);
      }
      throw error;
    }
    if (role === 'anyone') return;
    const caller = callerOf(request);
    if (mayAct(caller.role, role)) return;
    const refusal = notAllowed(caller, role);
    if (!isSafe(asked)) {
      const limit = await refusedActions(request);
      if (!limit.isAllowed && limit.isExceeded) throw tooMany(`${limit.ttlInSeconds} s`);
      await access.audit.append({ ...wanted(request), caller, outcome: 'refused', text: refusal.message });
    }
    throw refusal;
  });
}

function wanted({ method, params, routeOptions: { config, url = '' } }: FastifyRequest) {
  const subject = Object.values(params as Record<string, string>).join(' ');
  return { action: config.action ?? `${method} ${url}`, subject };
}

function roleOf(request: FastifyRequest): RouteRole {
  const { role = 'approver' } = request.routeOptions.config;
  return typeof role === 'function' ? role(request) : role;
}

const isSafe = ({ method }: Asked) => method === 'GET' || method === 'HEAD' || method === 'OPTIONS';

function notAllowed(caller: Caller, wanted: Role): Failure {
  return new Failure('NotAllowed', {
    message: `${caller.name} is ${caller.role}; this is for the role ${wanted}`,
    remedy: `Ask someone with that role, or have them give it to you (docs/access.md)`,
  });
}

function tooMany(after: string): Failure {
  return new Failure('TooManyRequests', {
    message: 'Too many requests within a minute',
    remedy: `Try again in ${after}`,
  });
}
