import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

/** Of this Rekindle: from package.json next to the sources, or next to the folder that they were built into. */
export async function readVersion(): Promise<string> {
  const places = ['../package.json', '../../package.json'].map((place) => new URL(place, import.meta.url));
  const file = places.find((place) => existsSync(place));
  const text = file === undefined ? '{}' : await readFile(file, 'utf8');
  return (JSON.parse(text) as { version?: string }).version ?? 'unknown';
}
