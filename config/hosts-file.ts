import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import type { Endpoint } from '../domain/endpoints.ts';
import type { HostName } from '../domain/platform.ts';
import { invalidFile, parseChecked, unreadableFile } from './checked-yaml.ts';
import { name, secretReference } from './platform-schema/common.ts';
import { tls } from './platform-schema/authentication.ts';

const wanted = 'expected tcp://host:2376, with "tls", or ssh://user@host';

const docker = z
  .string()
  .refine((text) => addressOf(text) !== undefined, { error: wanted })
  .describe('The engine: tcp://host:2376, always with TLS, or ssh://user@host, with :port if it is not 22');

const fingerprint = z
  .string()
  .regex(/^SHA256:[A-Za-z0-9+/]{43}$/, 'must be SHA256: and 43 characters, as "ssh-keygen -lf" shows it');

const ssh = z
  .strictObject({
    key: secretReference.optional().describe("The private key; default: that of ssh's agent (SSH_AUTH_SOCK)"),
    passphrase: secretReference.optional().describe('Of the private key'),
    hostKey: z
      .union([fingerprint, z.array(fingerprint).min(1)], {
        error: 'expected a fingerprint SHA256:…, or a list of them',
      })
      .optional()
      .describe("Fingerprints of the host's keys that are taken; then known hosts do not count"),
    knownHosts: z.string().min(1).optional().describe('Default ~/.ssh/known_hosts'),
  })
  .refine(({ hostKey, knownHosts }) => hostKey === undefined || knownHosts === undefined, {
    error: 'name either "hostKey" or "knownHosts", not both',
  })
  .refine(({ key, passphrase }) => passphrase === undefined || key !== undefined, {
    error: '"passphrase" belongs to "key", which is missing',
  });

const host = z.strictObject({ docker, tls: tls.optional(), ssh: ssh.optional() }).superRefine((given, context) => {
  const fault = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message });
  const scheme = addressOf(given.docker)?.scheme;
  if (scheme === 'tcp' && given.ssh !== undefined) fault(['ssh'], 'belongs to ssh://, and "docker" is tcp://');
  if (scheme === 'ssh' && given.tls !== undefined) fault(['tls'], 'belongs to tcp://, and "docker" is ssh://');
  if (scheme !== 'tcp') return;
  if (given.tls === undefined)
    fault(['tls'], 'missing; an engine that is reached over the network without TLS obeys everybody');
  else if (given.tls.certificate === undefined)
    fault(['tls', 'certificate'], 'missing, as is "key"; an engine that asks for no certificate obeys everybody');
});

export const hostsSchema = z.strictObject({
  hosts: z
    .record(name, host)
    .refine((hosts) => Object.keys(hosts).length > 0, { error: 'names no host' })
    .describe('Hosts without a worker of their own, by the name that platform files give them'),
});

const kind = {
  schema: hostsSchema,
  called: 'a hosts file',
  failure: 'InvalidHostsFile',
  remedy: 'Fix the lines above; docs/hosts.md lists every key',
} as const;

/** The endpoint of each host. Failures: InvalidHostsFile (every fault at once, each with its key), MissingSecret. */
export function parseHostsFile(
  text: string,
  file: string,
  { variables, host: own }: { variables: NodeJS.ProcessEnv; host: HostName },
): Record<HostName, Endpoint> {
  const { hosts } = parseChecked(text, file, kind, variables);
  if (own in hosts)
    throw invalidFile(file, kind, [
      `hosts.${own}: is this worker's own name (REKINDLE_HOST), whose engine DOCKER_HOST names; give the other host another name`,
    ]);
  const home = variables['HOME'] ?? os.homedir();
  return Object.fromEntries(Object.entries(hosts).map(([host, given]) => [host, endpointOf(given, home)]));
}

/** Those of the file that REKINDLE_HOSTS_FILE names; without it none. Failures: as `parseHostsFile`. */
export function readHostsFile(environment: {
  hostsFile?: string | undefined;
  variables: NodeJS.ProcessEnv;
  host: HostName;
}): Record<HostName, Endpoint> {
  const { hostsFile } = environment;
  if (hostsFile === undefined) return {};
  let text: string;
  try {
    text = readFileSync(hostsFile, 'utf8');
  } catch (error) {
    throw unreadableFile(hostsFile, kind, { error, variable: 'REKINDLE_HOSTS_FILE' });
  }
  return parseHostsFile(text, path.basename(hostsFile), environment);
}

function endpointOf(given: z.infer<typeof host>, home: string): Endpoint {
  const { scheme, user, host, port } = addressOf(given.docker) ?? { scheme: 'ssh', user: '', host: '', port: 22 };
  const { tls, ssh: { key, passphrase, hostKey, knownHosts } = {} } = given;
  if (scheme === 'tcp' && tls?.certificate !== undefined && tls.key !== undefined)
    return { kind: 'tls', host, port, tls: { ...tls, certificate: tls.certificate, key: tls.key } };
  return {
    kind: 'ssh',
    host,
    port,
    user,
    ...(key && { key }),
    ...(passphrase && { passphrase }),
    hostKeys: [hostKey ?? []].flat(),
    knownHosts: knownHosts ?? path.join(home, '.ssh', 'known_hosts'),
  };
}

/** Undefined: it is none that is wanted here. A password in it would end up in messages. */
function addressOf(text: string): { scheme: 'tcp' | 'ssh'; user: string; host: string; port: number } | undefined {
  if (!/^(tcp|ssh):\/\//.test(text) || !URL.canParse(text)) return undefined;
  const { protocol, username, password, hostname, port, pathname, search, hash } = new URL(text);
  const scheme = protocol === 'ssh:' ? 'ssh' : 'tcp';
  if (hostname === '' || password !== '' || !/^\/?$/.test(pathname) || search !== '' || hash !== '') return undefined;
  if ((username === '') === (scheme === 'ssh')) return undefined;
  const host = hostname.replace(/^\[|\]$/g, '');
  return { scheme, user: decodeURIComponent(username), host, port: Number(port) || (scheme === 'ssh' ? 22 : 2376) };
}
