/** One tag of it for each digest; nothing is ever pulled from it. */
export const heldRepository = 'rekindle/archived';

/**
 * By which an image stays known that came in an archive: an engine that loads it does not learn its registry's digest, by
 * which a capture names it. Undefined: the digest is no registry's.
 */
export function heldTag(digest: string): string | undefined {
  const [, hex] = /@sha256:([0-9a-f]{64})$/.exec(digest) ?? [];
  return hex === undefined ? undefined : `${heldRepository}:${hex}`;
}
