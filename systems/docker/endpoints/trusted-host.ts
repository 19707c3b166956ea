import { readFile } from 'node:fs/promises';
import type { ServerHostKeyAlgorithm } from 'ssh2';
import type { SshEndpoint } from '../../../domain/endpoints.ts';
import { Failure } from '../../../domain/failures.ts';
import { algorithmsFor, findKnown, fingerprintOf, typeOf } from './host-keys.ts';

export interface TrustedHost {
  /** Of host keys, in the order in which the host is asked for them. */
  algorithms: ServerHostKeyAlgorithm[];
  /** Undefined: this key is taken. */
  refuse: (key: Buffer) => Failure | undefined;
}

/**
 * Which keys of the host are taken: those with a fingerprint of the hosts file, else those of its known_hosts. There is no
 * way to take any key. `refuse` gives HostKeyRefused, with the fingerprint to compare.
 */
export async function trustedHost({ host, port, hostKeys, knownHosts }: SshEndpoint): Promise<TrustedHost> {
  const where = port === 22 ? host : `${host}:${port}`;
  if (hostKeys.length > 0)
    return {
      algorithms: algorithmsFor([]),
      refuse: (key) =>
        hostKeys.includes(fingerprintOf(key))
          ? undefined
          : refused(
              `${where} shows the host key ${shown(key)}, which is not the one of the hosts file (${hostKeys.join(', ')})`,
              `Somebody may stand between. Compare with "ssh-keygen -lf /etc/ssh/ssh_host_${fileOf(key)}_key.pub" on the host itself; if it is the same, put it into "ssh.hostKey" of the hosts file`,
            ),
    };
  const text = await readFile(knownHosts, 'utf8').catch(() => '');
  const { known, revoked } = findKnown(text, host, port);
  return { algorithms: algorithmsFor(known), refuse: (key) => byKnownHosts(key) };

  function byKnownHosts(key: Buffer): Failure | undefined {
    if (revoked.some((one) => one.equals(key)))
      return refused(
        `${where} shows the host key ${shown(key)}, which ${knownHosts} has as revoked`,
        'Do not connect: find out who has this key, and make a new one on the host',
      );
    if (known.some((one) => one.equals(key))) return undefined;
    if (known.length > 0)
      return refused(
        `The host key of ${where} has changed: it shows ${shown(key)}, and ${knownHosts} has ${known.map(shown).join(', ')}`,
        `Somebody may stand between. Only if the host was set up anew: ssh-keygen -f ${knownHosts} -R '${port === 22 ? host : `[${host}]:${port}`}', then compare and add the new key`,
      );
    return refused(
      `The host key of ${where} is not known: it shows ${shown(key)}, and ${knownHosts} has none of it`,
      `Compare with "ssh-keygen -lf /etc/ssh/ssh_host_${fileOf(key)}_key.pub" on the host itself; then put ${fingerprintOf(key)} into "ssh.hostKey" of the hosts file, or add the key to known_hosts`,
    );
  }
}

const shown = (key: Buffer) => `${fingerprintOf(key)} (${typeOf(key)})`;

/** As sshd calls the file: `ed25519`, `ecdsa`, `rsa`. */
const fileOf = (key: Buffer) => /ed25519|ecdsa|rsa/.exec(typeOf(key))?.[0] ?? '*';

const refused = (message: string, remedy: string) => new Failure('HostKeyRefused', { message, remedy });
