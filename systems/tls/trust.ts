import { readFile } from 'node:fs/promises';
import type { ConnectionOptions } from 'node:tls';
import { Failure } from '../../domain/failures.ts';
import type { TlsSettings } from '../../domain/authentication.ts';
import { certificateRefused, describeChain } from './certificate-failures.ts';
import { presentedChain } from './presented-chain.ts';

/** The part of Node's options for TLS that says whom to trust and what to show. */
export type TrustOptions = Pick<
  ConnectionOptions,
  'ca' | 'cert' | 'key' | 'passphrase' | 'servername' | 'allowPartialTrustChain'
>;

export interface TlsSecrets {
  key?: string;
  passphrase?: string;
}

/**
 * Node's options for one server. A fingerprint is resolved by asking the server for its certificates: the one that has
 * it becomes the only authority, so that every later connection is verified in the ordinary way, signature and name
 * included. `file`: where the settings stand, for messages. Failures: InvalidArgument for a file that cannot be read,
 * CertificateRefused when no certificate of the server has the fingerprint. A server that does not answer is left to the
 * request that follows.
 */
export async function trustOptions(
  server: { host: string; port: number },
  settings: TlsSettings,
  secrets: TlsSecrets = {},
  file = 'the platform file',
): Promise<TrustOptions> {
  const { ca, fingerprint, serverName, certificate } = settings;
  return {
    ...(ca !== undefined && { ca: await readPem(ca, 'tls.ca', file) }),
    ...(fingerprint !== undefined && { ca: await pinned(server, fingerprint, serverName, file) }),
    ...(fingerprint !== undefined && { allowPartialTrustChain: true }),
    ...(certificate !== undefined && { cert: await readPem(certificate, 'tls.certificate', file), ...secrets }),
    ...(serverName !== undefined && { servername: serverName }),
  };
}

/** Failure: InvalidArgument, naming the key of `file` and the path. */
async function readPem(path: string, key: string, file: string): Promise<string> {
  const remedy = `Correct "${key}" in ${file}: a PEM file that the user running Rekindle can read`;
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    const { code = 'unknown reason' } = error as NodeJS.ErrnoException;
    throw new Failure('InvalidArgument', { message: `The file ${path} of "${key}" cannot be read: ${code}`, remedy });
  });
  if (/-----BEGIN (TRUSTED )?CERTIFICATE-----/.test(text)) return text;
  throw new Failure('InvalidArgument', { message: `The file ${path} of "${key}" holds no certificate in PEM`, remedy });
}

async function pinned(
  { host, port }: { host: string; port: number },
  fingerprint: string,
  serverName: string | undefined,
  file: string,
): Promise<string[]> {
  const chain = await presentedChain({ host, port, serverName });
  if (chain === undefined) return [];
  const wanted = fingerprint.replaceAll(':', '').toUpperCase();
  const found = chain.find((each) => each.fingerprint256.replaceAll(':', '') === wanted);
  if (found !== undefined) return [found.toString()];
  throw certificateRefused({
    server: `${host}:${port}`,
    why: `none of its certificates has the fingerprint of ${file}; it sends ${describeChain(chain)}`,
    remedy:
      'Compare with the fingerprint on the server itself; if the certificate was renewed on purpose, put the new one into "tls.fingerprint"',
  });
}
