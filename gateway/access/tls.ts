import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import type { TlsFiles } from '../../config/gateway-file.ts';
import { Failure } from '../../domain/failures.ts';

/** As Node's HTTPS server takes it. */
export interface Tls {
  cert: string;
  key: string;
  ca?: string;
  requestCert?: true;
  rejectUnauthorized?: false;
}

/** Failure: InvalidGatewayFile when a file cannot be read, or the certificate does not belong to the key. */
export async function readTls({ certificate, key, clientCa }: TlsFiles): Promise<Tls> {
  const tls: Tls = {
    cert: await read('certificate', certificate),
    key: await read('key', key),
    // People come without a certificate: who needs one is up to the route (`socket.authorized`).
    ...(clientCa !== undefined && {
      ca: await read('clientCa', clientCa),
      requestCert: true,
      rejectUnauthorized: false,
    }),
  };
  try {
    createSecureContext(tls);
  } catch (error) {
    throw refused(`certificate ${certificate} and key ${key} cannot be used: ${(error as Error).message}`, error);
  }
  return tls;
}

function read(field: keyof TlsFiles, file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    const { code = 'unknown reason' } = error as NodeJS.ErrnoException;
    throw refused(`${field} ${file} cannot be read: ${code}`, error);
  });
}

function refused(why: string, cause: unknown): Failure {
  return new Failure(
    'InvalidGatewayFile',
    {
      message: `The gateway cannot serve TLS: ${why}`,
      remedy: "Correct the paths under `tls` in the gateway's file, in PEM format and readable by the gateway's user",
    },
    { cause },
  );
}
