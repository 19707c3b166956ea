import type { TlsSettings } from './authentication.ts';
import type { SecretReference } from './names.ts';

// How the Docker engine of a host without a worker is reached. Paths and references only, never a key.

interface EndpointPlace {
  host: string;
  port: number;
}

/** `tcp://host:2376`: the engine's own API over TLS, where both sides show a certificate. */
export interface TlsEndpoint extends EndpointPlace {
  kind: 'tls';
  tls: TlsSettings & Required<Pick<TlsSettings, 'certificate' | 'key'>>;
}

/** `ssh://user@host`: `docker system dial-stdio` on that host, as the Docker client does it. */
export interface SshEndpoint extends EndpointPlace {
  kind: 'ssh';
  user: string;
  /** The private key; absent: the agent of SSH_AUTH_SOCK has it. */
  key?: SecretReference;
  passphrase?: SecretReference;
  /** `SHA256:…` of the host's keys that are taken; empty: those of `knownHosts`. */
  hostKeys: string[];
  /** Path of a file as OpenSSH keeps it. */
  knownHosts: string;
}

export type Endpoint = TlsEndpoint | SshEndpoint;

/** As in `DOCKER_HOST`: `tcp://node-2:2376`, `ssh://rekindle@node-3`. */
export function addressOfEndpoint(endpoint: Endpoint): string {
  const { host, port } = endpoint;
  const named = host.includes(':') ? `[${host}]` : host;
  if (endpoint.kind === 'tls') return `tcp://${named}:${port}`;
  return `ssh://${endpoint.user}@${named}${port === 22 ? '' : `:${port}`}`;
}

/** What must be kept secret of an endpoint, as it was read right before a connection. */
export interface EndpointSecrets {
  key?: string;
  passphrase?: string;
}
