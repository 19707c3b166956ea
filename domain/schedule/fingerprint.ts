/** A number from 0 to 2³²−1 that is always the same for the same text (FNV-1a). Not a secret's hash: it is short. */
export function fingerprint(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash;
}
