import type { X509Certificate } from 'node:crypto';
import { Failure } from '../../domain/failures.ts';
import { presentedChain } from './presented-chain.ts';

type Fault = 'authority' | 'name' | 'expired' | 'not yet valid' | 'ours' | 'no TLS' | 'other';

/** By Node's code or OpenSSL's words, since clients keep the words alone. The first that matches wins. */
const faults: readonly [Fault, RegExp][] = [
  ['ours', /alert (certificate required|bad certificate|unknown ca|access denied|certificate unknown)/i],
  [
    'authority',
    /UNABLE_TO_VERIFY_LEAF|UNABLE_TO_GET_ISSUER|SELF_SIGNED_CERT|CERT_SIGNATURE_FAILURE|CERT_UNTRUSTED|unable to verify the first certificate|unable to get (local )?issuer certificate|self[- ]signed certificate|certificate signature failure/,
  ],
  ['name', /ERR_TLS_CERT_ALTNAME_INVALID|does not match certificate's altnames/],
  ['expired', /CERT_HAS_EXPIRED|certificate has expired/],
  ['not yet valid', /CERT_NOT_YET_VALID|certificate is not yet valid/],
  ['no TLS', /wrong version number|packet length too long|ERR_SSL_WRONG_VERSION_NUMBER/i],
  ['other', /\bCERT_[A-Z_]+|ERR_TLS_|ERR_SSL_|EPROTO|SSL routines/],
];

export function certificateRefused({ server, why, remedy }: { server: string; why: string; remedy: string }): Failure {
  return new Failure('CertificateRefused', { message: `The certificate of ${server} is refused: ${why}`, remedy });
}

/** For people: each certificate's name and fingerprint, the server's own first. */
export function describeChain(chain: readonly X509Certificate[]): string {
  return chain
    .map(({ subject, fingerprint256 }) => `${subject.replaceAll('\n', ', ')} (SHA-256 ${fingerprint256})`)
    .join('; ');
}

/** What is wrong with the encryption, by an error of Node, a client or an SDK; undefined when that is not it. */
export function tlsFaultOf(error: unknown): Fault | undefined {
  const words = wordsOf(error).join('\n');
  return faults.find(([, pattern]) => pattern.test(words))?.[0];
}

/** Codes and messages of the error and of what caused it. */
function wordsOf(error: unknown, depth = 0): string[] {
  if (!(error instanceof Error) || depth > 5) return [];
  const { code } = error as { code?: unknown };
  const causes = error instanceof AggregateError ? (error.errors as unknown[]) : [error.cause];
  return [typeof code === 'string' ? code : '', error.message, ...causes.flatMap((cause) => wordsOf(cause, depth + 1))];
}

export interface TlsServer {
  host: string;
  port: number;
  serverName?: string;
}

/**
 * The failure that an error of a TLS handshake stands for; undefined when it is none. The server is asked once more for
 * what it sends, so that the message can show the fingerprint to paste. `keys`: where `file` has these settings.
 */
export async function certificateFailure(
  error: unknown,
  server: TlsServer,
  keys = 'tls',
  file = 'the platform file',
): Promise<Failure | undefined> {
  const fault = tlsFaultOf(error);
  if (fault === undefined) return undefined;
  const where = `${server.host}:${server.port}`;
  const fail = (message: string, remedy: string) =>
    new Failure('CertificateRefused', { message, remedy }, { cause: error });
  const refused = (why: string, remedy: string) => fail(`The certificate of ${where} is refused: ${why}`, remedy);
  if (fault === 'ours')
    return fail(
      `${where} refuses Rekindle's own certificate, or wants one`,
      `Name "certificate" and "key" under "${keys}" in ${file}, with a certificate that this server trusts`,
    );
  if (fault === 'no TLS')
    return fail(
      `${where} does not speak TLS`,
      file === 'the platform file'
        ? 'Correct the scheme of its address in the platform file: http, not https'
        : `Switch TLS on at the server, or correct its address in ${file}`,
    );
  if (fault === 'other')
    return fail(
      `There is no encrypted connection to ${where}: ${firstWords(error)}`,
      'Compare the TLS settings of both sides',
    );
  const chain = (await presentedChain(server)) ?? [];
  const [own] = chain;
  if (fault === 'name')
    return refused(
      `it is for ${own?.subjectAltName ?? own?.subject ?? 'other names'}, not for ${server.serverName ?? server.host}`,
      `Use one of these names in the address, or name one of them as "serverName" under "${keys}" in ${file}`,
    );
  if (fault === 'expired' || fault === 'not yet valid')
    return refused(
      `it ${fault === 'expired' ? 'has expired' : 'is not valid yet'}${own === undefined ? '' : ` (valid from ${own.validFrom} to ${own.validTo})`}`,
      "Renew the server's certificate, or set the clock of this machine right",
    );
  const top = chain.at(-1);
  return refused(
    `its authority is not known here${top === undefined ? '' : `; it sends ${describeChain(chain)}`}`,
    `Name the authority's file as "ca" under "${keys}" in ${file}${top === undefined ? '' : `, or, once compared with the fingerprint on the server itself, fingerprint: '${top.fingerprint256}'`}`,
  );
}

const firstWords = (error: unknown) => ((error as Error).message.split('\n', 1)[0] ?? '').replace(/\.$/, '');
