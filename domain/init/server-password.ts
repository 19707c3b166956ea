import type { StoreName } from '../platform.ts';
import { asks, says, type Part } from './proposal.ts';
import { secretFor } from './secrets.ts';
import type { SeenService, ServerAnswer } from './seen.ts';
import type { ServerKind } from './signatures.ts';

interface Access {
  /** Variables of the container that hold the password itself, or with `_FILE` the path of its file. */
  variables: RegExp;
  /** Names of files with secrets that may be meant. */
  files: RegExp;
  /** Who logs in with it, where a store does not know that by itself. */
  username?: string;
  /** A server that did not answer wants one, whatever its variables say. */
  always?: true;
}

const accesses: Record<ServerKind, Access> = {
  // The official image trusts whoever comes by its socket; Bitnami's does not.
  postgres: {
    variables: /^(POSTGRESQL_(POSTGRES_)?PASSWORD|POSTGRES_PASSWORD)(_FILE)?$/,
    files: /(postgres|pg|db|database).*pass|pass.*(postgres|pg|db)/i,
  },
  mysql: {
    variables: /^(MYSQL|MARIADB)_(MYSQL_|MARIADB_)?ROOT_PASSWORD(_FILE)?$/,
    files: /root.*pass|pass.*root|(mysql|mariadb|db|database).*pass/i,
    always: true,
  },
  redis: { variables: /^(REDIS|VALKEY)_PASSWORD(_FILE)?$/, files: /(redis|valkey).*pass|pass.*(redis|valkey)/i },
  etcd: { variables: /^ETCD_ROOT_PASSWORD(_FILE)?$/, files: /etcd.*pass|pass.*etcd/i, username: 'root' },
};

/** Username and password by reference, where the server wants them; it is never asked with one. */
export function passwordFor(
  kind: ServerKind,
  { name, services, answer }: { name: StoreName; services: readonly SeenService[]; answer: ServerAnswer },
): Part<Record<string, unknown>> {
  const { variables, files, username, always } = accesses[kind];
  const given = services.flatMap((service) => service.variables.filter((variable) => variables.test(variable)));
  const likely = always === true || given.some((variable) => !/^POSTGRES_/.test(variable));
  if (answer.kind === 'answered')
    return { value: {}, remarks: [says([], 'It asks programs in its own container for no password.')] };
  if (answer.kind === 'silent' && !likely) return { value: {}, remarks: [] };
  const [path] = services.flatMap(({ settings }) => given.flatMap((variable) => settings[variable] ?? []));
  const file = path === undefined ? undefined : /([^/]+)$/.exec(path)?.[1];
  const inVariable = given.find((variable) => !variable.endsWith('_FILE'));
  const password = secretFor(services, {
    at: ['password'],
    wanted: files,
    ...(file !== undefined && { file }),
    name: `${name}_password`,
    what: `the password${inVariable === undefined ? '' : ` (the container has it in ${inVariable})`}`,
  });
  return {
    value: { ...(username !== undefined && { username }), password: password.value },
    remarks: [...(username === undefined ? [] : [asks(['username'], 'Who has the role root.')]), ...password.remarks],
  };
}
