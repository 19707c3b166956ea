import { readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import type { Places } from './place.ts';
import { pause, type Program, startServer } from './processes.ts';

/** A Docker engine of the suite's own: own root, own socket, own containerd. */
export interface OwnEngine {
  start(): Promise<void>;
  /** SIGKILL to dockerd and its containerd; containers run on, as after a crash of the engine. */
  kill(): Promise<void>;
  /** As `systemctl stop docker`: containers that run are stopped. */
  stop(): Promise<void>;
  isUp(): boolean;
}

const startSeconds = 60;

export function ownEngine(places: Places, cgroup: string): OwnEngine {
  const { run, engineRoot, dockerHost, logs } = places;
  const pidFile = join(run, 'docker.pid');
  const execRoot = join(run, 'exec');
  const containerdPid = join(execRoot, 'containerd', 'containerd.pid');
  let dockerd: Program | undefined;

  return {
    async start() {
      const configFile = join(run, 'daemon.json');
      // The machine's own configuration must not reach this engine.
      await writeFile(configFile, '{}');
      // Left by a kill; their numbers may belong to another process by now.
      await rm(pidFile, { force: true });
      await rm(containerdPid, { force: true });
      dockerd = await startServer({
        command: [
          'dockerd',
          ...['--config-file', configFile, '--data-root', engineRoot, '--exec-root', execRoot],
          ...['--pidfile', pidFile, '--host', dockerHost, '--cgroup-parent', `/${cgroup}`],
          ...['--exec-opt', 'native.cgroupdriver=cgroupfs', '--log-level', 'warn'],
        ],
        log: join(logs, 'dockerd.log'),
        ready: () => answers(dockerHost),
        withinSeconds: startSeconds,
      });
    },
    async kill() {
      const pid = Number(await readFile(containerdPid, 'utf8').catch(() => '0'));
      await dockerd?.end('SIGKILL');
      // It dies with its dockerd, by the kernel's hand; where it does not, by ours.
      if (pid > 1) await endProcess(pid);
    },
    stop: async () => dockerd?.end('SIGTERM', 60),
    isUp: () => dockerd?.hasEnded() === false,
  };
}

async function endProcess(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      return;
    }
    await pause(0.05);
  }
}

function answers(dockerHost: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request(
      { socketPath: dockerHost.slice('unix://'.length), path: '/_ping', timeout: 2000 },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode === 200);
      },
    );
    asked.once('timeout', () => asked.destroy());
    asked.once('error', () => resolve(false));
    asked.end();
  });
}
