import { failed, type Check } from '../../domain/checks.ts';
import { Failure } from '../../domain/failures.ts';

/**
 * What a look ended with: what was seen, why it failed, or why there was nothing to look at. `omitted` says that the
 * caller did not want this look: then there is no check rather than an open one.
 */
export type Look<T> = { seen: T } | { failure: Failure } | { unseen: string; omitted?: true };

/** An engine that goes away in the middle is nothing that was seen of the platform: it is waited for, and looked again. */
export async function lookAt<T>(work: () => Promise<T>): Promise<Look<T>> {
  try {
    return { seen: await work() };
  } catch (error) {
    if (error instanceof Failure && error.kind !== 'DockerUnreachable') return { failure: error };
    throw error;
  }
}

/** A failed look is a failed check with its remedy, so that one fault does not hide the others. */
export async function guarded(name: string, work: () => Promise<Check | undefined>): Promise<Check | undefined> {
  const look = await lookAt(work);
  if ('seen' in look) return look.seen;
  return 'failure' in look ? failedLook(name, look.failure) : undefined;
}

export function failedLook(name: string, { kind, message, remedy }: Failure): Check {
  if (kind === 'MissingSecret' && name !== 'secrets')
    return failed(name, 'cannot be looked at without its secrets', 'see the check "secrets"');
  return failed(name, message, remedy);
}

/** Nothing is called good that was not looked at. */
export function inconclusive(name: string, evidence: string, remedy: string): Check {
  return { name, verdict: 'inconclusive', evidence, remedy };
}

/** `12.3 GB`, or `0.4 GB`: what disks are sold in. */
export function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
