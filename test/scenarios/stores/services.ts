import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DemoPlatform } from '../../../stack/demo-platform.ts';
import { eventually } from '../../../stack/engine.ts';
import { serviceBeside, type Variant } from '../harness/index.ts';

const password = `rks "secret" 'of' stores`;
const waiting = ['sh', '-c', 'trap exit TERM; while :; do sleep 0.2; done'];

/** A store of each kind that streams and has no scenario of its own, as one service of the platform. */
export interface StoresBeside {
  /** All that they hold, as one text. */
  content(): Promise<string>;
  lose(): Promise<void>;
}

export async function storesBeside(platform: DemoPlatform, variant: Variant): Promise<StoresBeside> {
  const mariadb = await serviceBeside(platform, {
    service: 'mariadb',
    image: 'rekindle-stack/mariadb:10.11',
    environment: { MARIADB_ROOT_PASSWORD: password },
    folder: '/var/lib/mysql',
  });
  const redis = await serviceBeside(platform, {
    service: 'redis',
    image: 'rekindle-stack/redis:7',
    command: ['redis-server', '--appendonly', 'yes'],
    folder: '/data',
  });
  const etcd = await serviceBeside(platform, {
    service: 'etcd',
    image: 'rekindle-stack/etcd:3',
    environment: {
      ETCD_NAME: 'etcd',
      ETCD_DATA_DIR: '/var/lib/etcd',
      ETCD_LISTEN_CLIENT_URLS: 'http://0.0.0.0:2379',
      ETCD_ADVERTISE_CLIENT_URLS: 'http://etcd:2379',
    },
    folder: '/var/lib/etcd',
  });
  const files = { image: 'rekindle-stack/base:bookworm', command: waiting };
  const uploads = await serviceBeside(platform, { ...files, service: 'uploads', folder: '/srv/uploads' });
  const policy = await serviceBeside(platform, { ...files, service: 'policy', folder: '/srv/policies' });

  const sql = (text: string) => mariadb.run(['env', `MYSQL_PWD=${password}`, 'mariadb', '-uroot', '-N', '-e', text]);
  await eventually('MariaDB answers', 120, () => sql('select 1'));
  await sql('create database app; create table app.job (id int primary key, name text)');
  await sql('use app; insert into job select seq, md5(seq) from seq_1_to_2000; create user reader identified by "pw"');
  await eventually('Redis answers', 60, () => redis.run(['redis-cli', 'ping']));
  for (let n = 0; n < 20; n++) await redis.run(['redis-cli', 'set', `session:${n}`, 'x'.repeat(n)]);
  await eventually('etcd answers', 60, () => etcd.run(['etcdctl', 'endpoint', 'health']));
  for (let n = 0; n < 20; n++) await etcd.run(['etcdctl', 'put', `/locks/${n}`, `holder ${n}`]);
  await uploads.run(['sh', '-c', 'cd /srv/uploads && mkdir -p a/b cache && echo one >a/b/one && chmod 640 a/b/one']);
  await uploads.run([
    'sh',
    '-c',
    'cd /srv/uploads && chown 1234:4321 a/b/one && ln -s a/b/one latest && echo x >cache/x',
  ]);
  await policy.run(['sh', '-c', 'cd /srv/policies && echo allow >one && echo deny >two']);
  await nameThem(variant, platform.folder);
  return {
    content: async () =>
      (
        await Promise.all([
          sql('checksum table app.job; select user, host from mysql.user order by 1, 2; show grants for reader'),
          redis.run(['sh', '-c', 'for n in $(seq 0 19); do redis-cli get session:$n; done']),
          etcd.run(['etcdctl', 'get', '', '--prefix']),
          uploads.run([
            'sh',
            '-c',
            `cd /srv/uploads && find . -not -path './cache*' -exec stat -c '%n %u:%g %a %F' {} + | sort`,
          ]),
          policy.run(['sh', '-c', 'cd /srv/policies && head *']),
        ])
      ).join('\n'),
    async lose() {
      await Promise.all([mariadb, redis, etcd, uploads, policy].map((service) => service.lose()));
    },
  };
}

async function nameThem(variant: Variant, folder: string): Promise<void> {
  const file = join(folder, 'secrets', 'mariadb_password');
  await writeFile(file, password, { mode: 0o600 });
  await variant.write((text) => {
    text['drill'] = { ...(text['drill'] as object), memory: '2500mb' };
    (text['deployment'] as { data: string[] }).data.push('mariadb', 'redis', 'etcd', 'uploads', 'policy');
    text.stores.push(
      { name: 'accounts', kind: 'mysql', service: 'mariadb', username: 'root', password: { file } },
      { name: 'sessions', kind: 'redis', service: 'redis' },
      { name: 'coordination', kind: 'etcd', service: 'etcd' },
      { name: 'uploads', kind: 'volume', path: '/srv/uploads', exclude: ['cache'] },
      {
        name: 'policy',
        kind: 'command',
        service: 'policy',
        export: ['tar', '-C', '/srv/policies', '-cf', '-', '.'],
        import: ['tar', '-C', '/srv/policies', '-xf', '-'],
        count: ['sh', '-c', 'ls /srv/policies | wc -l'],
      },
    );
  });
}
