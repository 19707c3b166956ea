import { Failure } from '../../domain/failures.ts';
import type { StoreContainer } from '../docker/streamed/store-container.ts';

/** What the programs say when the server does not answer, or ends their session because it stops. */
const silent =
  /could not connect|connection to server .* failed|connection refused|the database system is (starting up|shutting down|in recovery mode|not yet accepting)|terminating connection due to administrator command|server closed the connection|is the server running|connection to server was lost/i;
/** The same words, and no waiting helps. */
const refused =
  /FATAL: +(password authentication failed|no pg_hba\.conf entry|role ".*" does not exist)|no password supplied/i;

/**
 * The same container; a server that does not answer is a failure that may be retried, and one that refuses the user names the
 * password. Failures in place of ContainerFailed: ServiceUnhealthy, WrongCredentials.
 */
export function answering(container: StoreContainer, store: string): StoreContainer {
  const explained = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw explain(error, store);
    }
  };
  return {
    name: container.name,
    async *outputOf(command, options) {
      try {
        yield* container.outputOf(command, options);
      } catch (error) {
        throw explain(error, store);
      }
    },
    feed: (command, pieces, options) => explained(() => container.feed(command, pieces, options)),
    hold: (command, input, options) => explained(() => container.hold(command, input, options)),
  };
}

function explain(error: unknown, store: string): unknown {
  if (!(error instanceof Failure) || error.kind !== 'ContainerFailed') return error;
  const { message } = error;
  if (refused.test(message))
    return new Failure(
      'WrongCredentials',
      { message, remedy: `Correct "username" and "password" of the store "${store}" in the platform file` },
      { cause: error },
    );
  if (!silent.test(message)) return error;
  const remedy = 'Find out in the log of the container why the server does not answer';
  return new Failure('ServiceUnhealthy', { message, remedy }, { cause: error });
}
