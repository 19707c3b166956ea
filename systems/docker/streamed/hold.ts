import { StringDecoder } from 'node:string_decoder';
import type Docker from 'dockerode';
import { startCommand, type Running, type StreamedCommand } from './command.ts';

/** A command that waits for more input, and holds something meanwhile: a lock, a snapshot. */
export interface Held {
  /** The first line that it said. */
  line: string;
  /**
   * Gives it more input, and returns the lines that it says up to the line `end`; one question at a time. Failure:
   * ContainerFailed when it dies meanwhile.
   */
  ask: (input: string, end: string) => Promise<string[]>;
  /** Ends it in order. Failures: ContainerFailed when it had died, and held nothing any more. */
  release: () => Promise<void>;
}

/**
 * Starts a command, gives it `input` and waits for its first line; it then runs until it is released, and no longer than this
 * process lives: its input ends with the connection. Failures: ServiceNotFound, ContainerFailed.
 */
export async function hold(
  docker: Docker,
  container: string,
  command: StreamedCommand,
  input: string,
  { signal }: { signal?: AbortSignal } = {},
): Promise<Held> {
  const running = await startCommand(docker, container, command, { input: true, ...(signal && { signal }) });
  const lines = new Lines();
  const reading = read(running, lines);
  // It is awaited below, or when the command is released.
  reading.catch(() => undefined);
  // Undefined when it ends before it says a line.
  const next = (): Promise<string | undefined> => Promise.race([lines.next(), reading.then(() => undefined)]);
  const died = async (): Promise<Error> => {
    await running.demandSuccess();
    return Object.assign(new Error('the connection ended before the command'), { code: 'ECONNRESET' });
  };
  try {
    running.connection.write(input);
    const first = await next();
    if (first === undefined) throw await died();
    return {
      line: first,
      async ask(more, end) {
        running.connection.write(more);
        const said: string[] = [];
        for (;;) {
          const line = await next();
          signal?.throwIfAborted();
          if (line === undefined) throw await died();
          if (line === end) return said;
          said.push(line);
        }
      },
      release: () => release(running, reading),
    };
  } catch (error) {
    await running.stop();
    signal?.throwIfAborted();
    throw error;
  }
}

/** Lines that wait for who asks, or the other way round; what nobody asked for yet is kept, so it must be little. */
class Lines {
  private text = '';
  private readonly ready: string[] = [];
  private waiting: ((line: string) => void) | undefined;

  add(text: string): void {
    const [last = '', ...complete] = `${this.text}${text}`.split('\n').toReversed();
    this.text = last;
    for (const line of complete.toReversed()) {
      this.ready.push(line);
      this.wake();
    }
  }

  next(): Promise<string> {
    return new Promise((resolve) => {
      this.waiting = resolve;
      this.wake();
    });
  }

  private wake(): void {
    if (!this.waiting) return;
    const line = this.ready.shift();
    if (line === undefined) return;
    this.waiting(line);
    this.waiting = undefined;
  }
}

async function read({ frames, heard }: Running, lines: Lines): Promise<void> {
  const decoder = new StringDecoder('utf8');
  for await (const { stream, bytes } of frames) {
    if (stream === 'stderr') heard(bytes);
    else lines.add(decoder.write(Buffer.from(bytes)));
  }
}

async function release(running: Running, reading: Promise<void>): Promise<void> {
  try {
    running.connection.end();
    await reading;
    await running.demandSuccess();
  } finally {
    await running.stop();
  }
}
