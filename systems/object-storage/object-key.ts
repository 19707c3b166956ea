import { Failure } from '../../domain/failures.ts';

/** The key itself, when every implementation can hold it. Failure: CatalogueRefused. */
export function checkedKey(key: string): string {
  const parts = key.split('/');
  const fits = parts.every(
    (part) => part !== '' && part !== '.' && part !== '..' && !part.includes('\0') && Buffer.byteLength(part) <= 255,
  );
  if (fits && Buffer.byteLength(key) <= 1024) return key;
  throw new Failure('CatalogueRefused', {
    message: `"${key}" cannot be the key of an object`,
    remedy: 'Use names without empty parts, parts of dots only, and overlong parts in the platform file',
  });
}
