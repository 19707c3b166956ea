import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export const clientSecret = 'the secret of the client';

/** A small OpenID provider over real HTTP: everybody who comes to it is the person in `claims`. */
export interface Provider {
  issuer: string;
  /** What the ID token says; `change` takes it as it would be. */
  claims: Record<string, unknown>;
  userinfo: Record<string, unknown>;
  change: (idToken: Record<string, unknown>) => Record<string, unknown>;
  /** Of the header of the ID token, and with which key it is signed. */
  forge: boolean;
  close(): Promise<void>;
}

const json = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Of all providers of a process: making one takes a tenth of a second. */
const [keys, others] = [
  generateKeyPairSync('rsa', { modulusLength: 2048 }),
  generateKeyPairSync('rsa', { modulusLength: 2048 }),
];

export async function startProvider(): Promise<Provider> {
  const codes = new Map<string, URLSearchParams>();
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider: Provider = {
    issuer,
    claims: { sub: '7', preferred_username: 'alice', groups: ['oncall'] },
    userinfo: { sub: '7' },
    change: (idToken) => idToken,
    forge: false,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };

  function idToken(asked: URLSearchParams): string {
    const now = Math.floor(Date.now() / 1000);
    const claims = provider.change({
      iss: issuer,
      aud: asked.get('client_id'),
      iat: now,
      exp: now + 60,
      nonce: asked.get('nonce'),
      ...provider.claims,
    });
    const text = `${json({ alg: 'RS256', kid: 'one' })}.${json(claims)}`;
    return `${text}.${sign('sha256', Buffer.from(text), (provider.forge ? others : keys).privateKey).toString('base64url')}`;
  }

  async function token(request: IncomingMessage): Promise<object | undefined> {
    const sent = new URLSearchParams(await text(request));
    const asked = codes.get(sent.get('code') ?? '');
    codes.delete(sent.get('code') ?? '');
    const challenge = createHash('sha256')
      .update(sent.get('code_verifier') ?? '')
      .digest('base64url');
    if (asked?.get('code_challenge') !== challenge || sent.get('client_secret') !== clientSecret) return undefined;
    return { access_token: 'of the person', token_type: 'bearer', id_token: idToken(asked) };
  }

  const documents: Record<string, (request: IncomingMessage) => object | undefined | Promise<object | undefined>> = {
    '/.well-known/openid-configuration': () => ({
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      userinfo_endpoint: `${issuer}/userinfo`,
      jwks_uri: `${issuer}/keys`,
      response_types_supported: ['code'],
      id_token_signing_alg_values_supported: ['RS256'],
    }),
    '/keys': () => ({ keys: [{ ...keys.publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256' }] }),
    '/userinfo': () => provider.userinfo,
    '/token': token,
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '', issuer);
    const document = documents[pathname];
    if (document) {
      const found = await document(request);
      response.writeHead(found ? 200 : 400, { 'content-type': 'application/json' });
      response.end(JSON.stringify(found ?? { error: 'invalid_grant' }));
      return;
    }
    const code = randomUUID();
    codes.set(code, searchParams);
    const back = new URL(searchParams.get('redirect_uri') ?? '');
    back.search = new URLSearchParams({ code, state: searchParams.get('state') ?? '' }).toString();
    response.writeHead(302, { location: back.href }).end();
  }

  return provider;
}
