import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { removeControlGroups } from '../../../chaos/enclosure.ts';
import { copyImages } from '../../../chaos/images.ts';
import { eventually } from '../../../stack/engine.ts';
import { inside, layWire, removeWire, type Place } from './wire.ts';

/** A host of its own: name, network, Docker engine, address. What runs on it runs in its network namespace. */
export interface Host extends Place {
  name: string;
  /** As in `DOCKER_HOST`. */
  dockerHost: string;
}

/** Hosts on one wire, each with an engine; `wire` is a further place on it, without an engine. */
export interface Hosts {
  hosts: Host[];
  wire: Place;
  folder: string;
  /** Ends the engine of a host as a restart of its service does, containers included, and starts it again. */
  restartEngine(host: Host): Promise<void>;
  /** SIGKILL to the engine, as a crash: its containers live on until `startEngine`. */
  killEngine(host: Host): Promise<void>;
  startEngine(host: Host): Promise<void>;
  /** The host burns: its containers, its engine and all that it kept are gone for good. */
  lose(host: Host): Promise<void>;
  end(): Promise<void>;
}

const run = promisify(execFile);

export interface HostsOptions {
  /** Of each host: the images of this machine's engine that its own needs. */
  images: Record<string, string[]>;
  /** Of a host: how else its engine listens. */
  listens?: (host: Host, folder: string) => Promise<string[]>;
}

/** Starts the hosts that `images` names. Everything ends with `end`, which is to be called whatever happens. */
export async function startHosts(id: string, { images, listens }: HostsOptions): Promise<Hosts> {
  const folder = await mkdtemp(join(tmpdir(), `${id}-`));
  const wire = { namespace: `${id}-w`, address: '10.99.0.254' };
  const hosts = Object.keys(images).map((name, index): Host => ({
    name,
    address: `10.99.0.${index + 1}`,
    namespace: `${id}-${name}`,
    dockerHost: `unix://${join(folder, name, 'docker.sock')}`,
  }));
  const engines = new Map<string, ChildProcess>();
  const start = async (host: Host) => {
    const more = (await listens?.(host, folder)) ?? [];
    engines.set(host.name, await startEngine(host, join(folder, host.name), id, more));
    await eventually(`engine of ${host.name}`, 60, () => docker(host, ['info'])).catch(async (error: unknown) => {
      const log = await readFile(join(folder, host.name, 'dockerd.log'), 'utf8').catch(() => '');
      throw new Error(`the engine of ${host.name} did not start:\n${log.slice(-2000)}`, { cause: error });
    });
  };
  const end = async () => {
    await Promise.all(hosts.map((host) => removeContainers(host)));
    await Promise.all([...engines.values()].map((engine) => ended(engine)));
    await removeWire(wire, hosts);
    await removeControlGroups(id);
    await unmountBelow(folder);
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 500 });
  };
  const machine = process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock';
  try {
    await layWire(wire, hosts);
    await Promise.all(
      hosts.map(async (host) => {
        await start(host);
        await copyImages(machine, host.dockerHost, images[host.name]);
      }),
    );
  } catch (error) {
    await end();
    throw error;
  }
  return {
    hosts,
    wire,
    folder,
    async restartEngine(host) {
      const engine = engines.get(host.name);
      if (engine) await ended(engine);
      await start(host);
    },
    async killEngine(host) {
      const engine = engines.get(host.name);
      if (engine) await ended(engine, 'SIGKILL');
    },
    startEngine: start,
    async lose(host) {
      await removeContainers(host);
      const engine = engines.get(host.name);
      if (engine) await ended(engine);
      await rm(join(folder, host.name, 'root'), { recursive: true, maxRetries: 5, retryDelay: 500 });
    },
    end,
  };
}

/** The engine says the host's name to a swarm. */
const asHost = 'hostname "$NAME" && exec "$@" >>"$LOG" 2>&1';

async function startEngine(host: Host, folder: string, id: string, more: string[]): Promise<ChildProcess> {
  await mkdir(folder, { recursive: true });
  // The machine's own configuration must not reach this engine.
  await writeFile(join(folder, 'daemon.json'), '{}');
  const [program = '', ...args] = inside(host, [
    ...['unshare', '--uts', 'sh', '-c', asHost, 'engine', 'dockerd'],
    ...['--config-file', join(folder, 'daemon.json'), '--data-root', join(folder, 'root')],
    ...['--exec-root', join(folder, 'exec'), '--pidfile', join(folder, 'docker.pid'), '--host', host.dockerHost],
    ...['--cgroup-parent', `/${id}`, '--exec-opt', 'native.cgroupdriver=cgroupfs', '--log-level', 'warn'],
    ...more,
  ]);
  const path = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`;
  const env = { ...process.env, PATH: path, LOG: join(folder, 'dockerd.log'), NAME: host.name };
  return spawn(program, args, { stdio: 'ignore', env });
}

async function ended(engine: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (engine.exitCode !== null || engine.signalCode !== null) return;
  const gone = new Promise((resolve) => engine.once('exit', resolve));
  engine.kill(signal);
  const force = setTimeout(() => engine.kill('SIGKILL'), 20_000);
  await gone;
  clearTimeout(force);
}

async function removeContainers(host: Host): Promise<void> {
  // A node of a swarm would make anew what is removed.
  await docker(host, ['swarm', 'leave', '--force']).catch(() => undefined);
  const all = await docker(host, ['ps', '--all', '--quiet']).catch(() => '');
  const ids = all.split('\n').filter(Boolean);
  if (ids.length > 0) await docker(host, ['rm', '--force', '--volumes', ...ids]).catch(() => undefined);
}

/** What an engine mounted that was killed. One on another is shown by itself once that is gone. */
async function unmountBelow(folder: string): Promise<void> {
  for (let left = 50; left > 0; left -= 1) {
    const mounts = (await readFile('/proc/self/mounts', 'utf8')).split('\n').map((line) => line.split(' ')[1] ?? '');
    const last = mounts.findLast((mount) => mount.startsWith(`${folder}/`));
    if (last === undefined) return;
    await run('umount', ['--lazy', last]);
  }
}

/** What a `docker` command on that host prints; throws with its words when it fails. */
export async function docker({ dockerHost }: Pick<Host, 'dockerHost'>, args: string[]): Promise<string> {
  const { stdout } = await run('docker', ['--host', dockerHost, ...args], { maxBuffer: 64 * 1024 * 1024 });
  return stdout.trim();
}
