import { Failure } from '../../domain/failures.ts';
import type { MysqlFlavour } from '../../domain/mysql/expected.ts';
import type { StreamedCommand } from '../docker/streamed/command.ts';
import { pause } from '../pause.ts';
import type { Pieces } from '../streams/pieces.ts';
import { program, type MysqlAccess } from './access.ts';

// cspell:ignore tablespaces

/** What all dumps have in common; everything that an option file of the image could say otherwise is said. */
const common = [
  ...['--single-transaction', '--skip-lock-tables', '--quick', '--hex-blob', '--tz-utc', '--max-allowed-packet=1G'],
  ...['--default-character-set=utf8mb4', '--no-tablespaces', '--comments', '--skip-dump-date', '--add-drop-trigger'],
];

/**
 * mysqldump with its options and, behind them, names. MySQL's would note which transactions the server ever saw, and a server
 * that has seen others takes no such dump.
 */
export function dump(
  access: MysqlAccess,
  flavour: MysqlFlavour,
  { options, names, what }: { options: readonly string[]; names: readonly string[]; what: string },
): StreamedCommand {
  const own = flavour === 'mysql' ? ['--set-gtid-purged=OFF'] : [];
  return program(access, { which: 'dump', options: [...common, ...own, ...options, '--', ...names], what });
}

/** The last line of a dump that came to its end. */
const lastLine = '-- Dump completed';

/** Passes a dump on, and throws at its end when its last line is missing: what is cut off must not be taken for all of it. */
export async function* complete(pieces: Pieces, what: string): AsyncGenerator<Uint8Array> {
  let tail = Buffer.alloc(0);
  for await (const piece of pieces) {
    tail = Buffer.concat([tail, piece.subarray(-200)]).subarray(-200);
    yield piece;
  }
  if (!tail.toString('latin1').trimEnd().split('\n').at(-1)?.startsWith(lastLine))
    throw new Failure('ContainerFailed', {
      message: `${what} is cut off: its last line is not "${lastLine}"`,
      remedy: 'Look for a full disk or a lack of memory in the container, and at the log of the server, then retry',
    });
}

/** A dump that has been started. */
export interface Started {
  /** Whether its own snapshot was seen to have begun within the time. */
  begun: boolean;
  /** All of it, from its beginning. */
  pieces: Pieces;
  /** Ends it, unless it has ended. */
  stop: () => Promise<void>;
}

/** What stands in the dump right after its snapshot has begun. */
const mark = '-- Current Database: ';

/** Starts a dump and waits until its snapshot has begun, and no longer than so many seconds. Failures: those of the pieces. */
export async function startDump(source: Pieces, seconds: number, signal?: AbortSignal): Promise<Started> {
  const iterator = source[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  const reading = readTo(iterator, first);
  // Whoever reads the pieces hears of it.
  reading.catch(() => undefined);
  const waiting = new AbortController();
  const late = pause(seconds * 1000, AbortSignal.any([waiting.signal, ...(signal ? [signal] : [])])).then(() => false);
  late.catch(() => undefined);
  const stop = async (): Promise<void> => void (await iterator.return?.());
  try {
    const begun = await Promise.race([reading.then(() => true), late]);
    return { begun, pieces: rest(iterator, first, reading), stop };
  } catch (error) {
    void stop().catch(() => undefined);
    throw error;
  } finally {
    waiting.abort();
  }
}

async function readTo(iterator: AsyncIterator<Uint8Array>, first: Uint8Array[]): Promise<void> {
  for (let text = ''; !text.includes(mark);) {
    const next = await iterator.next();
    if (next.done === true) return;
    first.push(next.value);
    text = `${text.slice(-mark.length)}${Buffer.from(next.value).toString('latin1')}`;
  }
}

async function* rest(
  iterator: AsyncIterator<Uint8Array>,
  first: Uint8Array[],
  reading: Promise<void>,
): AsyncGenerator<Uint8Array> {
  await reading;
  yield* first.splice(0);
  for (;;) {
    const next = await iterator.next();
    if (next.done === true) return;
    yield next.value;
  }
}
