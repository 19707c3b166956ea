import { isSystemIndex } from './system-indices.ts';

/** A text as a regular expression reads it for itself. */
export const quoted = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** As Elasticsearch reads a pattern: `*` is any text. */
export function fitsPattern(name: string, pattern: string): boolean {
  return new RegExp(`^${pattern.split('*').map(quoted).join('.*')}$`, 's').test(name);
}

/** A leading `-` excludes names. System indices must be named exactly. */
export function isNamed(name: string, patterns: readonly string[]): boolean {
  const wanted = patterns.filter((pattern) => !pattern.startsWith('-'));
  if (patterns.some((pattern) => pattern.startsWith('-') && fitsPattern(name, pattern.slice(1)))) return false;
  return wanted.includes(name) || (!isSystemIndex(name) && wanted.some((pattern) => fitsPattern(name, pattern)));
}
