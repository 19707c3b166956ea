import type Docker from 'dockerode';
import { startCommand, type Running, type StreamedCommand } from './command.ts';

/** So much of the end of what a fed command writes is kept, when nothing else is asked for. */
const usuallyKept = 64 * 1024;

/**
 * Gives the pieces to a command in a container as its standard input, no faster than it takes them. When they throw, the command
 * is killed before its input ends, so that it cannot take half of them for all. Returns the end of its output. Failures:
 * ServiceNotFound, ContainerFailed; what the pieces throw.
 */
export async function feed(
  docker: Docker,
  container: string,
  command: StreamedCommand,
  pieces: AsyncIterable<Uint8Array>,
  { signal, keptBytes = usuallyKept }: { signal?: AbortSignal; keptBytes?: number } = {},
): Promise<string> {
  const running = await startCommand(docker, container, command, { input: true, ...(signal && { signal }) });
  const reading = read(running, keptBytes);
  // It is awaited when all is written.
  reading.catch(() => undefined);
  try {
    // Before its first byte: from now on the command can be killed before its input ends.
    await Promise.race([running.started, reading]);
    await write(running, pieces);
    const output = await reading;
    signal?.throwIfAborted();
    await running.demandSuccess();
    return output;
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    await running.stop();
  }
}

async function read({ frames, heard }: Running, keptBytes: number): Promise<string> {
  const output: Uint8Array[] = [];
  let length = 0;
  for await (const { stream, bytes } of frames) {
    if (stream === 'stderr') heard(bytes);
    else {
      output.push(bytes);
      length += bytes.length;
      while (length - (output[0]?.length ?? 0) >= keptBytes) length -= output.shift()?.length ?? 0;
    }
  }
  return Buffer.concat(output).subarray(-keptBytes).toString('utf8');
}

async function write({ connection }: Running, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  // A command that ends before its input does is judged by its exit code.
  const gone = () => connection.destroyed || connection.readableEnded || connection.writableEnded;
  for await (const piece of pieces) {
    if (gone()) return;
    if (!connection.write(piece)) await roomIn(connection);
  }
  if (!gone()) connection.end();
}

/** Also when it is gone: then the next piece is not written. */
function roomIn(connection: Running['connection']): Promise<void> {
  const events = ['drain', 'close', 'end', 'error'] as const;
  return new Promise((resolve) => {
    const done = () => {
      for (const event of events) connection.off(event, done);
      resolve();
    };
    for (const event of events) connection.on(event, done);
  });
}
