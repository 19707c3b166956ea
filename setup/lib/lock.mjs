import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * One set-up at a time changes the machine: `npm test` next to `npm run demo` must not install twice. The file holds its
 * owner's process id; one whose owner is gone is taken over. Returns the function that gives the lock back.
 */
export async function takeLock(file, onWait) {
  mkdirSync(dirname(file), { recursive: true });
  let reported = false;
  while (!tryToTake(file)) {
    const owner = ownerOf(file);
    if (owner && !isAlive(owner)) {
      rmSync(file, { force: true });
      continue;
    }
    if (!reported && owner) onWait(owner);
    reported ||= Boolean(owner);
    await sleep(200);
  }
  const release = () => rmSync(file, { force: true });
  process.once('exit', release);
  return release;
}

function tryToTake(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function ownerOf(file) {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
