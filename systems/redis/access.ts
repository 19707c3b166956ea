import type { RedisFiles } from '../../domain/redis/compatibility.ts';
import type { RedisServer } from '../../domain/redis/expected.ts';
import { contains } from '../../domain/mounts.ts';
import { Failure } from '../../domain/failures.ts';
import type { StoppableContainer } from '../docker/exchange/stoppable-container.ts';
import type { StreamedCommand } from '../docker/streamed/command.ts';
import { explain, explainedPieces, type Symptoms } from '../streams/explained.ts';
import { textOf, type Pieces } from '../streams/pieces.ts';

/** How a Redis server is reached: by the programs of its own image, within its own container. */
export interface RedisAccess {
  store: string;
  container: StoppableContainer;
  /** As a program in the container reaches the server. */
  host: string;
  port: number;
  /** Absent: the user that all are who name none. */
  username?: string;
  /** Absent: the server wants none. */
  password?: string;
  /** Paths within the container. */
  tls?: { ca?: string; certificate?: string; key?: string };
  files: RedisFiles;
}

/** redis-cli, with the password in its environment, where nobody sees it. */
export function redisCli(
  { host, port, username, password, tls }: RedisAccess,
  { words, what }: { words: string[]; what: string },
): StreamedCommand {
  const certificates = [
    ...(tls ? ['--tls'] : []),
    ...(tls?.ca === undefined ? [] : ['--cacert', tls.ca]),
    ...(tls?.certificate === undefined ? [] : ['--cert', tls.certificate]),
    ...(tls?.key === undefined ? [] : ['--key', tls.key]),
  ];
  const user = username === undefined ? [] : ['--user', username];
  return {
    command: ['redis-cli', '-h', host, '-p', String(port), ...certificates, ...user, '--no-auth-warning', ...words],
    ...(password !== undefined && { environment: { REDISCLI_AUTH: password }, secrets: [password] }),
    what,
  };
}

/** What the server says to a command. Failures: WrongCredentials, ServiceUnhealthy (it loads its data), ContainerFailed. */
export async function say(access: RedisAccess, words: string[], what: string, signal?: AbortSignal): Promise<string> {
  const output = access.container.outputOf(redisCli(access, { words, what }), { ...(signal && { signal }) });
  const said = await textOf(explainedOutput(access, output));
  // It ends with 0 although the server refused.
  if (/^(\(error\) )?(NOAUTH|WRONGPASS|NOPERM|LOADING|MASTERDOWN|ERR|DENIED|MISCONF)\b/.test(said))
    throw explain(refusal(access, what, said.split('\n')[0]?.trim() ?? ''), access.store, symptoms);
  return said;
}

function refusal({ container }: RedisAccess, what: string, words: string): Failure {
  return new Failure('ContainerFailed', {
    message: `${what} was refused by Redis in the container ${container.name}: ${words}`,
    remedy: 'Fix what it reports, then retry; the log of the container may say more',
  });
}

const symptoms: Symptoms = {
  refused: /NOAUTH|WRONGPASS|NOPERM|invalid username-password|AUTH failed|no password is set/,
  silent: /Could not connect|Connection refused|Connection reset|LOADING|Server closed the connection|I\/O error/i,
  remedies: {
    refused: (store) =>
      `Correct "username" and "password" of the store "${store}" in the platform file; the user needs the rights of +@all`,
    silent: (store) =>
      `Find out in the log of the container why the server does not answer; check "port" and "tls" of the store "${store}" in the platform file`,
  },
};

/** Failures in place of ContainerFailed: WrongCredentials; ServiceUnhealthy, which may be retried. */
export const explainedOutput = ({ store }: RedisAccess, pieces: Pieces): AsyncGenerator<Uint8Array> =>
  explainedPieces(pieces, store, symptoms);

/** What the server is. Failures: WrongCredentials, ServiceUnhealthy, ContainerFailed. */
export async function observeServer(access: RedisAccess, signal?: AbortSignal): Promise<RedisServer> {
  const info = lines(await say(access, ['info'], 'Reading what the server is', signal), ':');
  const setting = async (name: string) => {
    const [, value = ''] = (await say(access, ['config', 'get', name], `Reading the setting ${name}`, signal)).split(
      '\n',
    );
    return value.trim();
  };
  const folder = await setting('dir');
  const appendFolder = await setting('appenddirname');
  const { mounts, swarm } = await access.container.describe();
  return {
    serverVersion: info.get('redis_version') ?? '0',
    role: info.get('role') ?? '',
    cluster: info.get('cluster_enabled') === '1',
    usedMemory: Number(info.get('used_memory') ?? 0),
    appendOnly: (await setting('appendonly')) === 'yes',
    folder,
    file: await setting('dbfilename'),
    appendFile: await setting('appendfilename'),
    ...(appendFolder !== '' && { appendFolder }),
    dataInVolume: mounts.some((mount) => contains(mount, folder)),
    inSwarm: swarm,
  };
}

function lines(text: string, separator: string): Map<string, string> {
  return new Map(
    text
      .split(/\r?\n/)
      .filter((line) => line.includes(separator))
      .map((line) => [line.slice(0, line.indexOf(separator)), line.slice(line.indexOf(separator) + 1)]),
  );
}
