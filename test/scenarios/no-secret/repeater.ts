import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PlatformFile } from '../faults-tools/variants.ts';

// The ways to authenticate that hold a secret, each before a server that repeats what it was told.

const random = (name: string) => `${name}/${randomBytes(12).toString('hex')}+`;

/** Secrets by name; each variant refers to them by files. */
export const tokens = {
  'API key': `${randomBytes(9).toString('hex')}:${randomBytes(12).toString('hex')}`,
  'bearer token': random('bearer'),
  'AWS secret key': random('secret-key'),
  'AWS session token': random('session'),
};
export type TokenFiles = Record<keyof typeof tokens, string>;

/** Refuses everybody, and says with which headers: so do some servers and proxies. */
export async function startRepeater(): Promise<{ url: string; stop: () => void }> {
  const server = createServer(({ headers }, response) => {
    const said = ['authorization', 'x-amz-security-token'].map((name) => headers[name] ?? '').join(' ');
    const error = { type: 'security_exception', reason: `nobody is known who says "${said}"` };
    response.writeHead(401, { 'content-type': 'application/json', 'x-elastic-product': 'Elasticsearch' });
    response.end(JSON.stringify({ error: { ...error, root_cause: [error] }, status: 401 }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** By what it is called: a change of the platform file. */
export function authentications(url: string, files: TokenFiles): Record<string, (file: PlatformFile) => void> {
  const keys = {
    kind: 'keys',
    accessKey: { file: files['API key'] },
    secretKey: { file: files['AWS secret key'] },
    sessionToken: { file: files['AWS session token'] },
  };
  const store = (auth: object) => (file: PlatformFile) => {
    Object.assign(file.stores[0]!, { nodes: [url], auth });
  };
  return {
    apiKey: store({ kind: 'apiKey', apiKey: { file: files['API key'] } }),
    bearer: store({ kind: 'bearer', token: { file: files['bearer token'] } }),
    aws: store({ kind: 'aws', region: 'eu-west-1', credentials: keys }),
    catalogue: (file) => {
      delete file.catalogue['accessKey'];
      delete file.catalogue['secretKey'];
      file.catalogue['credentials'] = keys;
    },
  };
}
