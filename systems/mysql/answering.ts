import type { StoreContainer } from '../docker/streamed/store-container.ts';
import { explainedContainer, type Symptoms } from '../streams/explained.ts';

const symptoms: Symptoms = {
  // No connection, or one that ended: ER_SERVER_SHUTDOWN, ER_NORMAL_SHUTDOWN, CR_* 2002, 2003, 2006, 2013, 2055.
  silent:
    /\b(ERROR|error:?) (1053|1077|2002|2003|2006|2013|2055)\b|Got error: (2002|2003|2006|2013)\b|Error (2013|2006)\b/i,
  // ER_ACCESS_DENIED_ERROR and its kin: no waiting helps.
  refused: /\b(1045|1698|1251|2059)\b.*(Access denied|plugin|authentication)/i,
  remedies: {
    refused: (store) => `Correct "username" and "password" of the store "${store}" in the platform file`,
    silent: () => 'Find out in the log of the container why the server does not answer',
  },
};

/**
 * The same container; a server that does not answer is a failure that may be retried, and one that refuses the user names the
 * password. Failures in place of ContainerFailed: ServiceUnhealthy, WrongCredentials.
 */
export const answeringMysql = (container: StoreContainer, store: string): StoreContainer =>
  explainedContainer(container, store, symptoms);
