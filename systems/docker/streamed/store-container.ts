import type Docker from 'dockerode';
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

export function storeContainer(docker: Docker, name: string): StoreContainer {
  return {
    name,
    outputOf: (command, options) => outputOf(docker, name, command, options),
    feed: (command, pieces, options) => feed(docker, name, command, pieces, options),
    hold: (command, input, options) => hold(docker, name, command, input, options),
  };
}
