import { Failure } from '../../domain/failures.ts';
import type { Described, StoppableContainer } from '../docker/exchange/stoppable-container.ts';
import type { Exchanged } from '../docker/exchange/exchange.ts';
import { explained as explainedBy, type Symptoms } from '../streams/explained.ts';
import { textOf } from '../streams/pieces.ts';
import { runId } from '../streams/run-id.ts';
import type { StreamedCommand } from '../docker/streamed/command.ts';

/** How an etcd cluster is reached: each member by the programs of its own image, within its own container. */
export interface EtcdAccess {
  store: string;
  /** Of the members; the first speaks for the store. */
  containers: readonly [StoppableContainer, ...StoppableContainer[]];
  /** As a program in each container reaches its own member: `http://127.0.0.1:2379`. */
  endpoint: string;
  /** Absent: authentication is off. */
  user?: { name: string; password: string };
  /** Paths within the containers. */
  tls?: { ca?: string; certificate?: string; key?: string };
  /** The data folder in the containers; absent: as the server's environment or command line has it. */
  dataPath?: string;
  /** The run's own name, by which what a dead worker left is found. */
  run: string;
}

/** How long a member may take to answer what it has at hand. */
const answerSeconds = 10;

/**
 * A program of the image. All that etcdctl must know goes through the environment, where nobody sees it; it refuses to have
 * the same of both, so no command line names any of it. `seconds`: after which etcdctl itself gives up; absent: never.
 */
export function program(
  { endpoint, user, tls = {} }: EtcdAccess,
  { command, what, seconds }: { command: string[]; what: string; seconds?: number },
): StreamedCommand {
  return {
    command,
    environment: {
      ETCDCTL_ENDPOINTS: endpoint,
      ETCDCTL_DIAL_TIMEOUT: '10s',
      ...(seconds !== undefined && { ETCDCTL_COMMAND_TIMEOUT: `${seconds}s` }),
      ...(user && { ETCDCTL_USER: user.name, ETCDCTL_PASSWORD: user.password }),
      ...(tls.ca !== undefined && { ETCDCTL_CACERT: tls.ca }),
      ...(tls.certificate !== undefined && { ETCDCTL_CERT: tls.certificate }),
      ...(tls.key !== undefined && { ETCDCTL_KEY: tls.key }),
    },
    ...(user && { secrets: [user.password] }),
    what,
  };
}

/** What a script in a container says, of which nothing is pasted together: arguments are `$1`, `$2`, …. Failure: ContainerFailed. */
export async function say(
  access: EtcdAccess,
  container: StoppableContainer,
  { script, arguments: given = [], what, seconds = answerSeconds, signal }: Script,
): Promise<string> {
  const command = program(access, { command: ['sh', '-c', `set -eu\n${script}`, 'rekindle', ...given], what, seconds });
  return explained(access, () => textOf(container.outputOf(command, { ...(signal && { signal }) })));
}

export interface Script {
  script: string;
  arguments?: string[];
  /** For messages. */
  what: string;
  seconds?: number;
  signal?: AbortSignal;
}

/** etcdutl, which took over the work on files, where the image has it. */
export const fileTool = 'tool=$(command -v etcdutl || command -v etcdctl)';

/** The member's folder of data, also while it does not run. Failures: ContainerFailed when nothing says where it is, ServiceNotFound. */
export async function exchangedOf(access: EtcdAccess, container: StoppableContainer): Promise<Exchanged> {
  const folder = access.dataPath ?? dataPathOf(access, container.name, await container.describe());
  return { container, folder, id: runId(access.run, access.store), entries: ['member'] };
}

/** What a server is started with says where its data is; a flag goes before the variable. Undefined: nothing does. */
export function etcdDataPath({ environment, words }: Pick<Described, 'environment' | 'words'>): string | undefined {
  const path = /^--?data-dir(?:=|\n)(\/.*)$/m.exec(words.join('\n'))?.[1] ?? environment['ETCD_DATA_DIR'] ?? '';
  return path.startsWith('/') ? path.replace(/(?<=.)\/+$/, '') : undefined;
}

function dataPathOf({ store }: EtcdAccess, container: string, described: Described): string {
  const path = etcdDataPath(described);
  if (path !== undefined) return path;
  throw new Failure('ContainerFailed', {
    message: `Neither the command nor the environment of the container ${container} says where etcd keeps its data`,
    remedy: `Name the folder in the container under "dataPath" of the store "${store}" in the platform file`,
  });
}

const symptoms: Symptoms = {
  refused: /invalid user ID or password|user name is empty|permission denied|invalid auth token/i,
  silent:
    /context deadline exceeded|connection refused|no leader|transport is closing|etcdserver: (request timed out|server stopped|not healthy)/i,
  remedies: {
    refused: (store) =>
      `Name a user with the role root under "username" and "password" of the store "${store}" in the platform file`,
    silent: (store) =>
      `Find out in the log of the container why the member does not answer; check "port" and "tls" of the store "${store}" in the platform file`,
  },
};

/** Failures in place of ContainerFailed: WrongCredentials, ServiceUnhealthy, which may be retried. */
export const explained = <T>({ store }: EtcdAccess, work: () => Promise<T>): Promise<T> =>
  explainedBy(work, store, symptoms);
