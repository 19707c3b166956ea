import { asks, isPlain, says, type Part, type Remark } from './proposal.ts';
import type { SeenService, ServerAnswer } from './seen.ts';
import type { ServerKind } from './signatures.ts';

/** What the store's services and answer say of its keys, but for the password. */
type OwnKeys = (services: readonly SeenService[], answer: ServerAnswer) => Part<Record<string, unknown>>;

const nothing = { value: {}, remarks: [] };

export const ownKeys: Record<ServerKind, OwnKeys> = {
  postgres: ([service], answer) => {
    const username = service?.settings['POSTGRES_USER'];
    const named = username !== undefined && username !== 'postgres' && isPlain(username);
    const facts = answer.kind === 'answered' ? answer.facts : undefined;
    return {
      value: { ...(named && { username }) },
      remarks: [
        ...databasesRemark(facts),
        ...(named ? [says(['username'], "The superuser of the image's first start.")] : []),
        ...(facts?.['superuser'] === 'no'
          ? [asks([], 'The user is no superuser, which a backup needs: name one.')]
          : []),
      ],
    };
  },
  mysql: (_, answer) => ({
    value: { username: 'root' },
    remarks: databasesRemark(answer.kind === 'answered' ? answer.facts : undefined),
  }),
  redis: (_, answer) => redisFiles(answer),
  etcd: (services) => {
    const tls = services.some(({ settings }) => /https:/.test(settings['ETCD_LISTEN_CLIENT_URLS'] ?? ''));
    const joining = services.some(({ settings }) => settings['ETCD_INITIAL_CLUSTER_STATE'] === 'existing');
    const [ca] = services.map(({ settings }) => settings['ETCD_TRUSTED_CA_FILE']);
    return {
      value: { ...(tls && { tls: { ...(ca?.startsWith('/') === true && isPlain(ca) && { ca }) } }) },
      remarks: [
        ...(tls
          ? [asks(['tls'], 'Which certificate does the server want of its clients? Paths in its container.')]
          : []),
        ...(joining
          ? [
              asks(
                [],
                'A member with ETCD_INITIAL_CLUSTER_STATE=existing does not start on an empty volume: write "new".',
              ),
            ]
          : []),
      ],
    };
  },
};

function databasesRemark(facts: Record<string, string> | undefined): Remark[] {
  const names = facts?.['databases'];
  return names === undefined ? [] : [says([], `All its databases: ${names || 'none yet'}.`)];
}

/** Where a server has its files otherwise than the platform file takes for granted. */
function redisFiles(answer: ServerAnswer): Part<Record<string, unknown>> {
  if (answer.kind !== 'answered') return nothing;
  const { facts } = answer;
  const usual = [
    ['dataPath', 'dir', '/data'],
    ['file', 'dbfilename', 'dump.rdb'],
    ['appendFile', 'appendfilename', 'appendonly.aof'],
    ['appendFolder', 'appenddirname', 'appendonlydir'],
  ] as const;
  const differing = usual.flatMap(([key, setting, expected]): [string, string][] => {
    const value = facts[setting];
    return value === undefined || value === expected || !fits(key === 'dataPath', value) ? [] : [[key, value]];
  });
  return { value: Object.fromEntries(differing), remarks: [] };
}

const fits = (isPath: boolean, value: string) =>
  isPlain(value) && (isPath ? /^\/[^\p{Cc}]*[^\p{Cc}/]$/u : /^(?!\.{1,2}$)[^/\p{Cc}]+$/u).test(value);
