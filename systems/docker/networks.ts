import type { NetworkInspectInfo } from 'dockerode';
import type Docker from 'dockerode';
import type { CapturedNetwork } from '../../domain/deployment.ts';
import { statusOf, unless, wordsOf } from './failures.ts';

/** The built-in networks of every engine. */
const builtIn = new Set(['bridge', 'host', 'none', 'default']);

export function isUserDefined(network: string): boolean {
  return !builtIn.has(network) && !network.startsWith('container:');
}

/** A network by its exact name (the engine's own look-up takes ids and parts of them as well). */
export async function findNetwork(docker: Docker, name: string): Promise<NetworkInspectInfo | undefined> {
  const found = await docker.listNetworks({ filters: { name: [name] } });
  return found.find(({ Name }) => Name === name);
}

/** The body that creates such a network again. */
export function networkBody(network: NetworkInspectInfo): CapturedNetwork {
  const { Name, Driver, EnableIPv6, IPAM, Internal, Attachable, Options, Labels, ConfigOnly, ConfigFrom } = network;
  // The overlay driver's ids are the engine's own.
  const options = Object.entries(Options ?? {}).filter(([key]) => !key.endsWith('.vxlanid_list'));
  return {
    name: Name,
    create: {
      Name,
      Driver,
      EnableIPv6,
      Internal,
      Attachable,
      ConfigOnly,
      ...(ConfigFrom?.Network ? { ConfigFrom } : {}),
      IPAM: { Driver: IPAM?.Driver ?? 'default', Options: IPAM?.Options ?? {}, Config: IPAM?.Config ?? [] },
      Options: Object.fromEntries(options),
      Labels: Labels ?? {},
    },
  };
}

/**
 * Creates the network unless one of its name is there. When its addresses are taken by another network, the engine
 * chooses new ones; a container that needs a fixed address is then refused by the engine, not moved.
 */
export async function createNetwork(docker: Docker, { name, create }: CapturedNetwork): Promise<{ created: boolean }> {
  if ((await findNetwork(docker, name)) !== undefined) return { created: false };
  const body = { ...create, Name: name, CheckDuplicate: true };
  try {
    return { created: await unless([409], docker.createNetwork(body)) };
  } catch (error) {
    if (statusOf(error) === undefined || !/overlaps/i.test(wordsOf(error))) throw error;
    return { created: await unless([409], docker.createNetwork({ ...body, IPAM: { Driver: 'default' } })) };
  }
}
