import { addressOfEndpoint, type SshEndpoint } from '../../../domain/endpoints.ts';
import { Failure } from '../../../domain/failures.ts';

/** Why there is no connection to the host: refused, nobody there, not let in. Other errors are taken as "not there". */
export function connectFailure(endpoint: SshEndpoint, error: unknown): Failure {
  if (error instanceof Failure) return error;
  const { level, message = String(error), code } = error as { level?: string; message?: string; code?: string };
  const address = addressOfEndpoint(endpoint);
  const { user, host, key } = endpoint;
  const fail = (kind: 'WrongCredentials' | 'DockerUnreachable', message: string, remedy: string) =>
    new Failure(kind, { message, remedy }, { cause: error });
  if (level === 'client-authentication')
    return fail(
      'WrongCredentials',
      `${host} does not let ${user} in: it takes neither ${key ? 'the key of the hosts file' : "a key of ssh's agent"} nor anything else that Rekindle has`,
      `Put the public key into ~${user}/.ssh/authorized_keys on ${host}${key ? '' : ', or name the private key as "ssh.key" in the hosts file'}; then try: ssh ${user}@${host} docker version`,
    );
  if (/passphrase|Cannot parse privateKey|bad decrypt|integrity check/i.test(message))
    return fail(
      'WrongCredentials',
      `The private key for ${address} cannot be used: ${/passphrase|decrypt|integrity/i.test(message) ? 'its passphrase is missing or wrong' : 'it is no private key that ssh knows'}`,
      'Correct "ssh.key" and "ssh.passphrase" in the hosts file',
    );
  if (/no matching/i.test(message))
    return fail(
      'DockerUnreachable',
      `${address} and Rekindle have no algorithm in common: ${message}`,
      `Update the SSH server of ${host}`,
    );
  const why = code === 'ECONNREFUSED' ? 'it refuses the connection, so no SSH server listens there' : message;
  return fail(
    'DockerUnreachable',
    `There is no SSH connection to ${address}: ${why}`,
    `Check name and port in the hosts file, the SSH server of ${host} and the firewall between; then try: ssh ${user}@${host} docker version`,
  );
}

/** Why `docker system dial-stdio` ended without an answer of the engine. `said`: on its standard error. */
export function dialFailure(endpoint: SshEndpoint, exitCode: number | undefined, said: string): Failure {
  const address = addressOfEndpoint(endpoint);
  const { user, host } = endpoint;
  const words = said.trim().split('\n').at(-1)?.replace(/\.$/, '') ?? '';
  if (/permission denied/i.test(said))
    return new Failure('AccessDenied', {
      message: `${user} may not use the Docker engine of ${host}: ${words}`,
      remedy: `On ${host}: usermod -aG docker ${user} (the group may do there whatever root may)`,
    });
  const missing = exitCode === 127 || /not found/i.test(said);
  return new Failure('DockerUnreachable', {
    message: `The Docker engine at ${address} does not answer: ${
      missing ? `${host} has no docker command, which the connection needs` : words || 'the connection was closed'
    }`,
    remedy: missing
      ? `Install Docker's command line (docker-ce-cli) on ${host}, on the PATH of commands that ssh runs`
      : `Start the engine on ${host} (systemctl start docker); then try: ssh ${user}@${host} docker version`,
  });
}
