import { Failure } from '../../domain/failures.ts';

/** An object of the catalogue is missing, damaged or not ours. */
export function damaged(what: string, why: string, cause?: unknown): Failure {
  return new Failure(
    'CatalogueRefused',
    {
      message: `${what} in the catalogue ${why}`,
      remedy:
        'Choose another recovery point, and find out who changed the catalogue: Rekindle never changes its objects',
    },
    { cause },
  );
}
