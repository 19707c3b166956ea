import type Docker from 'dockerode';
import { Duplex } from 'node:stream';

/** A frame as the engine sends it. */
export function frame(stream: 'stdout' | 'stderr', content: string | Uint8Array): Buffer {
  const bytes = Buffer.from(content as string);
  const header = Buffer.alloc(8);
  header[0] = stream === 'stdout' ? 1 : 2;
  header.writeUInt32BE(bytes.length, 4);
  return Buffer.concat([header, bytes]);
}

export interface FakeCommand {
  /** What the engine sends, in these very pieces; a generator may wait. */
  sends: (fake: FakeEngine) => AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  exitCode: number | null;
}

export interface FakeEngine {
  docker: Docker;
  /** Commands other than the first, such as `kill`. */
  others: string[][];
  environment: string[];
  /** What came on standard input. */
  input: () => string;
  /** Settled when standard input ended in order. */
  inputEnded: Promise<void>;
  /** How many bytes were taken from the source by now. */
  sent: () => number;
  /** Settled when something was killed. */
  killed: Promise<void>;
}

/** An engine in which one command runs as is said; all others end at once with 0. */
export function fakeEngine({ sends, exitCode }: FakeCommand): FakeEngine {
  const taken: Uint8Array[] = [];
  const others: string[][] = [];
  const environment: string[] = [];
  let sent = 0;
  let first = true;
  let hasEnded = (): void => undefined;
  let wasKilled = (): void => undefined;
  const inputEnded = new Promise<void>((resolve) => (hasEnded = resolve));
  const killed = new Promise<void>((resolve) => (wasKilled = resolve));
  const connectionOf = (pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>) => {
    const iterator = Symbol.asyncIterator in pieces ? pieces[Symbol.asyncIterator]() : pieces[Symbol.iterator]();
    return new Duplex({
      allowHalfOpen: true,
      readableHighWaterMark: 1024,
      read() {
        void Promise.resolve(iterator.next()).then(
          ({ done, value }) => {
            if (done !== true) sent += value.length;
            this.push(done === true ? null : value);
          },
          (error: unknown) => this.destroy(error as Error),
        );
      },
      write(piece: Uint8Array, _encoding, taking) {
        taken.push(Uint8Array.from(piece));
        taking();
      },
      final(done) {
        hasEnded();
        done();
      },
    });
  };
  const engine: FakeEngine = {
    docker: {
      modem: { demuxStream: (connection: Duplex) => connection.resume() },
      getContainer: () => ({
        exec: ({ Cmd, Env = [] }: { Cmd: string[]; Env?: string[] }) => {
          const isFirst = first;
          first = false;
          if (!isFirst) others.push(Cmd);
          else environment.push(...Env);
          return Promise.resolve({
            start: () => {
              if (!isFirst) wasKilled();
              return Promise.resolve(connectionOf(isFirst ? sends(engine) : []));
            },
            inspect: () => Promise.resolve({ ExitCode: isFirst ? exitCode : 0 }),
          });
        },
      }),
    } as unknown as Docker,
    others,
    environment,
    input: () => Buffer.concat(taken).toString(),
    inputEnded,
    sent: () => sent,
    killed,
  };
  return engine;
}
