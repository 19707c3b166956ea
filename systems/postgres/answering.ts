import type { StoreContainer } from '../docker/streamed/store-container.ts';
import { explainedContainer, type Symptoms } from '../streams/explained.ts';

const symptoms: Symptoms = {
  // When the server does not answer, or ends their session because it stops.
  silent:
    /could not connect|connection to server .* failed|connection refused|the database system is (starting up|shutting down|in recovery mode|not yet accepting)|terminating connection due to administrator command|server closed the connection|is the server running|connection to server was lost/i,
  refused:
    /FATAL: +(password authentication failed|no pg_hba\.conf entry|role ".*" does not exist)|no password supplied/i,
  remedies: {
    refused: (store) => `Correct "username" and "password" of the store "${store}" in the platform file`,
    silent: () => 'Find out in the log of the container why the server does not answer',
  },
};

/**
 * The same container; a server that does not answer is a failure that may be retried, and one that refuses the user names the
 * password. Failures in place of ContainerFailed: ServiceUnhealthy, WrongCredentials.
 */
export const answering = (container: StoreContainer, store: string): StoreContainer =>
  explainedContainer(container, store, symptoms);
