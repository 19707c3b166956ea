import type { CapturedContainer, CapturedFile, DeploymentCapture } from '../deployment.ts';
import type { Mount } from '../mounts.ts';
import type { HostName, Platform } from '../platform.ts';
import { isGathered } from './scene-host.ts';
import { asContainer, type Lacking } from './service-as-container.ts';

// A scene is always plain containers on one engine. What the platform has as services of a swarm, and on other hosts, becomes that here.

export interface Gathered {
  capture: DeploymentCapture;
  /** Whether what a container mounts is on that engine. */
  isThere: (captured: CapturedContainer, mount: Mount) => boolean;
  /** Files that services of Swarm have from elsewhere, and their containers do not. */
  lacking: Lacking[];
}

/**
 * The capture as if all of it were plain containers that can be created on the engine of `host`. Files that lie on other machines
 * are put into the containers, as far as the capture holds them. `secrets`: values of Swarm secrets, by name. A platform of plain
 * containers on one host is as it is.
 */
export function gather(
  capture: DeploymentCapture,
  {
    platform,
    host = capture.host,
    secrets = {},
  }: { platform: Platform; host?: HostName | undefined; secrets?: Readonly<Record<string, string>> },
): Gathered {
  if (!isGathered(platform)) return { capture, isThere: () => true, lacking: [] };
  const isSwarm = platform.deployment.kind === 'swarm';
  const hostOf = (one: { host?: HostName }) => one.host ?? capture.host;
  const held = new Set(capture.volumes.flatMap((volume) => (volume.host === host ? [volume.name] : [])));
  const isThere: Gathered['isThere'] = (captured, { type, source }) => {
    if (hostOf(captured) !== host) return false;
    if (!isSwarm) return true;
    // A volume that is not there would be made, and stay. Nobody knows on which node a core service had its folder.
    return type === 'volume' ? held.has(source) : platform.deployment.data.includes(captured.service);
  };
  const made = capture.containers.map((captured) =>
    asContainer(captured, { configs: capture.configs ?? [], secrets, node: host }),
  );
  const containers = made.map(({ container }) => {
    const away = container.mounts.filter((mount) => mount.type === 'bind' && !isThere(container, mount));
    const brought = away.flatMap((mount) => filesOf(capture, container, mount, isSwarm));
    const ownFiles = [...(container.ownFiles ?? []), ...brought];
    return ownFiles.length === 0 ? container : { ...container, ownFiles };
  });
  return { capture: { ...capture, containers }, isThere, lacking: made.flatMap(({ lacking }) => lacking) };
}

/** The captured files of one mount, where they are in the container. Swarm may have run a core service on any node that was asked. */
export function filesOf(
  capture: Pick<DeploymentCapture, 'files' | 'host'>,
  { host = capture.host }: Pick<CapturedContainer, 'host'>,
  { source, destination }: Mount,
  anywhere: boolean,
): CapturedFile[] {
  const files = new Map<string, CapturedFile>();
  for (const { host: lies = capture.host, ...file } of capture.files) {
    const isOf = file.path === source || file.path.startsWith(`${source}/`);
    if (!isOf || (lies !== host && (!anywhere || files.has(file.path)))) continue;
    files.set(file.path, { ...file, path: `${destination}${file.path.slice(source.length)}` });
  }
  return [...files.values()];
}
