import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { bringUp, type DemoPlatform } from '../../../stack/demo-platform.ts';
import { hashed, rolesOf, tlsFixture } from '../../systems/secured-elasticsearch.ts';

// cspell:ignore authc

const users = {
  operator: { password: 'password-of-the-operator', roles: ['superuser'] },
  rekindle: { password: 'password-of-rekindle', roles: ['superuser'] },
};
/** The demo's own services cannot sign in: who does not say who it is may use the platform's indices, and no more. */
const roles = `
platform:
  cluster: [monitor]
  indices:
    - names: ['nuvla-*', activity-feed]
      privileges: [all]
`;
const config = '/usr/share/elasticsearch/config';
const ca = '/run/platform-ca.pem';

const override = {
  services: {
    elasticsearch: {
      image: 'rekindle-stack/elasticsearch:9.2.0',
      environment: {
        'xpack.security.enabled': 'true',
        'xpack.security.authc.anonymous.roles': 'platform',
        'xpack.security.http.ssl.enabled': 'true',
        'xpack.security.http.ssl.certificate': 'certs/server.pem',
        'xpack.security.http.ssl.key': 'certs/server.key',
        'xpack.security.http.ssl.certificate_authorities': 'certs/ca.pem',
      },
      volumes: [
        ...['users', 'users_roles', 'roles.yml'].map((file) => `./security/${file}:${config}/${file}:ro`),
        `./security/certs:${config}/certs:ro`,
      ],
      // What its certificate is for.
      networks: { backend: { aliases: ['es01'] } },
    },
    ...Object.fromEntries(
      ['api', 'job-executor', 'job-distributor'].map((service) => [
        service,
        {
          environment: { ELASTICSEARCH_URL: 'https://es01:9200', NODE_EXTRA_CA_CERTS: ca },
          volumes: [`./security/certs/ca.pem:${ca}:ro`],
        },
      ]),
    ),
  },
};

/** A demo platform whose Elasticsearch is 9.2, speaks TLS and knows its users; Rekindle signs in as one of them. */
export async function bringUpSecured(project: string, folder: string): Promise<DemoPlatform> {
  const security = join(folder, 'security');
  await mkdir(join(security, 'certs'), { recursive: true });
  const lines = Object.entries(users).map(([user, { password }]) => `${user}:${hashed(password)}\n`);
  await writeFile(join(security, 'users'), lines.join(''));
  await writeFile(join(security, 'users_roles'), rolesOf(users).join(''));
  await writeFile(join(security, 'roles.yml'), roles);
  for (const [fixture, file] of [
    ['server.chain', 'server.pem'],
    ['server.key', 'server.key'],
    ['ca.cert', 'ca.pem'],
  ] as const)
    await copyFile(tlsFixture(fixture), join(security, 'certs', file));
  await writeFile(join(folder, 'compose.override.yaml'), stringify(override, { aliasDuplicateObjects: false }));
  const { password } = users.operator;
  const authority = await readFile(tlsFixture('ca.cert'), 'utf8');
  const access = { ca: authority, serverName: 'es01', username: 'operator', password };
  const platform = await bringUp({ project, folder, access, seed: { documents: 3_000, jobs: 200 } });
  await signIn(platform);
  return platform;
}

async function signIn({ platformFile, folder }: DemoPlatform): Promise<void> {
  const password = join(folder, 'secrets', 'rekindle');
  await writeFile(password, users.rekindle.password);
  const file = parse(await readFile(platformFile, 'utf8')) as { stores: object[] };
  Object.assign(file.stores[0] ?? {}, {
    scheme: 'https',
    auth: { kind: 'basic', username: 'rekindle', password: { file: password } },
    tls: { ca: join(folder, 'security', 'certs', 'ca.pem'), serverName: 'es01' },
  });
  await writeFile(platformFile, stringify(file, { aliasDuplicateObjects: false }));
}
