import type { ServerKind } from '../../../domain/init/signatures.ts';
import { Failure } from '../../../domain/failures.ts';
import { askServer } from '../../../operations/init/ask-server.ts';
import { seenService } from '../domain/init/seen-samples.ts';

const ask = (kind: ServerKind, result: { exitCode?: number; stdout?: string; stderr?: string } | Error) =>
  askServer(
    {
      exec: () =>
        result instanceof Error
          ? Promise.reject(result)
          : Promise.resolve({ exitCode: 0, stdout: '', stderr: '', ...result }),
    },
    seenService('db'),
    kind,
  );

// What the real programs print.
const redis = `# Server\r\nredis_version:7.0.15\r\n# Replication\r\nrole:slave\r\n# Cluster\r\ncluster_enabled:0\r
save:3600 1 300 100
appendonly:no
maxmemory:0
maxmemory-policy:noeviction
dir:/data
dbfilename:dump.rdb
appendfilename:appendonly.aof
appenddirname:appendonlydir
`;
const etcd =
  '[{"Endpoint":"127.0.0.1:2379","Status":{"header":{"cluster_id":14841639068965178418,"member_id":1},"version":"3.4.23"}}]\n';

test.each<[ServerKind, string, string, object]>([
  [
    'postgres',
    '15.20 (Debian 15.20-0+deb12u1)\nprimary\nt\naccounts\npostgres\n',
    'PostgreSQL 15.20',
    { role: 'primary', superuser: 'yes', databases: 'accounts, postgres' },
  ],
  ['mysql', '10.11.14-MariaDB-0+deb12u2\napp\ninformation_schema\nmysql\n', 'MariaDB 10.11.14', { databases: 'app' }],
  ['mysql', '8.0.36\nsys\n', 'MySQL 8.0.36', { databases: '' }],
  ['redis', redis, 'Redis 7.0.15', { role: 'replica', cluster: 'no', save: '3600 1 300 100', dir: '/data' }],
  ['redis', redis.replace('redis_', 'valkey_'), 'Valkey 7.0.15', {}],
  ['etcd', etcd, 'etcd 3.4.23', { cluster: '14841639068965178418' }],
])('%s answers', async (kind, stdout, server, facts) => {
  expect(await ask(kind, { stdout })).toMatchObject({ kind: 'answered', server, facts });
});

test.each<[ServerKind, object]>([
  ['postgres', { exitCode: 2, stderr: 'psql: error: FATAL:  password authentication failed for user "postgres"' }],
  [
    'mysql',
    { exitCode: 1, stderr: "ERROR 1045 (28000): Access denied for user 'root'@'localhost' (using password: NO)" },
  ],
  ['redis', { stdout: 'NOAUTH Authentication required.\n\nsave:\n' }],
  ['etcd', { exitCode: 1, stdout: etcd, stderr: 'Error: etcdserver: user name is empty' }],
])('%s wants a password', async (kind, result) => {
  expect(await ask(kind, result)).toEqual({ kind: 'refused' });
});

test('what does not answer, or is not that server, is silent; an engine that is gone is a failure', async () => {
  expect(await ask('postgres', { exitCode: 127, stderr: 'psql: not found' })).toEqual({ kind: 'silent' });
  expect(await ask('redis', { stdout: 'Could not connect to Redis at 127.0.0.1:6379' })).toEqual({ kind: 'silent' });
  expect(await ask('etcd', new Error('aborted'))).toEqual({ kind: 'silent' });
  const gone = new Failure('DockerUnreachable', { message: 'gone', remedy: 'start it' });
  await expect(ask('mysql', gone)).rejects.toBe(gone);
});
