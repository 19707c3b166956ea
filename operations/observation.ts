import { failed, type Check } from '../domain/checks.ts';
import { Failure } from '../domain/failures.ts';

/**
 * What an observation ended with: what was seen, the failure, or why nothing could be seen. `omitted`: the caller did not
 * ask for it, so there is no check for it rather than an inconclusive one.
 */
export type Observation<T> = { seen: T } | { failure: Failure } | { unseen: string; omitted?: true };

/** DockerUnreachable is thrown: it says nothing about the platform, and the whole step is retried. */
export async function observe<T>(work: () => Promise<T>): Promise<Observation<T>> {
  try {
    return { seen: await work() };
  } catch (error) {
    if (error instanceof Failure && error.kind !== 'DockerUnreachable') return { failure: error };
    throw error;
  }
}

/** A failure becomes a failed check with its remedy, so that one fault does not hide the others. */
export async function runCheck(name: string, work: () => Promise<Check | undefined>): Promise<Check | undefined> {
  const observation = await observe(work);
  if ('seen' in observation) return observation.seen;
  return 'failure' in observation ? checkOfFailure(name, observation.failure) : undefined;
}

export function checkOfFailure(name: string, { kind, message, remedy }: Failure): Check {
  if (kind === 'MissingSecret' && name !== 'secrets')
    return failed(name, 'Cannot be checked without its secrets', 'See the check "secrets"');
  return failed(name, message, remedy);
}

/** What could not be observed is never reported as good. */
export function inconclusive(name: string, evidence: string, remedy: string): Check {
  return { name, verdict: 'inconclusive', evidence, remedy };
}
