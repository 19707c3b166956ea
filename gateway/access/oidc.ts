import * as openid from 'openid-client';
import type { OidcSettings } from '../../config/gateway-file.ts';
import { resolveSecret } from '../../config/secrets.ts';
import type { Caller } from '../../domain/access.ts';
import { Failure } from '../../domain/failures.ts';
import { roleOf } from './role-of.ts';

/** A log-in under way: its parts must come back, or be presented, to the same browser. */
export interface LogIn {
  /** Where the browser goes. */
  address: string;
  state: string;
  nonce: string;
  verifier: string;
}

export interface Oidc {
  begin(): Promise<LogIn>;
  /** `query`: of the address under which the browser came back. Failures: NotLoggedIn; NotAllowed, without a role. */
  finish(logIn: LogIn, query: string): Promise<Caller>;
}

export const callbackPath = '/login/oidc/callback';

/** Authorization code flow with PKCE, state and nonce. The provider is asked for its addresses at the first log-in. */
export function openOidc(
  settings: OidcSettings,
  { url, variables }: { url: string; variables: NodeJS.ProcessEnv },
): Oidc {
  const redirectUri = new URL(callbackPath, url).href;
  let found: Promise<openid.Configuration> | undefined;

  function provider(): Promise<openid.Configuration> {
    found ??= discover(settings, variables).catch((error: unknown) => {
      // It may answer next time.
      found = undefined;
      throw error;
    });
    return found;
  }

  return {
    async begin() {
      const config = await provider();
      const state = openid.randomState();
      const nonce = openid.randomNonce();
      const verifier = openid.randomPKCECodeVerifier();
      const address = openid.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope: settings.scopes.join(' '),
        code_challenge: await openid.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state,
        nonce,
      });
      return { address: address.href, state, nonce, verifier };
    },
    async finish({ state, nonce, verifier }, query) {
      const config = await provider();
      const claims = await claimsOf(config, new URL(`${redirectUri}${query}`), {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      }).catch((error: unknown) => {
        throw refused(settings.issuer, error);
      });
      return personOf(claims, settings);
    },
  };
}

async function discover(
  { issuer, clientId, clientSecret }: OidcSettings,
  variables: NodeJS.ProcessEnv,
): Promise<openid.Configuration> {
  const secret = await resolveSecret(clientSecret, 'access.oidc.clientSecret', variables);
  // Of this machine itself: the gateway's file allows no other http. The library marks it only to make it stand out.
  // oxlint-disable-next-line typescript/no-deprecated
  const execute = issuer.startsWith('http:') ? [openid.allowInsecureRequests] : [];
  try {
    return await openid.discovery(new URL(issuer), clientId, secret, undefined, { execute, timeout: 10 });
  } catch (error) {
    throw new Failure(
      'NotLoggedIn',
      {
        message: `The OpenID provider ${issuer} does not say how to log in: ${reasonOf(error)}`,
        remedy: `See whether ${issuer}/.well-known/openid-configuration answers, and whether access.oidc.issuer is right; a token still works`,
      },
      { cause: error },
    );
  }
}

type Claims = Record<string, unknown>;

/** Those of the ID token, and of the user information where the provider has more there. */
async function claimsOf(
  config: openid.Configuration,
  address: URL,
  checks: openid.AuthorizationCodeGrantChecks,
): Promise<Claims> {
  const answer = await openid.authorizationCodeGrant(config, address, checks);
  const claims = answer.claims();
  if (claims === undefined) throw new Error('it sent no ID token');
  if (config.serverMetadata().userinfo_endpoint === undefined) return claims;
  const more = await openid.fetchUserInfo(config, answer.access_token, claims.sub);
  return { ...more, ...claims };
}

function personOf(claims: Claims, { issuer, nameClaim, roles }: OidcSettings): Caller {
  const name = claims[nameClaim];
  if (typeof name !== 'string' || name === '')
    throw new Failure('NotAllowed', {
      message: `${issuer} says nothing in the claim "${nameClaim}", which names the person`,
      remedy: "Ask for the scope that brings it (access.oidc.scopes of the gateway's file), or set nameClaim",
    });
  const values = [claims[roles.claim]].flat().filter((value) => typeof value === 'string');
  const role = roleOf(values, roles);
  if (role !== undefined) return { name, role, method: 'oidc' };
  throw new Failure('NotAllowed', {
    message:
      values.length === 0
        ? `${name} has no role here: ${issuer} says nothing in the claim "${roles.claim}"`
        : `${name} has no role here: nothing in the claim "${roles.claim}" gives one`,
    remedy: `Have the provider send the claim "${roles.claim}", or name what it holds in access.oidc.roles of the gateway's file`,
  });
}

function refused(issuer: string, error: unknown): Failure {
  return new Failure(
    'NotLoggedIn',
    {
      message: `The log-in by ${issuer} failed: ${reasonOf(error)}`,
      remedy:
        'Log in again; when that fails as well, compare the client (id, secret, callback address) with what the provider has',
    },
    { cause: error },
  );
}

/** The library's errors say little; what the provider answered stands in them. */
function reasonOf(error: unknown): string {
  if (error instanceof openid.AuthorizationResponseError || error instanceof openid.ResponseBodyError)
    return `it answers "${[error.error, error.error_description].filter(Boolean).join(': ')}"`;
  const { message, cause } = error as Error;
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  return code === undefined ? message : `${message} (${code})`;
}
