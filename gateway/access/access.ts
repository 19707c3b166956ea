import type { AccessSettings, GatewayFile } from '../../config/gateway-file.ts';
import type { Session } from '../../api/types.ts';
import type { Caller } from '../../domain/access.ts';
import { Failure } from '../../domain/failures.ts';
import type { Sealer } from '../../domain/seal.ts';
import { openAuditLog, type AuditLog } from '../../operations/access/audit.ts';
import { openSealer } from '../../operations/access/seal.ts';
import { openSessions, type Sessions } from '../../operations/access/sessions.ts';
import { openTokens, type KeptToken } from '../../operations/access/tokens.ts';
import { tokenOf, type Asked } from './asked.ts';
import { openOidc, type Oidc } from './oidc.ts';
import { assertOwnHost } from './own-page.ts';
import { namedByProxy } from './proxy.ts';

/** Who may do what through this gateway, and the record of it. */
export interface Access {
  /** Where people reach the page. */
  url: string | undefined;
  settings: Pick<AccessSettings, 'monitoring' | 'trustedProxy'>;
  /** Whether cookies may travel by TLS only. */
  secure: boolean;
  /** How people log in; empty: access control is off. */
  logins(): Promise<Session['logins']>;
  /**
   * Who asks; undefined: nobody says who they are. Failures: NotLoggedIn when what they present is not valid, NotAllowed
   * when the request is for a host that is not ours.
   */
  callerOf(asked: Asked): Promise<Caller | undefined>;
  /** The token's caller. Failure: NotLoggedIn. */
  byToken(secret: string): Promise<{ caller: Caller; kept: KeptToken }>;
  sessions: Sessions;
  oidc: Oidc | undefined;
  audit: AuditLog;
  /**
   * Signs what a caller says to a run. Never for one of the method `none`: then the name is what somebody typed, and nobody
   * vouches for it.
   */
  seal: Sealer;
}

export interface AccessOptions {
  file: GatewayFile;
  stateFolder: string;
  /** Whether only this machine reaches the gateway. */
  loopback: boolean;
  variables: NodeJS.ProcessEnv;
  now?: () => number;
}

/** Failure: InvalidArgument when the state folder cannot be used. */
export async function openAccess({ file, stateFolder, loopback, variables, now }: AccessOptions): Promise<Access> {
  const { url, tls } = file;
  const settings: Partial<AccessSettings> = file.access ?? {};
  const { trustedProxy } = settings;
  const tokens = openTokens(stateFolder, now);
  const sessions = await openSessions(stateFolder, tokens, now);

  /** With a section `access`, or since a token was made. */
  const takesTokens = async () => settings.tokens ?? (file.access !== undefined || (await tokens.exist()));

  async function logins(): Promise<Session['logins']> {
    return [
      ...((await takesTokens()) ? (['token'] as const) : []),
      ...(settings.oidc ? (['oidc'] as const) : []),
      ...(trustedProxy ? (['proxy'] as const) : []),
    ];
  }

  async function byToken(secret: string) {
    const kept = (await takesTokens()) ? await tokens.find(secret) : undefined;
    if (kept) return { caller: callerBy(kept), kept };
    throw new Failure('NotLoggedIn', {
      message: 'The token is unknown, expired or revoked',
      remedy: 'Make one on the gateway\'s machine: rekindle token create --name "$USER" --role viewer',
    });
  }

  return {
    url,
    settings: { monitoring: settings.monitoring ?? 'open', trustedProxy },
    secure: tls !== undefined || (url?.startsWith('https:') ?? false),
    logins,
    byToken,
    sessions,
    oidc: settings.oidc && url !== undefined ? openOidc(settings.oidc, { url, variables }) : undefined,
    audit: openAuditLog(stateFolder, now),
    seal: await openSealer(stateFolder, now),
    async callerOf(asked) {
      const token = tokenOf(asked);
      if (token !== undefined) return (await byToken(token)).caller;
      const named = trustedProxy && namedByProxy(asked, trustedProxy);
      if (named) return named;
      if (loopback && (await logins()).length === 0) {
        assertOwnHost(asked);
        return { name: '', role: 'approver', method: 'none' };
      }
      if (asked.session === undefined) return undefined;
      assertOwnHost(asked, url);
      return sessions.find(asked.session);
    },
  };
}

const callerBy = ({ name, role }: KeptToken): Caller => ({ name, role, method: 'token' });
