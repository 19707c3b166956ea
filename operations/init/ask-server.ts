import type { SeenService, ServerAnswer } from '../../domain/init/seen.ts';
import type { ServerKind } from '../../domain/init/signatures.ts';
import { Failure } from '../../domain/failures.ts';
import type { DockerEngine } from '../../systems/docker/engine.ts';

/** Seconds that the programs in a container may take. */
const patience = 10;

interface Question {
  command: (service: SeenService) => string[];
  /** Undefined: the program ran, and what it says is not of this server. */
  read: (lines: string[]) => Extract<ServerAnswer, { kind: 'answered' }> | undefined;
  refused: RegExp;
}

/**
 * What the server in the service's container tells about itself, asked by the programs of its own image, without a password and without
 * a look at the one that it may have. It is only read.
 */
export async function askServer(
  { exec }: Pick<DockerEngine, 'exec'>,
  service: SeenService,
  kind: ServerKind,
): Promise<ServerAnswer> {
  if (service.container === undefined || !service.running) return { kind: 'silent' };
  const { command, read, refused } = questions[kind];
  try {
    const signal = AbortSignal.timeout(patience * 1000);
    const { exitCode, stdout, stderr } = await exec(service.container, command(service), { signal });
    if (refused.test(`${stdout}\n${stderr}`)) return { kind: 'refused' };
    const answer = exitCode === 0 ? read(stdout.split(/\r?\n/)) : undefined;
    return answer ?? { kind: 'silent' };
  } catch (error) {
    if (error instanceof Failure && error.kind === 'DockerUnreachable') throw error;
    // It has no container any more, or takes too long.
    return { kind: 'silent' };
  }
}

const questions: Record<ServerKind, Question> = {
  postgres: {
    command: ({ settings }) => [
      'psql',
      '--no-psqlrc',
      '--no-password',
      '--no-align',
      '--tuples-only',
      '--dbname=template1',
      `--username=${settings['POSTGRES_USER'] ?? 'postgres'}`,
      '--command=select current_setting($$server_version$$)',
      '--command=select case when pg_is_in_recovery() then $$replica$$ else $$primary$$ end',
      '--command=select rolsuper from pg_roles where rolname = current_user',
      '--command=select datname from pg_database where datallowconn and not datistemplate order by 1',
    ],
    read: ([version = '', role = '', superuser = '', ...databases]) =>
      /^\d/.test(version)
        ? {
            kind: 'answered',
            server: `PostgreSQL ${firstWord(version)}`,
            facts: { role, superuser: superuser === 't' ? 'yes' : 'no', databases: listed(databases) },
          }
        : undefined,
    refused: /authentication failed|no password supplied|no pg_hba\.conf entry|role ".*" does not exist/i,
  },
  mysql: {
    command: () => [
      'sh',
      '-c',
      // As the backup asks: by the image's own socket, and by nothing that a variable or a user's file says.
      `unset MYSQL_PWD MYSQL_HOST; export HOME=/nonexistent; c=$(command -v mariadb || command -v mysql) &&
exec "$c" --user=root --batch --skip-column-names --execute='select version(); show databases'`,
    ],
    read: ([version = '', ...databases]) =>
      /^\d/.test(version)
        ? {
            kind: 'answered',
            server: `${/mariadb/i.test(version) ? 'MariaDB' : 'MySQL'} ${version.split('-')[0]}`,
            facts: { databases: listed(databases.filter((name) => !serversOwn.includes(name))) },
          }
        : undefined,
    refused: /Access denied for user/i,
  },
  redis: {
    command: () => [
      'sh',
      '-c',
      `redis-cli info server; redis-cli info replication; redis-cli info cluster
for name in ${redisSettings.join(' ')}; do echo "$name:$(redis-cli config get $name | tail -n +2)"; done`,
    ],
    read: (lines) => {
      const facts = new Map(lines.map((line) => [line.split(':')[0] ?? '', line.slice(line.indexOf(':') + 1).trim()]));
      const version = facts.get('valkey_version') ?? facts.get('redis_version');
      if (version === undefined) return undefined;
      return {
        kind: 'answered',
        server: `${facts.has('valkey_version') ? 'Valkey' : 'Redis'} ${version}`,
        facts: {
          role: facts.get('role') === 'slave' ? 'replica' : 'primary',
          cluster: facts.get('cluster_enabled') === '1' ? 'yes' : 'no',
          ...Object.fromEntries(redisSettings.map((name) => [name, facts.get(name) ?? ''])),
        },
      };
    },
    refused: /NOAUTH|NOPERM|WRONGPASS/,
  },
  etcd: {
    command: () => [
      'sh',
      '-c',
      `export ETCDCTL_API=3
etcdctl --command-timeout=5s endpoint status --write-out=json && etcdctl --command-timeout=5s get --limit=1 --keys-only /`,
    ],
    read: ([status = '']) => {
      // As text: the number is larger than a number of JavaScript's.
      const version = /"version":"([^"]+)"/.exec(status)?.[1];
      const cluster = /"cluster_id":(\d+)/.exec(status)?.[1];
      return version === undefined
        ? undefined
        : { kind: 'answered', server: `etcd ${version}`, facts: { ...(cluster !== undefined && { cluster }) } };
    },
    refused: /user name is empty|permission denied|invalid auth token/i,
  },
};

const redisSettings = [
  'save',
  'appendonly',
  'maxmemory',
  'maxmemory-policy',
  'dir',
  'dbfilename',
  'appendfilename',
  'appenddirname',
];

const serversOwn = ['mysql', 'information_schema', 'performance_schema', 'sys'];

const firstWord = (text: string) => text.split(/\s/)[0] ?? '';
const listed = (names: readonly string[]) => names.filter((name) => name !== '').join(', ');
