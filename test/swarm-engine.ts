import Docker from 'dockerode';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { copyImages } from '../chaos/images.ts';
import { waitFor } from './wait-for.ts';

/** A Docker engine that manages a swarm of its own; the machine's engine knows nothing of it. */
export interface SwarmEngine {
  /** For `DOCKER_HOST`. */
  host: string;
  /** The engine's machine, as its containers and this process reach it; it stays the same when the engine starts anew. */
  address: string;
  docker: Docker;
  folder: string;
  /** `docker` on this engine; throws when it fails. */
  cli: (args: string[], input?: string) => Promise<string>;
  /** SIGKILL to dockerd and its containerd, as a crash of the engine; `start` brings it back with its swarm. */
  kill: () => Promise<void>;
  start: () => Promise<void>;
  end: () => Promise<void>;
}

/*
 * The engine lives in namespaces of its own for processes, mounts and network: its ports, bridges and packet filter are not
 * the machine's, and the kernel ends all of it when the shell that is its first process ends, which it does when this process
 * does. A pair of interfaces leads from here to its containers, as from a host to the bridge of its own engine.
 */
const inside = `
set -e
ip link set lo up
while ! ip link show "$1" >/dev/null 2>&1; do sleep 0.05; done
ip addr add "$2.2/30" dev "$1"
ip link set "$1" up
ip route add default via "$2.1"
# Swarm asks a registry for each image before it takes the one that is here: the answer must come at once.
mount --bind "$RESOLVE" /etc/resolv.conf
mkdir -p /run/containerd
mount -t tmpfs tmpfs /run/containerd
shift 2
while read -r command; do
  case $command in
    start) rm -f "$PID_FILE"; "$@" >>"$LOG" 2>&1 & ;;
    kill) kill -9 $(cat "$PID_FILE") $(cat "$CONTAINERD_PID") 2>/dev/null || true ;;
    open) iptables -I DOCKER-USER -j ACCEPT ;;
  esac
done
`;

/** `images`: of the machine's engine, to be there. */
export async function startSwarmEngine(images: readonly string[]): Promise<SwarmEngine> {
  const folder = await mkdtemp(join(tmpdir(), 'rkt-swarm-'));
  const [a, b] = [randomInt(64, 128), randomInt(256)];
  const link = `10.${a}.${b}`;
  const [outer, inner] = [`rks${a}x${b}h`, `rks${a}x${b}n`];
  const host = `unix://${join(folder, 'docker.sock')}`;
  await writeFile(join(folder, 'daemon.json'), '{}');
  await writeFile(join(folder, 'resolv.conf'), 'nameserver 127.0.0.1\n');
  const child = spawn(
    'unshare',
    [
      ...['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'],
      ...['sh', '-c', inside, 'swarm-engine', inner, link],
      ...['dockerd', '--config-file', join(folder, 'daemon.json'), '--data-root', join(folder, 'root')],
      ...['--exec-root', join(folder, 'exec'), '--pidfile', join(folder, 'docker.pid'), '--host', host],
      ...['--exec-opt', 'native.cgroupdriver=cgroupfs', '--log-level', 'warn'],
      // The bridge of each kind of network has its addresses below one route.
      ...['--bip', `10.${a + 64}.0.1/24`, '--default-address-pool', `base=10.${a + 64}.0.0/16,size=24`],
    ],
    {
      stdio: ['pipe', 'inherit', 'inherit'],
      env: {
        ...process.env,
        PATH: `${process.env['PATH'] ?? ''}:/usr/local/sbin:/usr/sbin:/sbin`,
        LOG: join(folder, 'dockerd.log'),
        RESOLVE: join(folder, 'resolv.conf'),
        PID_FILE: join(folder, 'docker.pid'),
        CONTAINERD_PID: join(folder, 'exec/containerd/containerd.pid'),
      },
    },
  );
  const docker = new Docker({ socketPath: join(folder, 'docker.sock') });
  const cli = async (args: string[], input?: string) => run(['docker', '-H', host, ...args], input);
  const tell = (command: string) => new Promise<void>((done) => child.stdin.write(`${command}\n`, () => done()));
  const start = async () => {
    await tell('start');
    await waitFor(async () => void (await docker.ping()), { timeout: 60_000 });
  };
  const engine: SwarmEngine = {
    host,
    address: `${link}.2`,
    docker,
    folder,
    cli,
    start,
    async kill() {
      await tell('kill');
      await waitFor(
        async () =>
          docker.ping().then(
            () => Promise.reject(new Error('it answers')),
            () => undefined,
          ),
        { timeout: 10_000 },
      );
    },
    async end() {
      await ended(child);
      await rm(folder, { recursive: true, force: true });
    },
  };
  try {
    await run(['ip', 'link', 'add', outer, 'type', 'veth', 'peer', 'name', inner]);
    await run(['ip', 'link', 'set', inner, 'netns', await firstProcess(child)]);
    await run(['ip', 'addr', 'add', `${link}.1/30`, 'dev', outer]);
    await run(['ip', 'link', 'set', outer, 'up']);
    await run(['ip', 'route', 'add', `10.${a + 64}.0.0/16`, 'via', `${link}.2`]);
    await start();
    await tell('open');
    const machine = process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock';
    await copyImages(machine, host, images);
    await cli(['swarm', 'init', '--advertise-addr', `${link}.2`]);
    return engine;
  } catch (error) {
    const log = await readFile(join(folder, 'dockerd.log'), 'utf8').catch(() => '');
    await engine.end();
    throw new Error(`The swarm's engine did not start:\n${log.slice(-2000)}`, { cause: error });
  }
}

/** The shell, whose network namespace the engine has: the only child of `unshare`. */
async function firstProcess(child: ChildProcess): Promise<string> {
  const pid = String(child.pid);
  return waitFor(
    async () => {
      const [first] = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim().split(' ');
      if (!first) throw new Error('no child yet');
      return first;
    },
    { timeout: 5000 },
  );
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  child.kill('SIGKILL');
  await closed;
}

/** Standard output of a program; `input` for its standard input. */
async function run([program = '', ...args]: string[], input = ''): Promise<string> {
  const child = spawn(program, args, { stdio: 'pipe' });
  const output = text(child.stdout);
  const errors = text(child.stderr);
  // It may end without reading it.
  child.stdin.on('error', () => undefined).end(input);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`${program} ${args.join(' ')}: ${await errors}`);
  return output;
}
