import type { ContainerInspectInfo, NetworkInspectInfo } from 'dockerode';
import type Docker from 'dockerode';
import { ifThere } from '../failures.ts';

/** Each engine of a swarm has it: a bridge that gives the containers of overlay networks their way out. */
const gatewayBridge = 'docker_gwbridge';

export interface Overlays {
  /** Names of the overlay networks that the container is on. */
  overlays: string[];
  /** Those that no container may join by itself. */
  closed: string[];
  /** Its address on the gateway bridge, which this engine's host reaches; empty: it has none (an internal network). */
  gateway: string[];
}

/** Where a container on overlay networks is found from outside of them. */
export async function overlaysOf(docker: Docker, { Id, NetworkSettings }: ContainerInspectInfo): Promise<Overlays> {
  const joined = Object.keys(NetworkSettings.Networks);
  const networks = await docker.listNetworks({ filters: { driver: ['overlay'] } });
  const own = networks.filter(({ Name }) => joined.includes(Name));
  if (own.length === 0) return { overlays: [], closed: [], gateway: [] };
  const bridge = await ifThere<NetworkInspectInfo>(docker.getNetwork(gatewayBridge).inspect());
  const address = bridge?.Containers?.[Id]?.IPv4Address.split('/')[0];
  return {
    overlays: own.map(({ Name }) => Name),
    closed: own.filter(({ Attachable }) => !Attachable).map(({ Name }) => Name),
    gateway: address === undefined ? [] : [address],
  };
}
