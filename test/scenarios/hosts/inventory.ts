import type { ContainerInspectInfo } from 'dockerode';
import Docker from 'dockerode';
import type { Host } from './engines.ts';

/** What is on one engine, by name. */
export interface Inventory {
  containers: Record<string, { running: boolean; Labels: Record<string, string> } & Record<string, unknown>>;
  volumes: Record<string, object>;
  networks: Record<string, object>;
}

/** All that is on one engine, of whomever, without what differs when the same is created again: ids, addresses, times. */
export async function inventoryOf({ dockerHost }: Host): Promise<Inventory> {
  const engine = new Docker({ socketPath: dockerHost.slice('unix://'.length) });
  const [containers, { Volumes: volumes }, networks] = await Promise.all([
    engine.listContainers({ all: true }),
    engine.listVolumes(),
    engine.listNetworks(),
  ]);
  const inspected = await Promise.all(containers.map(({ Id }) => engine.getContainer(Id).inspect()));
  return {
    containers: byName(inspected.map((each) => [each.Name.slice(1), essenceOf(each)])),
    volumes: byName(volumes.map(({ Name, Driver, Labels }) => [Name, { Driver, Labels }])),
    networks: byName(
      networks.map(({ Name, Driver, Labels, Internal, Attachable }) => [
        Name,
        { Driver, Labels, Internal, Attachable },
      ]),
    ),
  };
}

const byName = <T extends object>(entries: [string, T][]): Record<string, T> =>
  Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));

function essenceOf({ State, Config, HostConfig, Mounts, NetworkSettings }: ContainerInspectInfo) {
  const { Image, Cmd, User, WorkingDir, Labels, Env } = Config;
  const Entrypoint = Config.Entrypoint as unknown;
  return {
    running: State.Running,
    ...{ Image, Cmd, Entrypoint, User, WorkingDir, Labels, Env: Env.toSorted() },
    restart: HostConfig.RestartPolicy,
    ports: HostConfig.PortBindings as unknown,
    mounts: Mounts.map(
      ({ Type, Name, Source, Destination, RW }) => `${Type} ${Name ?? Source} ${Destination} ${RW}`,
    ).toSorted(),
    networks: byName(
      Object.entries(NetworkSettings.Networks).map(([name, { Aliases }]) => [
        name,
        ((Aliases ?? []) as string[]).filter((alias) => !/^[0-9a-f]{12}$/.test(alias)).toSorted(),
      ]),
    ),
  };
}
