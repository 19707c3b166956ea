import { createHash, createHmac } from 'node:crypto';
import { createServer, request as forward, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { AtEnd } from './at-end.ts';

export interface SigningProxy {
  url: string;
  /** What was let through and what was refused, as `<status or "passed"> <method> <path>`. */
  seen: string[];
}

export interface SignedBy {
  accessKey: string;
  secretKey: string;
  sessionToken?: string;
  region: string;
  service: string;
}

const minutes = 60_000;
const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
const strict = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

/**
 * Stands before an Elasticsearch as Amazon's service does: lets through what is signed rightly, and refuses the rest in
 * Amazon's words. It computes signatures as AWS documents them, on its own. `clockAheadMs`: how far its clock is ahead.
 */
export async function signingProxy(
  upstream: URL,
  by: SignedBy,
  atEnd: AtEnd,
  { clockAheadMs = 0 }: { clockAheadMs?: number } = {},
): Promise<SigningProxy> {
  const seen: string[] = [];
  const server = createServer((asked, response) => {
    void buffer(asked).then((body) => {
      const what = `${asked.method} ${asked.url}`;
      const refusal = refusalOf(asked, body, by, Date.now() + clockAheadMs);
      if (refusal !== undefined) {
        seen.push(`403 ${what}`);
        const headers = {
          'content-type': 'application/json',
          date: new Date(Date.now() + clockAheadMs).toUTCString(),
          'x-elastic-product': 'Elasticsearch',
        };
        return response.writeHead(403, headers).end(JSON.stringify({ message: refusal }));
      }
      seen.push(`passed ${what}`);
      const headers = Object.fromEntries(
        Object.entries(asked.headers).filter(([name]) => name !== 'authorization' && name !== 'host'),
      );
      const on = forward(
        { hostname: upstream.hostname, port: upstream.port, path: asked.url, method: asked.method, headers },
        (answer) => {
          response.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(response);
        },
      );
      on.on('error', () => response.writeHead(502).end());
      return on.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

function refusalOf(asked: IncomingMessage, body: Buffer, by: SignedBy, now: number): string | undefined {
  const { headers, url = '/', method = '' } = asked;
  const form =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/;
  const [, key, day = '', region = '', service = '', names = '', signature] =
    form.exec(headers.authorization ?? '') ?? [];
  if (key === undefined) return 'Missing Authentication Token';
  if (key !== by.accessKey || headers['x-amz-security-token'] !== by.sessionToken)
    return 'The security token included in the request is invalid.';
  if (region !== by.region || service !== by.service)
    return 'Credential should be scoped to a valid region and service.';
  const stamp = String(headers['x-amz-date']);
  const signedAt = Date.parse(stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (signedAt < now - 5 * minutes) return `Signature expired: ${stamp} is now earlier than the server's time - 5 min.`;
  if (signedAt > now + 5 * minutes)
    return `Signature not yet current: ${stamp} is still later than the server's time + 5 min.`;
  if (!names.split(';').includes('host') || headers['x-amz-content-sha256'] !== sha256(body)) return mismatch;
  const [path = '', query = ''] = url.split('?');
  const canonical = [
    method,
    path.split('/').map(strict).join('/'),
    canonicalQuery(query),
    ...names.split(';').map((name) => `${name}:${String(headers[name]).trim()}`),
    '',
    names,
    sha256(body),
  ].join('\n');
  const scope = `${day}/${region}/${service}/aws4_request`;
  const toSign = `AWS4-HMAC-SHA256\n${stamp}\n${scope}\n${sha256(canonical)}`;
  const signingKey = [region, service, 'aws4_request'].reduce(hmac, hmac(`AWS4${by.secretKey}`, day));
  return hmac(signingKey, toSign).toString('hex') === signature ? undefined : mismatch;
}

const mismatch =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.';

function canonicalQuery(query: string): string {
  if (query === '') return '';
  return query
    .split('&')
    .map((pair) => {
      const [name = '', value = ''] = pair.split('=');
      return `${strict(decodeURIComponent(name))}=${strict(decodeURIComponent(value))}`;
    })
    .sort()
    .join('&');
}
