import { majorOf } from '../../domain/redis/compatibility.ts';
import type { RedisServer } from '../../domain/redis/expected.ts';
import { Failure } from '../../domain/failures.ts';
import type { Watch } from '../../domain/watch.ts';
import { exchange, newFolder, type Exchanged } from '../docker/exchange/exchange.ts';
import { pause, pollMilliseconds } from '../pause.ts';
import { textOf, type Pieces } from '../streams/pieces.ts';
import { runId } from '../streams/run-id.ts';
import { observeServer, say, type RedisAccess } from './access.ts';

/** All that a server reads when it starts. */
export function exchangedOf({ container, files, store }: RedisAccess, run: string): Exchanged {
  const { folder, file, appendFolder, appendFile } = files;
  return { container, folder, id: runId(run, store), entries: [file, appendFolder, appendFile] };
}

/**
 * Makes the data ready next to what is there, in the form that the server reads when it starts: with an append-only file it reads
 * nothing else, so the data becomes the beginning of one. It is checked while the server runs; then that is stopped, the files
 * change places, and it is started. Failures: ContainerFailed (damaged, no room), ServiceUnhealthy; what the pieces throw.
 */
export async function restoreRedis(access: RedisAccess, pieces: Pieces, run: string, watch: Watch): Promise<void> {
  const { signal } = watch;
  const { container } = access;
  // An earlier attempt may have died between stop and start.
  await container.start(watch);
  await awaitAnswer(access, watch);
  const server = await observeServer(access, signal);
  const exchanged = exchangedOf(access, run);
  const at = newFolder(exchanged);
  try {
    await feedTo(access, { at, ...placeIn(access, server) }, pieces, signal);
  } catch (error) {
    const script = { command: ['rm', '-rf', at], what: 'Removing the unfinished copy' };
    await textOf(container.outputOf(script)).catch(() => undefined);
    throw error;
  }
  await container.stop(watch);
  await exchange(exchanged, watch);
  await container.start(watch);
  await awaitAnswer(access, watch);
}

/** Below the new folder: where the data goes, and what says so to the server. */
function placeIn(
  { files }: RedisAccess,
  server: RedisServer,
): { file: string; manifest?: [path: string, text: string] } {
  if (!server.appendOnly) return { file: files.file };
  // Before Redis 7 an append-only file may begin with a copy of the data; from then on there is a folder of them.
  if (majorOf(server.serverVersion) < 7) return { file: files.appendFile };
  const base = `${files.appendFile}.1.base.rdb`;
  const manifest = `file ${base} seq 1 type b\n`;
  return {
    file: `${files.appendFolder}/${base}`,
    manifest: [`${files.appendFolder}/${files.appendFile}.manifest`, manifest],
  };
}

async function feedTo(
  { container, files }: RedisAccess,
  { at, file, manifest }: { at: string; file: string; manifest?: [path: string, text: string] },
  pieces: Pieces,
  signal: AbortSignal | undefined,
): Promise<void> {
  // The checker writes to its standard output what is wrong; the last line on standard error is what people see.
  const script = `set -eu
rm -rf "$1"
mkdir -p "$(dirname "$1/$2")"
cat >"$1/$2"
said=$(redis-check-rdb "$1/$2") || { printf '%s\\n' "$said" >&2; echo "redis-check-rdb refuses the copy of the data" >&2; exit 1; }
if [ -n "$3" ]; then printf '%s' "$4" >"$1/$3"; fi
chown -R "$(stat -c %u:%g "$5")" "$1"`;
  const given = [at, file, manifest?.[0] ?? '', manifest?.[1] ?? '', files.folder];
  const what = `Storing and checking the data in ${files.folder}`;
  await container.feed({ command: ['sh', '-c', script, 'rekindle', ...given], what }, pieces, {
    ...(signal && { signal }),
  });
}

/** A server that loads much takes its time: this long may it take, in seconds. */
const loadSeconds = 3600;

/** Waits until the server has loaded its data. Failure: that of the last question. */
export async function awaitAnswer(access: RedisAccess, { signal, onProgress }: Watch): Promise<void> {
  const since = performance.now();
  for (;;) {
    try {
      await answers(access, signal);
      return;
    } catch (error) {
      const done = Math.round((performance.now() - since) / 1000);
      if (!mayPass(error) || done >= loadSeconds) throw error;
      // One that cannot read its files ends at once, again and again.
      if (done >= goneSeconds && error instanceof Failure && error.kind === 'ServiceNotFound') throw error;
      const note = `${access.container.name} loads its data`;
      onProgress?.({ done, total: loadSeconds, unit: 'seconds', note });
      await pause(pollMilliseconds, signal);
    }
  }
}

const goneSeconds = 60;

/** Failures: ServiceUnhealthy while it loads its data, WrongCredentials. */
export async function answers(access: RedisAccess, signal?: AbortSignal): Promise<void> {
  const said = await say(access, ['ping'], 'Asking whether the server answers', signal);
  if (said.trim() === 'PONG') return;
  throw new Failure('ServiceUnhealthy', {
    message: `Redis in the container ${access.container.name} answers ${said.trim()}`,
    remedy: 'Look at the log of the container',
  });
}

function mayPass(error: unknown): boolean {
  return error instanceof Failure && (error.kind === 'ServiceUnhealthy' || error.kind === 'ServiceNotFound');
}
