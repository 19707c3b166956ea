import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import type { AwsKeys } from './credentials.ts';

export interface UnsignedRequest {
  method: string;
  url: URL;
  body?: string | Buffer;
}

/** Gives the headers that carry the signature. */
export type Signer = (request: UnsignedRequest) => Promise<Record<string, string>>;

/** Signature Version 4 by AWS's own signer. `service`: `es`, or `aoss` for OpenSearch Serverless. */
export function awsSigner({ keys, region, service }: { keys: AwsKeys; region: string; service: string }): Signer {
  const signer = new SignatureV4({ credentials: keys, region, service, sha256: Sha256 });
  return async ({ method, url, body }) => {
    const digest = new Sha256();
    digest.update(body ?? '');
    const signed = await signer.sign({
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      query: queryOf(url),
      headers: { host: url.host, 'x-amz-content-sha256': Buffer.from(await digest.digest()).toString('hex') },
      body,
    });
    return signed.headers;
  };
}

/** The signer encodes each value itself. */
function queryOf({ searchParams }: URL): Record<string, string | string[]> {
  return Object.fromEntries(
    [...new Set(searchParams.keys())].map((name) => {
      const values = searchParams.getAll(name);
      return [name, values.length === 1 ? (values[0] ?? '') : values];
    }),
  );
}
