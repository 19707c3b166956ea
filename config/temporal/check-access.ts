import { Failure } from '../../domain/failures.ts';
import { isLoopbackHost } from '../listen-address.ts';
import { rememberSecret } from '../redaction.ts';
import type { TemporalAccess } from './access.ts';

/** Headers that hold what nobody else may read. */
const secretHeader = /auth|token|key|secret/;

/**
 * What was given, when it fits together; undefined when nothing was. Redaction knows its secrets from here on.
 * Failure: InvalidArgument, naming what is missing or contradicts.
 */
export function checkedAccess(access: TemporalAccess, address: string | undefined): TemporalAccess | undefined {
  const { tls, apiKey, headers = {} } = access;
  if (apiKey && 'value' in apiKey) rememberSecret(apiKey.value);
  for (const [name, value] of Object.entries(headers)) if (secretHeader.test(name)) rememberSecret(value);
  if (tls?.certificate && !tls.key)
    throw half(tls.certificate.from, 'the key of that certificate', 'TEMPORAL_TLS_CLIENT_KEY_PATH');
  if (tls?.key && !tls.certificate)
    throw half(tls.key.from, 'the certificate of that key', 'TEMPORAL_TLS_CLIENT_CERT_PATH');
  if (apiKey && 'authorization' in headers)
    throw new Failure('InvalidArgument', {
      message: `${apiKey.from} gives an API key, and a header "authorization" is set for Temporal as well`,
      remedy: 'Keep one of them: the API key is sent in that header',
    });
  if (apiKey && !tls && !isLoopbackHost(hostOf(address)))
    throw new Failure('InvalidArgument', {
      message: `TLS is switched off for Temporal at ${address ?? ''}: the API key would be sent unencrypted`,
      remedy: 'Unset TEMPORAL_TLS (tls.disabled in a profile), or remove the API key',
    });
  return Object.keys(access).length === 0 ? undefined : access;
}

function half(given: string, other: string, variable: string): Failure {
  return new Failure('InvalidArgument', {
    message: `${given} is set, but not ${other}`,
    remedy: `Set ${variable} as well, or neither of them`,
  });
}

/** Without an address, this machine is meant. */
const hostOf = (address = '127.0.0.1:0') => address.replace(/:\d+$/, '');
