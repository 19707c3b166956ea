import { spawn } from 'node:child_process';
import { existsSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { canInstall, install, mustInstallByHand } from '../lib/apt.mjs';
import { madeCacheFolder } from '../lib/cache.mjs';
import { run, which } from '../lib/command.mjs';
import { engineAddress, engineVersion } from '../lib/engine.mjs';
import { Failure } from '../lib/failure.mjs';

const packages = ['docker.io', 'iproute2', 'iptables'];
const usualFolders = ['/usr/sbin', '/usr/local/sbin', '/sbin'];
const pidFile = '/var/run/docker.pid';

/** A Docker engine that answers. On Debian and Ubuntu, as root, one is installed and started when there is none. */
export const engine = {
  name: 'engine',
  why: 'the platforms, and the servers of the tests, run in containers',

  async look() {
    const version = await engineVersion();
    if (version) return { done: `Docker ${version} at ${engineAddress().text}` };
    const installed = which('dockerd', usualFolders);
    return {
      missing: `no Docker engine answers at ${engineAddress().text}`,
      plan: installed ? `start ${installed}` : `apt-get install ${packages.join(' ')}, and start dockerd`,
      refusal: refusal(installed),
    };
  },

  async fix() {
    if (!which('dockerd', usualFolders)) await install('A Docker engine', packages);
    // Under systemd the package has already started the engine; a second one would conflict with it.
    if (existsSync('/run/systemd/system')) await run('systemctl', ['start', 'docker']);
    else startInBackground(which('dockerd', usualFolders));
    return `Docker ${await waitForEngine(60)} started`;
  },
};

function refusal(installed) {
  if (process.env.DOCKER_HOST) {
    return new Failure(
      `DOCKER_HOST names ${process.env.DOCKER_HOST}, and no Docker engine answers there`,
      'Start that engine, or unset DOCKER_HOST',
      2,
    );
  }
  if (!installed) return canInstall() ? undefined : mustInstallByHand('A Docker engine', packages);
  if (process.getuid?.() === 0) return undefined;
  return new Failure(
    `Docker is installed (${installed}), but its socket does not answer this user: the engine is stopped, or the user is not in its group`,
    'Run `sudo systemctl start docker` and `sudo usermod -aG docker $USER` (log in again), or this set-up as root',
    2,
  );
}

/** Outlives set-up: the demo, the tests and the next set-up use the same engine. */
function startInBackground(dockerd) {
  removeStalePidFile();
  const log = openSync(join(madeCacheFolder('log'), 'dockerd.log'), 'a');
  spawn(dockerd, [], { detached: true, stdio: ['ignore', log, log], cwd: '/' }).unref();
}

/**
 * dockerd refuses to start when its pid file names any living process, and after a crash the number may belong to
 * another program.
 */
function removeStalePidFile() {
  try {
    const pid = readFileSync(pidFile, 'utf8').trim();
    const owner = existsSync(`/proc/${pid}/comm`) ? readFileSync(`/proc/${pid}/comm`, 'utf8').trim() : '';
    if (owner !== 'dockerd') rmSync(pidFile);
  } catch {
    // No pid file: the usual case.
  }
}

async function waitForEngine(seconds) {
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end) {
    const version = await engineVersion();
    if (version) return version;
    await sleep(200);
  }
  throw new Failure(
    `dockerd was started, but does not answer at ${engineAddress().text} after ${seconds} s`,
    `Read why in its log: ${join(madeCacheFolder('log'), 'dockerd.log')}`,
  );
}
