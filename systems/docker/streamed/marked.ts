import { Readable } from 'node:stream';
import type { StoreContainer } from './store-container.ts';

/** The variable by which programs of a run are found in a container when the worker that started them is dead. */
export const markVariable = 'REKINDLE_RUN';

// Read from the environment that a program began with, which is shown to its own user alone.
const script = `for process in /proc/[0-9]*; do
  if tr '\\0' '\\n' <"$process/environ" 2>/dev/null | grep -qxF "$1"; then kill -TERM "\${process#/proc/}" 2>/dev/null; fi
done
exit 0`;

/** Ends what a run's earlier, dead attempt left running in the container. Failures: ServiceNotFound, ContainerFailed. */
export async function endMarked(
  container: StoreContainer,
  mark: string,
  { user, signal }: { user?: string; signal?: AbortSignal } = {},
): Promise<void> {
  const command = {
    command: ['sh', '-c', script, 'sh', `${markVariable}=${mark}`],
    what: 'Ending programs of an earlier attempt',
    ...(user !== undefined && { user }),
  };
  await container.feed(command, Readable.from([]), { ...(signal && { signal }) });
}
