import { randomBytes } from 'node:crypto';
import type { NetworkInspectInfo } from 'dockerode';
import type Docker from 'dockerode';
import { forwarderBytes, hostLimits } from '../../../domain/drills/limits.ts';
import { drillLabels, runLabel, wayInScene, type Scene } from '../../../domain/drills/scene.ts';
import { Failure } from '../../../domain/failures.ts';
import type { NetworkName, PlatformName, StoreName } from '../../../domain/platform.ts';
import type { Watch } from '../../../domain/watch.ts';
import { pause, pollMilliseconds } from '../../pause.ts';
import { isRunning, ownLabel } from '../containers.ts';
import { ifThere, statusOf, unless, wordsOf } from '../failures.ts';
import { ensureImage } from '../images.ts';
import { findNetwork } from '../networks.ts';
import { reach } from '../reach.ts';
import { gateLabel, tokenVariable } from './gate.ts';
import { wayProgram, wayScript } from './way-program.ts';

export interface WayTask {
  scene: Scene;
  platform: PlatformName;
  store: StoreName;
  /** What is reached by it; absent: nothing, for it is the gate alone. */
  to?: { host: string; port: number } | undefined;
  image: { reference: string; digest: string };
  /** By which the storage is reached; those that are not there, or take no container, are left out. None: the engine's default network. */
  networks: NetworkName[];
}

/** A container in the scene that forwards one port to the storage of one store; and by its gate, from the host into the scene. */
export interface Way {
  store: StoreName;
  /** As the store names its storage. */
  host: string;
  port: number;
  /** The container, under whose name it is found on the scene's network. */
  container: string;
  /** Its address there. */
  address: string;
}

const storeLabel = 'rekindle.drill.way.store';
const targetLabel = 'rekindle.drill.way.to';
/** Of the gates: one that no storage has. */
const gatePorts = [7373, 7374] as const;
/** It compiles itself first, with the least weight on a machine where others work. */
const listenSeconds = 120;

/**
 * Opens a way out of the scene, to this address alone, and its gate; one that is there is used. Failures: ImageMissing; ContainerFailed when
 * the engine refuses it or it does not listen within two minutes.
 */
export async function openWay(docker: Docker, task: WayTask, watch: Watch = {}): Promise<void> {
  const { scene, store } = task;
  const name = wayInScene(scene, store);
  const container = docker.getContainer(name);
  if ((await ifThere(container.inspect())) === undefined) {
    const there = await Promise.all(task.networks.map((network) => findNetwork(docker, network)));
    const joined = there.flatMap((network) => (network && mayJoin(network) ? [network] : []));
    // Addresses on an overlay network are none that the host reaches.
    const [overlays, bridges] = [joined.filter(isOfSwarm), joined.filter((network) => !isOfSwarm(network))];
    const [first, ...others] = [...(bridges.length > 0 ? bridges : [{ Name: 'bridge' }]), ...overlays].map(
      ({ Name }) => Name,
    );
    const Image = await ensureImage(docker, task.image, watch);
    try {
      await unless([409], docker.createContainer(bodyOf(task, { name, Image, network: first ?? '' })));
      for (const network of [...others, scene.project])
        await unless([403], docker.getNetwork(network).connect({ Container: name }));
    } catch (error) {
      throw statusOf(error) === undefined ? error : refused(name, wordsOf(error), error);
    }
  }
  await unless([304], container.start());
  // It opens last.
  await awaitListening(docker, name, gatePortOf(task), watch);
}

const isOfSwarm = ({ Scope }: NetworkInspectInfo): boolean => Scope === 'swarm';

/** An overlay network that is not attachable takes tasks of services alone. */
const mayJoin = (network: NetworkInspectInfo): boolean => !isOfSwarm(network) || network.Attachable;

/** The ways of a drill that run now. */
export async function listWays(docker: Docker, { run, project }: Scene): Promise<Way[]> {
  const found = await docker.listContainers({ filters: { label: [`${runLabel}=${run}`, storeLabel] } });
  return found.flatMap(({ Labels, Names, NetworkSettings }) => {
    const { host, port } = JSON.parse(Labels[targetLabel] ?? '{}') as Partial<NonNullable<WayTask['to']>>;
    const address = NetworkSettings.Networks[project]?.IPAddress ?? '';
    if (host === undefined || port === undefined || address === '') return [];
    return [{ store: Labels[storeLabel] ?? '', host, port, container: (Names[0] ?? '').replace(/^\//, ''), address }];
  });
}

const gatePortOf = ({ to }: WayTask): number => gatePorts.find((port) => port !== to?.port) ?? gatePorts[0];

function bodyOf(task: WayTask, { name, Image, network }: { name: string; Image: string; network: string }) {
  const { scene, platform, store, to } = task;
  return {
    name,
    Image,
    Entrypoint: ['sh', '-c', wayScript, 'way'],
    Cmd: [String(gatePortOf(task)), `${scene.project}-`, ...(to ? [String(to.port), to.host, String(to.port)] : [])],
    Env: [`WAY_PROGRAM=${wayProgram}`, `${tokenVariable}=${randomBytes(16).toString('hex')}`],
    Labels: {
      ...drillLabels(scene, platform),
      // It may be on the platform's network: no fence and no preflight takes it for somebody else's client.
      [ownLabel]: scene.run,
      [storeLabel]: store,
      [gateLabel]: String(gatePortOf(task)),
      ...(to && { [targetLabel]: JSON.stringify(to) }),
    },
    Healthcheck: { Test: ['NONE'] },
    HostConfig: {
      NetworkMode: network,
      ...hostLimits(scene, forwarderBytes),
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 5 },
    },
  };
}

async function awaitListening(docker: Docker, name: string, port: number, watch: Watch): Promise<void> {
  const deadline = performance.now() + listenSeconds * 1000;
  for (;;) {
    try {
      await reach(docker, name, port, watch.signal);
      return;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const found = await ifThere(docker.getContainer(name).inspect());
      const ended = found === undefined || (!isRunning(found) && !found.State.Restarting);
      if (ended || performance.now() > deadline) throw refused(name, error.message, error);
    }
    await pause(pollMilliseconds, watch.signal);
  }
}

function refused(name: string, why: string, cause: unknown): Failure {
  return new Failure(
    'ContainerFailed',
    {
      message: `The way to the storage, container ${name}, does not work: ${why}`,
      remedy: `Use an image of Elasticsearch that holds sh and a Java which runs a source file (11 or newer); see: docker logs ${name}`,
    },
    { cause },
  );
}
