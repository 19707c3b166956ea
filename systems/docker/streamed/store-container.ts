import type Docker from 'dockerode';
import { containerOf } from '../swarm/containers.ts';
import type { StreamedCommand } from './command.ts';
import { feed } from './feed.ts';
import { hold, type Held } from './hold.ts';
import { outputOf } from './output-of.ts';

/** A running container in which a store's own tools are; see the functions of these names. */
export interface StoreContainer {
  name: string;
  outputOf: (command: StreamedCommand, options?: { signal?: AbortSignal }) => AsyncIterable<Uint8Array>;
  feed: (
    command: StreamedCommand,
    pieces: AsyncIterable<Uint8Array>,
    options?: { signal?: AbortSignal; keptBytes?: number },
  ) => Promise<string>;
  hold: (command: StreamedCommand, input: string, options?: { signal?: AbortSignal }) => Promise<Held>;
}

/** Around each call to the engine: what its errors stand for. */
export type Through = <T>(work: () => Promise<T>) => Promise<T>;

/** `name`: of a container, or of a Swarm service whose task is on this engine. */
export function storeContainer(docker: Docker, name: string, through: Through = (work) => work()): StoreContainer {
  const container = () => containerOf(docker, name);
  return {
    name,
    async *outputOf(command, options) {
      const pieces = outputOf(docker, await through(container), command, options);
      try {
        for (;;) {
          const next = await through(() => pieces.next());
          if (next.done === true) return;
          yield next.value;
        }
      } finally {
        await pieces.return(undefined);
      }
    },
    feed: (command, pieces, options) => through(async () => feed(docker, await container(), command, pieces, options)),
    hold: (command, input, options) => through(async () => hold(docker, await container(), command, input, options)),
  };
}
