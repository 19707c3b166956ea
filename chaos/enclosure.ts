import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { placesIn } from './place.ts';
import { pause } from './processes.ts';

/**
 * An enclosure: namespaces of its own for processes, mounts and network. Its engine's bridges and packet filter rules
 * are not the machine's, its file system is mounted nowhere else, and when its first process ends, the kernel ends all
 * the others and takes everything back, whatever state it is in.
 */
export interface Enclosure {
  /** The exit code of the work; 137 when it was killed. */
  ended: Promise<number>;
  /** Asks the work to end, and ends it after some seconds. */
  end(): Promise<void>;
}

const program = fileURLToPath(new URL('./main.js', import.meta.url));

// The shell stays as the first process and buries what others leave. Where a platform keeps its data in folders, they are on
// the disk that can be full, as volumes are. $1 the folder of this work, $2 where it appears.
const script = `
set -e
mount --bind "$1" "$2"
mount -o loop "$2/disk.img" "$2/root"
mkdir -p "$2/root/platform-data" "$2/home/platform/data"
mount --bind "$2/root/platform-data" "$2/home/platform/data"
mkdir -p /run/containerd
mount -t tmpfs tmpfs /run/containerd
ip link set lo up
shift 2
exec 3<&0
"$@" <&3 3<&- &
wait $!
`;

/** Runs `main.js inside …` in an enclosure that sees `folder` at `at`. Standard output and error are this process's. */
export function enclose(folder: string, at: string, args: string[]): Enclosure {
  const child = spawn(
    'unshare',
    [
      ...['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'],
      ...['sh', '-c', script, 'chaos', folder, at, process.execPath, program, 'inside', at, ...args],
    ],
    // A process group of its own: Ctrl-C reaches this process, which then closes the pipe.
    { stdio: ['pipe', 'inherit', 'inherit'], detached: true, env: cleanEnvironment(at) },
  );
  child.stdin.on('error', () => undefined);
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', (error) => reject(new Error(`unshare cannot be started: ${error.message}`)));
    child.once('exit', (code) => resolve(code ?? 137));
  });
  return {
    ended,
    async end() {
      child.stdin.end();
      const force = setTimeout(() => child.kill('SIGKILL'), 5000);
      await ended.catch(() => undefined);
      clearTimeout(force);
    },
  };
}

/** Nothing of Rekindle's, Temporal's or Compose's reaches the work from the shell that runs the suite. */
function cleanEnvironment(at: string): NodeJS.ProcessEnv {
  const foreign = /^(REKINDLE_(?!CACHE)|TEMPORAL_|COMPOSE_|DOCKER_)/;
  const kept = Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
  return {
    ...kept,
    DOCKER_HOST: placesIn(at).dockerHost,
    PATH: `${kept['PATH'] ?? ''}:/usr/local/sbin:/usr/sbin:/sbin`,
  };
}

/** Removes the control groups of an enclosure's containers, which are empty when its last process is dead. */
export async function removeControlGroups(name: string): Promise<void> {
  const root = '/sys/fs/cgroup';
  const places = [root, ...(await folders(root)).map((folder) => join(root, folder))];
  const groups = places.map((place) => join(place, name));
  for (let attempt = 1; attempt <= 20 && groups.some((group) => existsSync(group)); attempt += 1) {
    for (const group of groups) await removeTree(group);
    if (attempt > 1) await pause(0.1);
  }
}

async function removeTree(group: string): Promise<void> {
  for (const folder of await folders(group)) await removeTree(join(group, folder));
  await rmdir(group).catch(() => undefined);
}

async function folders(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}
