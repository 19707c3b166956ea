import type { Endpoint, EndpointSecrets } from '../../../domain/endpoints.ts';
import { openEndpoint } from '../connection.ts';
import { engineOver, type DockerEngine } from '../engine.ts';
import { connectEndpoint } from './endpoint-connection.ts';
import { outOfReach } from './out-of-reach.ts';

/**
 * The engine of another machine; connects nothing yet. `secrets` is asked for each connection. Failures of each call, next to
 * its own: DockerUnreachable, CertificateRefused, HostKeyRefused, WrongCredentials, AccessDenied (the engine's socket). What
 * needs the host's own network is refused, as HostWorkerMissing: `reach`, and scratch containers, which would have to be
 * reached.
 */
export function connectDockerAt(endpoint: Endpoint, secrets: () => Promise<EndpointSecrets>): DockerEngine {
  const connection = connectEndpoint(endpoint, secrets);
  const { address } = connection;
  return {
    ...engineOver(openEndpoint(connection), connection.explain),
    remote: true,
    reach: (container, port) =>
      Promise.reject(outOfReach(`Port ${port} of container ${container} cannot be reached from here`, address)),
    startScratch: () => Promise.reject(outOfReach('A scratch container could not be reached from here', address)),
  };
}
