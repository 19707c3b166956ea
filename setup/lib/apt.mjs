import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from './command.mjs';
import { Failure } from './failure.mjs';

/** What /etc/os-release says, as an object; empty where there is no such file. */
export function operatingSystem() {
  try {
    const lines = readFileSync('/etc/os-release', 'utf8').split('\n');
    return Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).map((part) => (part ?? '').replace(/"/g, ''))));
  } catch {
    return {};
  }
}

/** Whether set-up may install Debian packages here. */
export function canInstall() {
  const { ID = '', ID_LIKE = '' } = operatingSystem();
  return process.getuid?.() === 0 && /debian|ubuntu/.test(`${ID} ${ID_LIKE}`);
}

/** The refusal for a machine where set-up may not install: one message, nothing changed. */
export function mustInstallByHand(what, packages) {
  const { ID = '', ID_LIKE = '', PRETTY_NAME } = operatingSystem();
  const remedy = /debian|ubuntu/.test(`${ID} ${ID_LIKE}`)
    ? `Run \`sudo apt-get install --no-install-recommends ${packages.join(' ')}\`, or this set-up as root`
    : `Install it (on Debian: ${packages.join(' ')}) and start set-up again`;
  return new Failure(`${what} is missing on this machine (${PRETTY_NAME ?? process.platform})`, remedy, 2);
}

let updated = false;
let queue = Promise.resolve();

/** Installs Debian packages, one call at a time: apt has one lock, and images are built side by side. */
export function install(what, packages) {
  if (!canInstall()) throw mustInstallByHand(what, packages);
  queue = queue.catch(() => {}).then(() => installNow(packages));
  return queue;
}

/** Makes sure that the lists of packages were read in this process. */
export function freshLists() {
  queue = queue.catch(() => {}).then(listsNow);
  return queue;
}

const options = { log: 'apt', env: { DEBIAN_FRONTEND: 'noninteractive' } };

async function listsNow() {
  if (!updated) await updateLists(options);
  updated = true;
}

async function installNow(packages) {
  await listsNow();
  const wait = ['-o', 'DPkg::Lock::Timeout=300'];
  await run('apt-get', [...wait, 'install', '--yes', '--no-install-recommends', ...packages], options);
}

/**
 * Reads the lists of packages anew. For the lock of these apt waits at no setting, unlike for that of an installation, and on a
 * fresh machine others hold it: the system's own daily update, or a test that installs something as well.
 */
export async function updateLists(settings) {
  for (let tries = 60; ; tries -= 1) {
    try {
      return await run('apt-get', ['update'], settings);
    } catch (error) {
      if (tries === 0 || !/Could not get lock/.test(error.message)) throw error;
      await sleep(2000);
    }
  }
}

/**
 * The mirror this machine takes its own packages from, with the release it runs: read from apt's lists, so that a
 * machine behind a mirror of its own needs no second setting. Understands both of apt's formats.
 */
export function aptSource(lists) {
  const { VERSION_CODENAME: suite } = operatingSystem();
  for (const text of lists) {
    for (const stanza of text.split(/\n\s*\n/)) {
      const mirror = stanza.match(/^URIs:\s*(\S+)/m)?.[1];
      const suites = stanza.match(/^Suites:\s*(.+)$/m)?.[1]?.split(/\s+/) ?? [];
      if (mirror && suites.includes(suite)) return { mirror, suite };
    }
    for (const line of text.matchAll(/^deb\s+(?:\[[^\]]*\]\s*)?(\S+)\s+(\S+)/gm)) {
      if (line[2] === suite) return { mirror: line[1], suite };
    }
  }
  return undefined;
}
