import { Failure } from '../../domain/failures.ts';
import type { StoreContainer } from '../docker/streamed/store-container.ts';

/** No connection, or one that ended: ER_SERVER_SHUTDOWN, ER_NORMAL_SHUTDOWN, CR_* 2002, 2003, 2006, 2013, 2026, 2055. */
const silent = /\b(ERROR|error:?) (1053|1077|2002|2003|2006|2013|2055)\b|Got error: (2002|2003|2006|2013)\b|Error (2013|2006)\b/i;
/** ER_ACCESS_DENIED_ERROR and its kin: no waiting helps. */
const refused = /\b(1045|1698|1251|2059)\b.*(Access denied|plugin|authentication)/i;

/**
 * The same container; a server that does not answer is a failure that may be retried, and one that refuses the user names the
 * password. Failures in place of ContainerFailed: ServiceUnhealthy, WrongCredentials.
 */
export function answeringMysql(container: StoreContainer, store: string): StoreContainer {
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
