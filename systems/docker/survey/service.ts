import type { ContainerInspectInfo } from 'dockerode';
import { healthAddressOf } from '../../../domain/init/health-address.ts';
import { tellingSettings, type SeenService, type SeenVolume } from '../../../domain/init/seen.ts';
import type { ServiceName } from '../../../domain/platform.ts';
import { isOneShot, isRunning, mountsOf, nameOf, networksOf } from '../containers.ts';
import { isUserDefined } from '../networks.ts';

const dependsOnLabel = 'com.docker.compose.depends_on';

/** A service by its containers, of which the first that runs speaks for all; undefined: it has none. */
export function serviceOfContainers(
  service: ServiceName,
  containers: readonly ContainerInspectInfo[],
): SeenService | undefined {
  const speaker = containers.find(isRunning) ?? containers[0];
  if (speaker === undefined) return undefined;
  const { Config } = speaker;
  const mounts = mountsOf(speaker);
  return {
    service,
    container: nameOf(speaker),
    image: Config.Image,
    running: containers.some(isRunning),
    finished: containers.every(isOneShot),
    ...environmentOf(Config.Env),
    // There are none where the image exposes none: spreading takes that for an empty object.
    ports: tcpPorts(Object.keys({ ...Config.ExposedPorts })),
    mounts: mounts.map(({ destination }) => destination),
    volumes: volumesOf(mounts),
    secretFiles: secretFilesOf(mounts),
    networks: networksOf(speaker).filter(isUserDefined),
    dependsOn: dependenciesOf(Config.Labels[dependsOnLabel] ?? ''),
    ...healthOf(Config.Healthcheck?.Test),
  };
}

/** `NAME=value` as names, with the values of those settings that are no secrets. */
export function environmentOf(
  environment: readonly string[] | null | undefined,
): Pick<SeenService, 'variables' | 'settings'> {
  const pairs = (environment ?? []).map((line): [string, string] => {
    const at = line.indexOf('=');
    return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)];
  });
  const telling = new Set<string>(tellingSettings);
  return {
    variables: pairs.map(([name]) => name),
    settings: Object.fromEntries(pairs.filter(([name]) => telling.has(name))),
  };
}

export function healthOf(test: readonly string[] | null | undefined): Pick<SeenService, 'health'> {
  const health = healthAddressOf(test ?? []);
  return health ? { health } : {};
}

export function volumesOf(mounts: ReturnType<typeof mountsOf>): SeenVolume[] {
  return mounts.flatMap(({ type, source, destination, readOnly }) =>
    type === 'tmpfs' || readOnly ? [] : [{ type, source, path: destination }],
  );
}

/** `9200/tcp` as 9200, in their order. */
function tcpPorts(exposed: readonly string[]): number[] {
  const ports = exposed.flatMap((port) => /^(\d+)(?:\/tcp)?$/.exec(port)?.[1] ?? []);
  return ports.map(Number).toSorted((a, b) => a - b);
}

/** Compose mounts a secret's file below /run/secrets. */
function secretFilesOf(mounts: ReturnType<typeof mountsOf>): SeenService['secretFiles'] {
  return Object.fromEntries(
    mounts.flatMap(({ type, source, destination }) => {
      const file = /^\/run\/secrets\/([^/]+)$/.exec(destination)?.[1];
      return type === 'bind' && file !== undefined ? [[file, source] as const] : [];
    }),
  );
}

/** `elasticsearch:service_started:false,zookeeper:service_healthy:true` by names. */
function dependenciesOf(label: string): ServiceName[] {
  return label.split(',').flatMap((one) => one.split(':')[0]?.trim() || []);
}
