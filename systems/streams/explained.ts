import { Failure } from '../../domain/failures.ts';
import type { StoreContainer } from '../docker/streamed/store-container.ts';
import type { Pieces } from './pieces.ts';

/** How a kind's programs say that the server refuses the user, or does not answer; and what to do about it, by the store's name. */
export interface Symptoms {
  refused: RegExp;
  silent: RegExp;
  remedies: Record<'refused' | 'silent', (store: string) => string>;
}

/** What an error stands for. In place of ContainerFailed: WrongCredentials; ServiceUnhealthy, which may be retried. */
export function explain(error: unknown, store: string, { refused, silent, remedies }: Symptoms): unknown {
  if (!(error instanceof Failure) || error.kind !== 'ContainerFailed') return error;
  const { message } = error;
  if (refused.test(message))
    return new Failure('WrongCredentials', { message, remedy: remedies.refused(store) }, { cause: error });
  if (silent.test(message))
    return new Failure('ServiceUnhealthy', { message, remedy: remedies.silent(store) }, { cause: error });
  return error;
}

export async function explained<T>(work: () => Promise<T>, store: string, symptoms: Symptoms): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explain(error, store, symptoms);
  }
}

export async function* explainedPieces(pieces: Pieces, store: string, symptoms: Symptoms): AsyncGenerator<Uint8Array> {
  try {
    yield* pieces;
  } catch (error) {
    throw explain(error, store, symptoms);
  }
}

/** The same container, whose programs fail with what their errors stand for. */
export function explainedContainer(container: StoreContainer, store: string, symptoms: Symptoms): StoreContainer {
  return {
    name: container.name,
    outputOf: (command, options) => explainedPieces(container.outputOf(command, options), store, symptoms),
    feed: (command, pieces, options) => explained(() => container.feed(command, pieces, options), store, symptoms),
    hold: (command, input, options) => explained(() => container.hold(command, input, options), store, symptoms),
  };
}
