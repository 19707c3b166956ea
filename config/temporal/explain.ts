import { X509Certificate } from 'node:crypto';
import { Failure, type FailureKind, type FailureText } from '../../domain/failures.ts';
import type { TemporalAccess } from './access.ts';
import type { Credentials } from './credentials.ts';
import { tryHandshake, type Handshake } from './probe.ts';

/** The gRPC codes of a refusal because of who asks. */
const codes = { permissionDenied: 7, unauthenticated: 16 };

/** Temporal answered, and refuses who asks; undefined for every other code. */
export function refusedRequest(
  address: string,
  code: number | undefined,
  { apiKey, tls }: TemporalAccess = {},
  cause: unknown,
): Failure | undefined {
  if (code !== codes.permissionDenied && code !== codes.unauthenticated) return undefined;
  const shown = [
    ...(apiKey ? [`the API key of ${apiKey.from}`] : []),
    ...(tls?.certificate ? [`the certificate of ${tls.certificate.from}`] : []),
  ];
  const text: FailureText =
    shown.length === 0
      ? {
          message: `Temporal at ${address} demands to know who asks, and no API key is set`,
          remedy:
            'Set TEMPORAL_API_KEY or REKINDLE_TEMPORAL_API_KEY_FILE, or the pair TEMPORAL_TLS_CLIENT_CERT_PATH and _KEY_PATH',
        }
      : {
          message: `Temporal at ${address} refuses ${shown.join(' and ')}`,
          remedy:
            'Check that it is valid, has not expired and may use the namespace in TEMPORAL_NAMESPACE; make a new one where Temporal gives them out',
        };
  return new Failure('WrongCredentials', text, { cause });
}

/** No connection came about: finds out why. */
export async function whyNotConnected(address: string, credentials: Credentials, cause: unknown): Promise<Failure> {
  const why = await obstacleOfTls(address, credentials);
  return why ?? new Failure('TemporalUnreachable', unreachable(address), { cause });
}

/** What keeps both sides from an encrypted connection; undefined: nothing, or nobody answers. */
export async function obstacleOfTls(address: string, { tls }: Credentials): Promise<Failure | undefined> {
  const handshake = await tryHandshake(address, tls);
  const explained = tls === undefined ? withoutTls(address, handshake) : withTls(address, handshake, tls);
  return explained && new Failure(...explained);
}

export function unreachable(address: string): FailureText {
  return {
    message: `Temporal does not answer at ${address}`,
    remedy:
      'Start it ("rekindle up" runs one with a worker), or set TEMPORAL_ADDRESS to its address; ' +
      '"rekindle points", "check", "restore --dry-run" and "report" work without it',
  };
}

type Explained = [FailureKind, FailureText];

function withoutTls(address: string, handshake: Handshake): Explained | undefined {
  if (handshake.end !== 'accepted') return undefined;
  return [
    'TemporalUnreachable',
    {
      message: `Temporal at ${address} speaks TLS only, and TLS is not switched on`,
      remedy:
        'Set TEMPORAL_TLS=true, and TEMPORAL_TLS_SERVER_CA_CERT_PATH when its certificate is of an authority of your own',
    },
  ];
}

function withTls(address: string, handshake: Handshake, tls: NonNullable<Credentials['tls']>): Explained | undefined {
  switch (handshake.end) {
    case 'no TLS':
      return [
        'TemporalUnreachable',
        {
          message: `Temporal at ${address} does not speak TLS, which is switched on`,
          remedy:
            'Correct TEMPORAL_ADDRESS; or, when it is meant to be unencrypted, unset TEMPORAL_TLS_* and TEMPORAL_API_KEY',
        },
      ];
    case 'untrusted':
      return ['TemporalUnreachable', untrusted(address, handshake.code, tls)];
    case 'refused':
      return ['WrongCredentials', refused(address, handshake.code, tls)];
    default:
      return undefined;
  }
}

function untrusted(
  address: string,
  code: string,
  { authority, serverName }: NonNullable<Credentials['tls']>,
): FailureText {
  const certificate = `The certificate of Temporal at ${address}`;
  if (code === 'CERT_HAS_EXPIRED')
    return { message: `${certificate} has expired`, remedy: "Renew it there; or correct this machine's clock" };
  if (code === 'CERT_NOT_YET_VALID')
    return {
      message: `${certificate} is not valid yet`,
      remedy: "Correct this machine's clock, or the server's certificate",
    };
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return {
      message: `${certificate} is for another name than ${serverName ?? 'that'}`,
      remedy: 'Set TEMPORAL_ADDRESS to the name in it, or TEMPORAL_TLS_SERVER_NAME to that name',
    };
  return {
    message: `${certificate} is not signed by ${authority === undefined ? 'an authority that this machine knows' : 'the authority that was given'} (${code})`,
    remedy: `Set TEMPORAL_TLS_SERVER_CA_CERT_PATH to the certificate of the authority that signed it`,
  };
}

function refused(address: string, code: string, { client }: NonNullable<Credentials['tls']>): FailureText {
  if (client === undefined)
    return {
      message: `Temporal at ${address} demands a client certificate, and none is set`,
      remedy: 'Set TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH',
    };
  const { validTo } = new X509Certificate(client.certificate);
  if (Date.parse(validTo) < Date.now())
    return {
      message: `Temporal at ${address} refuses the client certificate in ${client.from}: it expired on ${new Date(validTo).toISOString()}`,
      remedy: 'Renew it, and put the new pair in the same place',
    };
  return {
    message: `Temporal at ${address} refuses the client certificate in ${client.from} (${code})`,
    remedy: 'Give one that is signed by an authority which the server trusts',
  };
}
