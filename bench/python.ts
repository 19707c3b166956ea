import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { run } from './command.ts';

const KAZOO = 'kazoo==2.10.0';

/** A Python with kazoo, the library of the script that operators use; made once, in the cache folder. */
export async function pythonWithKazoo(signal: AbortSignal): Promise<string> {
  const cache =
    process.env['REKINDLE_CACHE'] ?? join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'rekindle');
  const folder = join(cache, 'bench-python');
  const python = join(folder, 'bin', 'python3');
  if (existsSync(python)) return python;
  const unfinished = `${folder}.${process.pid}`;
  await mkdir(cache, { recursive: true });
  try {
    await run(['python3', '-m', 'venv', unfinished], { signal });
    await run([join(unfinished, 'bin', 'python3'), '-m', 'pip', 'install', '--quiet', KAZOO], { signal });
    await rename(unfinished, folder);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw new Error('the runbook needs python3 with its venv module, and kazoo from PyPI', { cause: error });
  }
  return python;
}
