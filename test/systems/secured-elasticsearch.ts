import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import Docker from 'dockerode';
import { pack } from 'tar-stream';
import { waitFor } from '../wait-for.ts';

export interface SecuredElasticsearch {
  name: string;
  /** Where this machine reaches it. */
  address: string;
  remove(): Promise<void>;
}

export interface SecuredOptions {
  /** Name → password and roles, in the file realm. */
  users: Record<string, { password: string; roles: string[] }>;
  /** The text of `roles.yml`. */
  roles?: string;
  settings?: Record<string, string>;
  /** A volume that holds its data; absent: none. */
  data?: string;
  /** Absent: plain HTTP. `client`: a client must show a certificate. */
  tls?: 'server' | 'client';
}

const docker = new Docker();
const home = '/usr/share/elasticsearch';
export const tlsFixture = (name: string) => new URL(`../fixtures/tls/${name}.pem`, import.meta.url).pathname;

/** An Elasticsearch with security on, users of the file realm and certificates of the tests' authority. */
export async function startSecured({
  users,
  roles = '',
  settings = {},
  data,
  tls,
}: SecuredOptions): Promise<SecuredElasticsearch> {
  const name = `rkt-${randomBytes(4).toString('hex')}`;
  const certificates = tls
    ? {
        'xpack.security.http.ssl.enabled': 'true',
        'xpack.security.http.ssl.certificate': 'certs/server.pem',
        'xpack.security.http.ssl.key': 'certs/server.key',
        'xpack.security.http.ssl.certificate_authorities': 'certs/ca.pem',
        'xpack.security.http.ssl.client_authentication': tls === 'client' ? 'required' : 'none',
      }
    : {};
  const all = {
    'discovery.type': 'single-node',
    'cluster.routing.allocation.disk.threshold_enabled': 'false',
    'xpack.security.enabled': 'true',
    ...certificates,
    ...settings,
  };
  const container = await docker.createContainer({
    name,
    Image: 'rekindle-stack/elasticsearch:8.19.0',
    Env: ['ES_JAVA_OPTS=-Xms512m -Xmx512m'],
    Cmd: Object.entries(all).map(([key, value]) => `-E${key}=${value}`),
    Labels: { 'rekindle.test': 'systems' },
    ...(data !== undefined && { HostConfig: { Binds: [`${data}:${home}/data`] } }),
  });
  const remove = async () => {
    await container.remove({ force: true, v: true });
  };
  try {
    const files = {
      'config/users': Object.entries(users).map(([user, { password }]) => `${user}:${hashed(password)}\n`),
      'config/users_roles': rolesOf(users),
      'config/roles.yml': [roles],
      'config/certs/server.pem': [await readFile(tlsFixture('server.chain'), 'utf8')],
      'config/certs/server.key': [await readFile(tlsFixture('server.key'), 'utf8')],
      'config/certs/ca.pem': [await readFile(tlsFixture('ca.cert'), 'utf8')],
    };
    const archive = pack();
    for (const [path, lines] of Object.entries(files))
      archive.entry({ name: path, uid: 1000, gid: 0, mode: 0o660 }, lines.join(''));
    archive.finalize();
    await container.putArchive(archive as never, { path: home });
    await container.start();
    const { NetworkSettings } = await container.inspect();
    const address = Object.values(NetworkSettings.Networks)[0]?.IPAddress ?? '';
    await waitFor(
      async () => {
        const { stdout } = await logsOf(container);
        if (!/started \{|] started/.test(stdout)) throw new Error(`${name} has not started: ${stdout.slice(-800)}`);
      },
      { timeout: 120_000 },
    );
    return { name, address, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function logsOf(container: Docker.Container) {
  const log = await container.logs({ stdout: true, stderr: true, tail: 200 });
  return { stdout: log.toString('latin1') };
}

/** As Elasticsearch's own SSHA256 has it: quick, and good enough here. */
export function hashed(password: string): string {
  const salt = randomBytes(8);
  const digest = createHash('sha256').update(password).update(salt).digest('base64');
  return `{SSHA256}${salt.toString('base64')}${digest}`;
}

export function rolesOf(users: SecuredOptions['users']): string[] {
  const roles = new Set(Object.values(users).flatMap((user) => user.roles));
  return [...roles].map((role) => {
    const names = Object.entries(users).flatMap(([name, user]) => (user.roles.includes(role) ? [name] : []));
    return `${role}:${names.join(',')}\n`;
  });
}
