import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { removeControlGroups } from '../../../chaos/enclosure.ts';
import { eventually } from '../../../stack/engine.ts';

/** A host of its own: name, network, Docker engine, address. What runs on it runs in its network namespace. */
export interface Host {
  name: string;
  /** `10.99.0.1`: how the other hosts reach it. */
  address: string;
  namespace: string;
  /** As in `DOCKER_HOST`. */
  dockerHost: string;
}

/** Hosts on one wire, each with an engine; `wire` is a further place on it, without an engine. */
export interface Hosts {
  hosts: Host[];
  wire: Pick<Host, 'address' | 'namespace'>;
  folder: string;
  /** SIGKILL to the host's engine, as a crash; its containers live on until `startEngine` brings it back. */
  killEngine(name: string): Promise<void>;
  startEngine(name: string): Promise<void>;
  end(): Promise<void>;
}

const run = promisify(execFile);
const ip = (...args: string[]) => run('ip', args);
/*
 * The engine says this name to a swarm. Swarm asks a registry for each image before it takes the one that is here: there is no
 * name server, so the answer comes at once.
 */
const named = 'hostname "$1" && mount --bind "$2" /etc/resolv.conf && shift 2 && exec "$@"';

/** Not `ip netns exec`, which hides the control groups that an engine needs. */
export const inside = (namespace: string, command: string[]): string[] => [
  'nsenter',
  `--net=/run/netns/${namespace}`,
  ...command,
];

/**
 * Starts so many hosts. Their wire is a namespace as well: the packet filter of this machine's own engine has no say on it.
 * Everything ends with `end`, which is to be called whatever happens.
 */
export async function startHosts(id: string, names: readonly string[]): Promise<Hosts> {
  const folder = await mkdtemp(join(tmpdir(), `${id}-`));
  const wire = { namespace: `${id}-w`, address: '10.99.0.254' };
  const hosts = names.map((name, index): Host => ({
    name,
    address: `10.99.0.${index + 1}`,
    namespace: `${id}-${name}`,
    dockerHost: `unix://${join(folder, name, 'docker.sock')}`,
  }));
  const engines = new Map<string, ChildProcess>();
  const start = async (host: Host) => {
    engines.set(host.name, await startEngine(host, join(folder, host.name), id));
    await eventually(`engine of ${host.name}`, 60, () => docker(host, ['info']));
  };
  const hostNamed = (name: string) => {
    const found = hosts.find((host) => host.name === name);
    if (found === undefined) throw new Error(`no host ${name}`);
    return found;
  };
  const end = async () => {
    await Promise.all(hosts.map((host) => removeContainers(host)));
    await Promise.all([...engines.values()].map((engine) => ended(engine)));
    for (const namespace of [wire.namespace, ...hosts.map((host) => host.namespace)])
      await ip('netns', 'del', namespace).catch(() => undefined);
    await removeControlGroups(id);
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 500 });
  };
  try {
    await layWire(wire, hosts);
    await Promise.all(hosts.map(start));
  } catch (error) {
    await end();
    throw error;
  }
  return {
    hosts,
    wire,
    folder,
    end,
    async killEngine(name) {
      const engine = engines.get(hostNamed(name).name);
      if (engine) await ended(engine, 'SIGKILL');
    },
    startEngine: (name) => start(hostNamed(name)),
  };
}

async function layWire(wire: Hosts['wire'], hosts: readonly Host[]): Promise<void> {
  const at = (namespace: string, ...args: string[]) => ip('-n', namespace, ...args);
  await ip('netns', 'add', wire.namespace);
  await at(wire.namespace, 'link', 'set', 'lo', 'up');
  await at(wire.namespace, 'link', 'add', 'wire', 'type', 'bridge');
  await at(wire.namespace, 'addr', 'add', `${wire.address}/24`, 'dev', 'wire');
  await at(wire.namespace, 'link', 'set', 'wire', 'up');
  for (const [index, { namespace, address }] of hosts.entries()) {
    await ip('netns', 'add', namespace);
    await at(namespace, 'link', 'set', 'lo', 'up');
    await at(
      wire.namespace,
      'link',
      'add',
      `host${index}`,
      'type',
      'veth',
      'peer',
      'name',
      'wire0',
      'netns',
      namespace,
    );
    await at(wire.namespace, 'link', 'set', `host${index}`, 'master', 'wire', 'up');
    await at(namespace, 'addr', 'add', `${address}/24`, 'dev', 'wire0');
    await at(namespace, 'link', 'set', 'wire0', 'up');
  }
}

async function startEngine({ name, namespace, dockerHost }: Host, folder: string, id: string): Promise<ChildProcess> {
  await mkdir(folder, { recursive: true });
  // The machine's own configuration must not reach this engine.
  await writeFile(join(folder, 'daemon.json'), '{}');
  await writeFile(join(folder, 'resolv.conf'), 'nameserver 127.0.0.1\n');
  const [program = '', ...args] = inside(namespace, [
    ...['unshare', '--uts', '--mount', 'sh', '-c', named, 'host', name, join(folder, 'resolv.conf')],
    'dockerd',
    ...['--config-file', join(folder, 'daemon.json'), '--data-root', join(folder, 'root')],
    ...['--exec-root', join(folder, 'exec'), '--pidfile', join(folder, 'docker.pid'), '--host', dockerHost],
    ...['--cgroup-parent', `/${id}`, '--exec-opt', 'native.cgroupdriver=cgroupfs', '--log-level', 'error'],
  ]);
  const path = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`;
  return spawn(program, args, { stdio: 'ignore', env: { ...process.env, PATH: path } });
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

/** What a `docker` command on that host prints; throws with its words when it fails. */
export async function docker({ dockerHost }: Host, args: string[]): Promise<string> {
  const { stdout } = await run('docker', ['--host', dockerHost, ...args], { maxBuffer: 64 * 1024 * 1024 });
  return stdout.trim();
}

/** Brings images of this machine's engine to a host's. */
export async function bringImages({ dockerHost }: Host, images: readonly string[]): Promise<void> {
  await run('sh', ['-c', 'docker save "$@" | docker --host "$0" load --quiet', dockerHost, ...images]);
}
