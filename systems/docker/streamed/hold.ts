import type Docker from 'dockerode';
import { startCommand, type Running, type StreamedCommand } from './command.ts';

/** A command that waits for more input, and holds something meanwhile: a lock, a snapshot. */
export interface Held {
  /** The first line that it said. */
  line: string;
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
  let hasSaid = (_: string): void => undefined;
  const line = new Promise<string>((resolve) => (hasSaid = resolve));
  const reading = read(running, hasSaid);
  // It is awaited below, or when the command is released.
  reading.catch(() => undefined);
  try {
    running.connection.write(input);
    const first = await Promise.race([line, reading.then(() => undefined)]);
    if (first !== undefined) return { line: first, release: () => release(running, reading) };
    await running.demandSuccess();
    throw Object.assign(new Error('the connection ended before the command'), { code: 'ECONNRESET' });
  } catch (error) {
    await running.stop();
    signal?.throwIfAborted();
    throw error;
  }
}

async function read({ frames, heard }: Running, onLine: (line: string) => void): Promise<void> {
  let text = '';
  for await (const { stream, bytes } of frames) {
    if (stream === 'stderr') heard(bytes);
    else if (!text.includes('\n')) text += Buffer.from(bytes).toString('utf8');
    const end = text.indexOf('\n');
    if (end >= 0) onLine(text.slice(0, end));
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
