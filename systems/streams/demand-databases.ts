import { Failure } from '../../domain/failures.ts';

/** Of a server with databases: those that a platform file names are there. Failure: InvalidArgument, with the ones that are not. */
export function demandDatabases(
  store: string,
  names: readonly string[],
  present: Readonly<Record<string, unknown>>,
): void {
  const missing = names.filter((name) => !Object.hasOwn(present, name));
  if (missing.length === 0) return;
  throw new Failure('InvalidArgument', {
    message: `The server of the store ${store} has no database ${missing.join(', ')}`,
    remedy: `Correct "databases" of the store "${store}" in the platform file, or create the database`,
  });
}
