import type { Mount, PathsOfStores } from './mounts.ts';
import type { Deployment, HostName, NetworkName, ServiceName, VolumeName } from './platform.ts';
import type { RestartPolicy } from './plans/step-arguments.ts';
import type { ObservedSwarm, ServiceNeeds } from './swarm.ts';

/** The part of the engine that belongs to the platform now. Names, states and times; no environment. */
export interface ObservedDeployment {
  host: HostName;
  engineVersion: string;
  containers: ObservedContainer[];
  volumes: ObservedVolume[];
  networks: ObservedNetwork[];
  /** Running containers that are not of the named services and reach the data services. */
  otherContainers: OtherContainer[];
  /** Names of all containers of the engine that are not of the named services, running or not. */
  otherNames: string[];
  /** Of a platform on Docker Swarm. */
  swarm?: ObservedSwarm;
  /** Of a platform on several hosts: what is known of the other engines. Their parts of the lists name their host. */
  elsewhere?: EngineElsewhere[];
}

export interface EngineElsewhere {
  host: HostName;
  engineVersion: string;
  otherNames: string[];
}

/** Absent: the host of the whole, which alone a platform on one host has. */
interface OnHost {
  host?: HostName;
}

export interface OtherContainer extends OnHost {
  container: string;
  /** The network of the data services that it is on, or `container:<name>`: it shares the network of that one. */
  network: NetworkName;
  /** The names and addresses under which other containers find it. */
  answersTo: string[];
}

/** A container, or a Swarm service as a whole: then its name says so (`domain/swarm.ts`). */
export interface ObservedContainer extends OnHost {
  name: string;
  service: ServiceName;
  running: boolean;
  restartPolicy: RestartPolicy;
  /** Of a replicated Swarm service: as many as it has when it is not stopped. */
  replicas?: number;
  /** It has ended with exit code 0, and the engine does not start it again by itself. */
  oneShot?: true;
  image: string;
  volumes: VolumeName[];
  mounts: Mount[];
  networks: NetworkName[];
  /**
   * One of its networks, or the container whose network, IPC or PID space it shares, is gone (the id vanished): it cannot
   * be started, only removed and created again.
   */
  networkGone: boolean;
  /** The containers whose network, IPC or PID space it shares: when one is created again, so must it be. */
  sharesWith: string[];
}

/** A volume, or a bind-mounted folder that holds data: then its name is its path on the host, its driver `bind`. */
export interface ObservedVolume extends OnHost {
  name: VolumeName;
  /** ISO 8601: it lets the plan's hash distinguish a volume from another that took its name. Empty: unknown to the engine. */
  createdAt: string;
  driver: string;
  /** A volume with options may hide a bind or a remote mount: it cannot be quarantined. */
  hasOptions: boolean;
  /** All containers that mount it, running or not. */
  usedBy: string[];
  /** Why a rename cannot set it aside, as tried; absent: it can, or nobody tried. */
  immovable?: string;
  /** Those of them that have done their work: exit code 0, and the engine does not start them again. */
  finished: string[];
}

export interface ObservedNetwork extends OnHost {
  name: NetworkName;
  id: string;
}

/**
 * What is needed to create the services again. It holds environment values, so it leaves the worker only encrypted.
 * `create` is the body of the engine's container-create call, without values that the engine generated.
 */
export interface DeploymentCapture {
  version: 1;
  takenAt: string;
  host: HostName;
  /** The Compose project, or the Swarm stack: `placeOfDeployment`. */
  project: string;
  containers: CapturedContainer[];
  networks: CapturedNetwork[];
  volumes: CapturedVolume[];
  /** Files that are mounted into containers (Compose secrets and configs, small folders), with their content. */
  files: CapturedFile[];
  /** Where each store kept its data; absent: nobody asked. */
  storePaths?: PathsOfStores;
  /** Paths of the host that containers mount and that are too large to be kept; absent: none. */
  leftOut?: string[];
  /** Swarm configs that the services mount, with their content; absent: none. */
  configs?: CapturedConfig[];
}

export interface CapturedConfig {
  name: string;
  labels: Record<string, string>;
  /** The template driver that fills it in, as the engine has it; absent: its content is taken as it is. */
  templating?: Record<string, unknown>;
  contentBase64: string;
}

export interface CapturedContainer extends OnHost {
  name: string;
  service: ServiceName;
  running: boolean;
  restartPolicy: RestartPolicy;
  /** Of a replicated Swarm service: as many as it has when it is not stopped. */
  replicas?: number;
  /** It had ended with exit code 0, and the engine did not start it again by itself. */
  oneShot?: true;
  image: { reference: string; digest: string };
  volumes: VolumeName[];
  mounts: Mount[];
  networks: NetworkName[];
  create: Record<string, unknown>;
  /** Files that the Compose tool copied into the container itself (inline configs, secrets of the environment). */
  ownFiles?: CapturedFile[];
  /**
   * Of a Swarm service: its spec, with names in place of the ids that the swarm made up. `create` is then what a container
   * of one of its tasks is made from.
   */
  spec?: Record<string, unknown>;
  needs?: ServiceNeeds;
}

export interface CapturedNetwork extends OnHost {
  name: NetworkName;
  create: Record<string, unknown>;
}

/** Or a bind-mounted folder that holds data, by its path; `create` is then its owner and mode. */
export interface CapturedVolume {
  name: VolumeName;
  host: HostName;
  create: Record<string, unknown>;
}

export interface CapturedFile extends OnHost {
  /** The path on the host, or inside the container. */
  path: string;
  /** Permission bits, octal as a number (0o600 → 384). */
  mode: number;
  uid: number;
  gid: number;
  contentBase64: string;
}

/** The part of a capture that a planner needs: names only. */
export interface CaptureOutline {
  containers: Pick<
    CapturedContainer,
    | 'name'
    | 'service'
    | 'running'
    | 'restartPolicy'
    | 'replicas'
    | 'oneShot'
    | 'image'
    | 'volumes'
    | 'mounts'
    | 'networks'
    | 'needs'
    | 'host'
  >[];
  networks: NetworkName[];
  volumes: { name: VolumeName; host: HostName }[];
  storePaths?: PathsOfStores;
  leftOut?: string[];
  /** Names of the Swarm configs that the capture holds; absent: none. */
  configs?: string[];
}

export function outlineOf(capture: DeploymentCapture): CaptureOutline {
  return {
    containers: capture.containers.map(
      ({
        name,
        service,
        running,
        restartPolicy,
        replicas,
        oneShot,
        image,
        volumes,
        mounts,
        networks,
        needs,
        host,
      }) => ({
        name,
        service,
        running,
        restartPolicy,
        ...(replicas !== undefined && { replicas }),
        ...(oneShot && { oneShot }),
        image,
        volumes,
        mounts,
        networks,
        ...(needs && { needs }),
        ...(host !== undefined && { host }),
      }),
    ),
    // On several hosts it may be there several times.
    networks: [...new Set(capture.networks.map(({ name }) => name))],
    ...(capture.leftOut && { leftOut: capture.leftOut }),
    ...(capture.configs && { configs: capture.configs.map(({ name }) => name) }),
    volumes: capture.volumes.map(({ name, host }) => ({ name, host })),
    ...(capture.storePaths && { storePaths: capture.storePaths }),
  };
}

/**
 * The image that helper containers move volumes with: that of a data service, since it is on the host already. One of the
 * capture is named by its digest, as preflight makes sure of it. Undefined: no data service is known.
 */
export function findHelperImage(
  { data }: Pick<Deployment, 'data'>,
  observed: Pick<ObservedDeployment, 'containers'>,
  capture?: Pick<CaptureOutline, 'containers'>,
): string | undefined {
  const isData = ({ service }: { service: ServiceName }) => data.includes(service);
  return observed.containers.find(isData)?.image ?? capture?.containers.find(isData)?.image.digest;
}
