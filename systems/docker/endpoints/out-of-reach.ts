import { Failure } from '../../../domain/failures.ts';

/** What needs the host's own network cannot be done through its engine's endpoint. `what` is the beginning of a sentence. */
export function outOfReach(what: string, address: string): Failure {
  return new Failure('HostWorkerMissing', {
    message: `${what}: the engine is reached through ${address}, and its containers' own network is not`,
    remedy:
      'Give the store an "address" in the platform file that this worker reaches, such as a published port; or run a worker on that host, and take it out of the hosts file',
  });
}
