// cspell:ignore tlscacert tlscert tlskey
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { eventually } from '../../../stack/engine.ts';
import { makeAuthority } from '../../certificates.ts';
import { makeSshKey } from '../../ssh-server.ts';
import type { Host } from './engines.ts';
import type { Processes } from './processes.ts';
import { inside } from './wire.ts';

/** How a host without a worker is reached. */
export type Scheme = 'tls' | 'ssh';

const sshHost = fileURLToPath(new URL('ssh-host.ts', import.meta.url));
const typescript = fileURLToPath(new URL('../../jest/typescript.mjs', import.meta.url));
const port = 2376;
const authority = makeAuthority('of the hosts');

/** What makes an engine listen on the wire, to those alone that show a certificate of the test. */
export async function listensWithTls({ address, name }: Host, folder: string): Promise<string[]> {
  const own = authority.issue({ names: [address] });
  const [ca, certificate, key] = ['ca', 'certificate', 'key'].map((what) => join(folder, `${name}-${what}.pem`)) as [
    string,
    string,
    string,
  ];
  await writeFile(ca, authority.certificate);
  await writeFile(certificate, own.certificate);
  await writeFile(key, own.key, { mode: 0o600 });
  return [
    ...['--host', `tcp://${address}:${port}`, '--tlsverify'],
    ...['--tlscacert', ca, '--tlscert', certificate, '--tlskey', key],
  ];
}

/** Writes the hosts file for the worker that serves these hosts, starts their SSH servers; answers with the file's path. */
export async function writeHostsFile(
  hosts: readonly [Host, Scheme][],
  folder: string,
  processes: Processes,
): Promise<string> {
  const entries = await Promise.all(
    hosts.map(async ([host, scheme]) => {
      const entry = await (scheme === 'tls' ? tlsEntry(host, folder) : sshEntry(host, folder, processes));
      return [host.name, entry] as const;
    }),
  );
  const file = join(folder, 'hosts.yaml');
  await writeFile(file, stringify({ hosts: Object.fromEntries(entries) }, { aliasDuplicateObjects: false }));
  return file;
}

async function tlsEntry({ address, name }: Host, folder: string): Promise<object> {
  const own = authority.issue({ names: ['rekindle'] });
  const [ca, certificate, key] = ['ca', 'client', 'client-key'].map((what) => join(folder, `${name}-${what}.pem`)) as [
    string,
    string,
    string,
  ];
  await writeFile(certificate, own.certificate);
  await writeFile(key, own.key, { mode: 0o600 });
  return { docker: `tcp://${address}:${port}`, tls: { ca, certificate, key: { file: key } } };
}

async function sshEntry(host: Host, folder: string, processes: Processes): Promise<object> {
  const own = makeSshKey();
  const key = join(folder, `${host.name}-ssh-key`);
  await writeFile(key, own.private, { mode: 0o600 });
  const socket = host.dockerHost.slice('unix://'.length);
  const program = [process.execPath, '--import', typescript, sshHost, host.address, socket, own.public];
  const server = processes.start(inside(host, program));
  const said = await eventually(`SSH server of ${host.name}`, 30, () => {
    const line = server.stdout();
    if (!line.endsWith('\n')) throw new Error(server.stderr());
    return Promise.resolve(JSON.parse(line) as { port: number; hostKey: string });
  });
  return {
    docker: `ssh://ops@${host.address}:${said.port}`,
    ssh: { key: { file: key }, hostKey: said.hostKey },
  };
}
