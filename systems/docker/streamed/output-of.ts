import type Docker from 'dockerode';
import { startCommand, type StreamedCommand } from './command.ts';

/**
 * What a command in a container writes to its standard output, no faster than it is read. It throws, at its end at the latest,
 * unless the command ends with exit code 0; who stops reading ends the command. Failures: ServiceNotFound, ContainerFailed.
 */
export async function* outputOf(
  docker: Docker,
  container: string,
  command: StreamedCommand,
  { signal }: { signal?: AbortSignal } = {},
): AsyncGenerator<Uint8Array> {
  const running = await startCommand(docker, container, command, { input: false, ...(signal && { signal }) });
  try {
    for await (const { stream, bytes } of running.frames) {
      if (stream === 'stdout') yield bytes;
      else running.heard(bytes);
    }
    signal?.throwIfAborted();
    await running.demandSuccess();
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    await running.stop();
  }
}
