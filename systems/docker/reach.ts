import type { ContainerInspectInfo } from 'dockerode';
import type Docker from 'dockerode';
import { connect } from 'node:net';
import { sceneOfName } from '../../domain/drills/scene.ts';
import { Failure } from '../../domain/failures.ts';
import { nameOf } from './containers.ts';
import { gatesOf, throughGates } from './drills/gate.ts';
import { ifThere, unless } from './failures.ts';
import { isUserDefined } from './networks.ts';
import { overlaysOf } from './swarm/overlays.ts';
import { ownContainer } from './own-container.ts';
import { standingStill } from './standing-still.ts';

export interface Address {
  host: string;
  port: number;
}

/** Milliseconds that one try to connect may take. */
const tryLimit = 2000;

/**
 * Where this process can talk to a container's port, published or not: at the container's own address (a Linux host,
 * or a worker on the same network), at its address on the gateway bridge when it is on an overlay network, through the gate of
 * a way when it is in a scene (`drills/gate.ts`), else by its name, through this process's own container attached to the network.
 * Failures: `ServiceNotFound` (no such container), `ServiceUnhealthy` (nothing answers there: it may be starting; as
 * `StandingStill` when it does not run).
 */
export async function reach(docker: Docker, container: string, port: number, signal?: AbortSignal): Promise<Address> {
  const target = await ifThere(docker.getContainer(container).inspect());
  if (target === undefined) throw notFound(container);
  const still = standingStill(target);
  if (still) throw still;
  const own = await ownContainer(docker);
  const { overlays, closed, gateway } = await overlaysOf(docker, target);
  const gates = await gatesOf(docker, target);
  const sealed = gates ? Object.keys(target.NetworkSettings.Networks).filter((name) => sceneOfName(name)) : [];
  // From the host, the addresses of an overlay or of a scene are another network's, where anybody may answer.
  const foreign = [...overlays, ...sealed].filter((name) => !(name in (own?.NetworkSettings.Networks ?? {})));
  const direct = await firstAnswering([...addressesOf(target, foreign), ...gateway], port, signal);
  if (direct !== undefined) return direct;
  if (own === undefined || !canJoin(own)) {
    if (gates === undefined) throw silent(container, port, 'nothing answers at its own address');
    const inside = await throughGates(gates, target, port);
    signal?.throwIfAborted();
    if (inside !== undefined) return inside;
    throw silent(container, port, 'nothing answers there through the ways of its scene');
  }
  if (!(await shareNetwork(docker, own, target))) {
    if (closed.length > 0) throw notAttachable(container, closed);
    throw silent(container, port, 'it is on no network that can be joined');
  }
  const named = await firstAnswering([nameOf(target), ...addressesOf(target)], port, signal);
  if (named !== undefined) return named;
  throw silent(container, port, `nothing answers there from this worker's container ${nameOf(own)}`);
}

/** `without`: networks whose addresses mean something else here. */
function addressesOf({ HostConfig, NetworkSettings }: ContainerInspectInfo, without: readonly string[] = []): string[] {
  if (HostConfig.NetworkMode === 'host') return ['127.0.0.1'];
  return Object.entries(NetworkSettings.Networks)
    .filter(([name]) => !without.includes(name))
    .flatMap(([, { IPAddress, GlobalIPv6Address }]) => [IPAddress, GlobalIPv6Address])
    .filter((address) => address !== '');
}

/** A container that uses the host's network, or another container's, is on no network of its own. */
const canJoin = ({ HostConfig }: ContainerInspectInfo): boolean =>
  !/^(host|none|container:.*)$/.test(HostConfig.NetworkMode ?? '');

/** The worker's container stays on the network: the next call finds it there. */
async function shareNetwork(docker: Docker, own: ContainerInspectInfo, target: ContainerInspectInfo): Promise<boolean> {
  const networks = Object.entries(target.NetworkSettings.Networks).filter(([name]) => isUserDefined(name));
  if (networks.some(([name]) => name in own.NetworkSettings.Networks)) return true;
  for (const [, { NetworkID }] of networks) {
    // 403: connected already, or an overlay that is not attachable.
    if (await unless([403, 404], docker.getNetwork(NetworkID).connect({ Container: own.Id }))) return true;
  }
  return false;
}

async function firstAnswering(hosts: string[], port: number, signal?: AbortSignal): Promise<Address | undefined> {
  signal?.throwIfAborted();
  const tries = hosts.map(async (host) => {
    if (!(await answers(host, port))) throw new Error('no answer');
    return host;
  });
  const host = await Promise.any(tries).catch(() => undefined);
  signal?.throwIfAborted();
  return host === undefined ? undefined : { host, port };
}

async function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (answered: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answered);
    };
    // The whole try, the look-up of a name included.
    const timer = setTimeout(() => end(false), tryLimit);
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}

function notFound(container: string): Failure {
  return new Failure('ServiceNotFound', {
    message: `Container ${container} is not on this host`,
    remedy: 'Restore it from a recovery point, or create it with Docker Compose, then retry',
  });
}

function silent(container: string, port: number, why: string): Failure {
  return new Failure('ServiceUnhealthy', {
    message: `Port ${port} of container ${container} cannot be reached: ${why}`,
    remedy: `Check that it runs and listens (docker logs ${container}); if the engine is on another machine, run a worker there, or give the store an address in the platform file`,
  });
}

function notAttachable(container: string, networks: readonly string[]): Failure {
  const [network = ''] = networks;
  return new Failure('ServiceUnhealthy', {
    message: `Container ${container} cannot be reached: its network ${networks.join(', ')} is not attachable, so this worker's container cannot join it`,
    remedy: `Deploy the worker as a service on ${network}, or on the host itself; or make the network anew with "docker network create --driver overlay --attachable ${network}"`,
  });
}
