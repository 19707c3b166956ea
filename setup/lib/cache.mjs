import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout's root folder. */
export const projectFolder = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/**
 * Where set-up keeps what it made for this machine (programs, logs, work in progress), outside the checkout so that
 * two clones share it: `REKINDLE_CACHE`, else `rekindle` in the user's cache folder.
 */
export function cacheFolder(...below) {
  const { REKINDLE_CACHE, XDG_CACHE_HOME } = process.env;
  return join(REKINDLE_CACHE || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'rekindle'), ...below);
}

/** A folder of the cache, made if it was missing. Only for stages that act: `--check` leaves nothing behind. */
export function madeCacheFolder(...below) {
  const folder = cacheFolder(...below);
  mkdirSync(folder, { recursive: true });
  return folder;
}
