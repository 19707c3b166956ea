import type { Environment } from '../../config/environment.ts';
import { readHostsFile } from '../../config/hosts-file.ts';
import { resolveSecrets } from '../../config/secrets.ts';
import type { Endpoint, EndpointSecrets } from '../../domain/endpoints.ts';
import type { HostName, SecretReference } from '../../domain/platform.ts';
import { connectDockerAt } from '../../systems/docker/endpoints/connect-docker-at.ts';
import type { DockerEngine } from '../../systems/docker/engine.ts';

/** The engines of the hosts file, by host; nothing is connected yet. Failure: InvalidHostsFile. */
export function openEndpoints(environment: Environment): Record<HostName, DockerEngine> {
  const { variables } = environment;
  return Object.fromEntries(
    Object.entries(readHostsFile(environment)).map(([host, endpoint]) => [
      host,
      connectDockerAt(endpoint, () => secretsOf(host, endpoint, variables)),
    ]),
  );
}

/** Read for each connection, so that a key may be replaced; redaction knows them from then on. Failure: MissingSecret. */
async function secretsOf(host: HostName, endpoint: Endpoint, variables: NodeJS.ProcessEnv): Promise<EndpointSecrets> {
  const scheme = endpoint.kind;
  const { key, passphrase } = endpoint.kind === 'tls' ? endpoint.tls : endpoint;
  const references: Record<string, SecretReference> = {
    ...(key && { [`hosts.${host}.${scheme}.key`]: key }),
    ...(passphrase && { [`hosts.${host}.${scheme}.passphrase`]: passphrase }),
  };
  const values = await resolveSecrets(references, variables);
  const given = (name: string) => values[`hosts.${host}.${scheme}.${name}`];
  return {
    ...(key && { key: given('key') ?? '' }),
    ...(passphrase && { passphrase: given('passphrase') ?? '' }),
  };
}
