import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Failure } from '../../domain/failures.ts';
import { rememberSecret } from '../redaction.ts';
import type { ApiKey, Pem, TemporalAccess, TemporalTls } from './access.ts';

/** What a connection is made with. */
export interface Credentials {
  tls?: Certificates;
  /** The key as it is now. */
  apiKey?: () => string;
  headers?: Record<string, string>;
}

export interface Certificates {
  serverName?: string | undefined;
  authority?: string;
  client?: { certificate: string; key: string; from: string };
}

/**
 * Reads certificates and keys, for each new connection anew, so that one that was replaced counts. Failure: InvalidArgument,
 * when one cannot be read or used, naming where it was given and never what it holds.
 */
export async function readCredentials({ tls, apiKey, headers }: TemporalAccess = {}): Promise<Credentials> {
  return {
    ...(tls && { tls: await readCertificates(tls) }),
    ...(apiKey && { apiKey: await readApiKey(apiKey) }),
    ...(headers && { headers }),
  };
}

async function readCertificates({ serverName, authority, certificate, key }: TemporalTls): Promise<Certificates> {
  const read: Certificates = { serverName };
  if (authority) {
    read.authority = await textOf(authority);
    parse(authority, 'a certificate', () => new X509Certificate(read.authority ?? ''));
  }
  if (certificate && key) {
    const texts = { certificate: await textOf(certificate), key: await textOf(key) };
    const shown = parse(certificate, 'a certificate', () => new X509Certificate(texts.certificate));
    rememberSecret(texts.key.split('\n').slice(1, -1).join('').slice(0, 64));
    if (!shown.checkPrivateKey(privateKey(key, texts.key)))
      throw new Failure('InvalidArgument', {
        message: `${named(key)} is not the key of the certificate in ${named(certificate)}`,
        remedy: 'Give both files of one pair',
      });
    read.client = { ...texts, from: named(certificate) };
  }
  return read;
}

const privateKey = (key: Pem, text: string): KeyObject =>
  parse(key, 'a private key without a passphrase', () => createPrivateKey(text));

async function textOf(pem: Pem): Promise<string> {
  if ('data' in pem) return pem.data;
  return readFile(pem.path, 'utf8').catch((error: unknown) => {
    throw unreadable(named(pem), error);
  });
}

const named = (pem: Pem) => ('path' in pem ? `${pem.path} (${pem.from})` : pem.from);

function parse<T>(pem: Pem, what: string, read: () => T): T {
  try {
    return read();
  } catch {
    throw new Failure('InvalidArgument', {
      message: `${named(pem)} is not ${what} in PEM format`,
      remedy: 'Give a file that begins with -----BEGIN; convert one in another format with openssl',
    });
  }
}

/** A file that cannot be read for a moment, since it is being replaced, leaves the key as it was. */
async function readApiKey(apiKey: ApiKey): Promise<() => string> {
  if ('value' in apiKey) return () => apiKey.value;
  const { file, from } = apiKey;
  const clean = (text: string) => {
    const key = text.trim();
    rememberSecret(key);
    return key;
  };
  let known = await readFile(file, 'utf8').then(clean, (error: unknown) => {
    throw unreadable(`${file} (${from})`, error);
  });
  if (known === '')
    throw new Failure('InvalidArgument', {
      message: `${file} (${from}) is empty`,
      remedy: 'Write the API key of Temporal into it, alone on one line',
    });
  return () => {
    try {
      known = clean(readFileSync(file, 'utf8')) || known;
    } catch {
      // As said above.
    }
    return known;
  };
}

const unreadable = (what: string, cause: unknown) =>
  new Failure(
    'InvalidArgument',
    {
      message: `${what} cannot be read: ${(cause as NodeJS.ErrnoException).code ?? 'unknown reason'}`,
      remedy: 'Put the file there, readable for the user that runs Rekindle',
    },
    { cause },
  );
