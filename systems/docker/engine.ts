import type { Readable } from 'node:stream';
import type { ArchivedImage } from '../../domain/archives/archive.ts';
import type { Scene } from '../../domain/drills/scene.ts';
import { listDrills, removeDrill, type DrillSeen } from './drills/scene.ts';
import { listWays, openWay, type Way, type WayTask } from './drills/way.ts';
import type {
  CapturedNetwork,
  CapturedVolume,
  DeploymentCapture,
  ObservedDeployment,
} from '../../domain/deployment.ts';
import type { EngineInventory } from '../../domain/engine-inventory.ts';
import type { Deployment, HostName, PlatformName, ServiceName, VolumeName } from '../../domain/platform.ts';
import type { SeenPlace, Survey } from '../../domain/init/seen.ts';
import type { ContainerReference, ContainerStarts } from '../../domain/plans/step-arguments.ts';
import type { NodeAsked } from '../../domain/swarm-nodes.ts';
import type { Watch } from '../../domain/watch.ts';
import { archivedImage, compareImages, confirmImages, loadImages, saveImages } from './archived-images.ts';
import { clock } from './clock.ts';
import type { Configuration } from './configuration.ts';
import { configOf, editText, readText } from './container-text.ts';
import { openConnection, type Connection } from './connection.ts';
import type { Creation } from './capture/create.ts';
import { measureDisk, type DiskSpace, type DiskTask } from './disk.ts';
import { exec, type ExecOptions, type ExecResult } from './exec.ts';
import { stoppableContainer, type StoppableContainer, type StoppableTask } from './exchange/stoppable-container.ts';
import { reaching } from './failures.ts';
import type { Fenced, FenceTask } from './fence.ts';
import type { HealthLimits } from './health.ts';
import { configurationOf, insideAny, insideContainer } from './inside.ts';
import { ensureImage, imageVersion } from './images.ts';
import { readInventory } from './inventory.ts';
import { createNetwork } from './networks.ts';
import { ping, type EngineIdentity } from './ping.ts';
import { adoptVolume, type Adopted, type AdoptTask } from './quarantine/adopt.ts';
import { forgetRun, keepBeside, readBeside, type BesideTask } from './quarantine/beside.ts';
import {
  quarantineVolume,
  releaseQuarantine,
  returnVolume,
  type Quarantined,
  type QuarantineTask,
  type Release,
  type Returned,
} from './quarantine/quarantine.ts';
import { captureFolders, createFolder } from './quarantine/folders.ts';
import { emptyFolder, type EmptyTask } from './quarantine/empty-folder.ts';
import { listQuarantine, type QuarantineEntry } from './quarantine/list-quarantine.ts';
import { tryQuarantine, type Trial, type TrialTask } from './quarantine/trial.ts';
import { listProjects } from './projects.ts';
import { reach, type Address } from './reach.ts';
import type { Removal } from './remove.ts';
import {
  awaitScratch,
  removeScratch,
  removeScratchLeftovers,
  startScratch,
  type ScratchTask,
} from './side-containers/scratch-container.ts';
import { runContainer, type SideContainer, type SideResult, type SideWatch } from './side-containers/side-container.ts';
import type { Start } from './start.ts';
import type { Stop } from './stop.ts';
import { captureNode } from './swarm/capture.ts';
import { nodeElsewhere } from './swarm/containers.ts';
import { storeContainer, type StoreContainer } from './streamed/store-container.ts';
import { survey } from './survey/survey.ts';
import { listServiceNames } from './swarm/list-service-names.ts';
import { observeNode } from './swarm/observe-node.ts';
import { publishedPorts, type PublishedPort } from './published-ports.ts';
import { createVolume, presentVolumes, removeVolume } from './volumes.ts';
import * as workloads from './workloads.ts';

/**
 * All that Rekindle does to a Docker engine; what each does and how it fails stands with the function of its name. A Swarm
 * service stands for a container wherever its unit's name does (workloads.ts).
 * Every one of them is idempotent, and fails with `DockerUnreachable` when the engine does not answer.
 */
export interface DockerEngine {
  /** For messages: `unix:///var/run/docker.sock`. */
  address: string;
  /** Reached through an endpoint on another machine: containers' own addresses cannot be reached from here. */
  remote?: true;
  ping: () => Promise<EngineIdentity>;
  /** How many seconds this machine's clock is ahead of the engine's. */
  clock: () => Promise<number | undefined>;
  observe: (deployment: Deployment, host: HostName, signal?: AbortSignal) => Promise<ObservedDeployment>;
  /** Of a swarm's node that is no manager: the volumes that are asked for, and who else is on the networks. */
  observeNode: (asked: Pick<NodeAsked, 'volumes' | 'networks'>, host: HostName) => Promise<ObservedDeployment>;
  captureNode: (asked: Pick<NodeAsked, 'units' | 'volumes'>, host: HostName) => Promise<DeploymentCapture>;
  inventory: (host: HostName, wanted?: { starts?: boolean }) => Promise<EngineInventory>;
  listProjects: () => Promise<{ project: string; services: ServiceName[] }[]>;
  /** All services that are there, as a platform file of the place would name them. */
  survey: (place: SeenPlace) => Promise<Survey>;
  /** Of the swarm. */
  listServiceNames: () => Promise<string[]>;
  /** Of a swarm's service, by its unit. */
  nodeElsewhere: (unit: string) => Promise<HostName | undefined>;
  serviceContainers: (deployment: Deployment, service: ServiceName) => Promise<{ name: string; running: boolean }[]>;
  capture: (deployment: Deployment, host: HostName, signal?: AbortSignal) => Promise<DeploymentCapture>;
  /** Of a container, running or not. */
  readConfiguration: (container: string) => Promise<Configuration | undefined>;
  captureFolders: (
    task: { platform: PlatformName; host: HostName; image: string; folders: string[] } & Watch,
  ) => Promise<CapturedVolume[]>;
  createNetwork: (network: CapturedNetwork) => Promise<{ created: boolean }>;
  createVolume: (volume: CapturedVolume) => Promise<{ created: boolean }>;
  presentVolumes: (names: VolumeName[]) => Promise<VolumeName[]>;
  createFolder: (folder: CapturedVolume, task: { run: string; image: string } & Watch) => Promise<void>;
  createContainers: (
    capture: DeploymentCapture,
    names: string[],
    watch?: Watch & { secrets?: Record<string, string> },
  ) => Promise<Creation[]>;
  /** Brings the images here that are not; see `ensureImage`. Failure: `ImageMissing`. */
  ensureImage: (image: { reference: string; digest: string }, watch?: Watch) => Promise<string>;
  imageVersion: (image: { reference: string; digest: string }) => Promise<string | undefined>;
  archivedImage: (image: { reference: string; digest: string }) => Promise<ArchivedImage | undefined>;
  saveImages: (images: readonly ArchivedImage[], signal?: AbortSignal) => Promise<AsyncIterable<Uint8Array>>;
  compareImages: (images: readonly ArchivedImage[]) => Promise<{ missing: ArchivedImage[]; taken: string[] }>;
  loadImages: (tar: Readable) => Promise<void>;
  confirmImages: (images: readonly ArchivedImage[]) => Promise<void>;
  stopContainers: (containers: ContainerReference[], graceSeconds: number, watch?: Watch) => Promise<Stop[]>;
  startContainers: (
    containers: ContainerReference[],
    watch?: Watch & { stopGraceSeconds?: number },
  ) => Promise<Start[]>;
  awaitHealthy: (names: string[], limits: HealthLimits, watch?: Watch) => Promise<ContainerStarts>;
  confirmHealthy: (starts: ContainerStarts, limits: { timeoutSeconds: number }, watch?: Watch) => Promise<void>;
  fence: (task: FenceTask, watch?: Watch) => Promise<Fenced>;
  removeContainers: (names: string[], watch?: Watch) => Promise<Removal[]>;
  removeVolume: (name: VolumeName) => Promise<{ removed: boolean }>;
  emptyFolder: (task: EmptyTask) => Promise<void>;
  tryQuarantine: (task: TrialTask) => Promise<Record<VolumeName, Trial>>;
  quarantineVolume: (task: QuarantineTask) => Promise<Quarantined>;
  returnVolume: (task: QuarantineTask) => Promise<Returned>;
  adoptVolume: (task: AdoptTask) => Promise<Adopted>;
  releaseQuarantine: (task: Release) => Promise<{ released: VolumeName[] }>;
  listQuarantine: (task: { platform: PlatformName; image: string } & Watch) => Promise<QuarantineEntry[]>;
  keepBeside: (task: BesideTask, content: Uint8Array) => Promise<void>;
  readBeside: (task: BesideTask) => Promise<Uint8Array | undefined>;
  forgetRun: (task: Omit<BesideTask, 'name'>) => Promise<boolean>;
  runContainer: (side: SideContainer, watch?: SideWatch) => Promise<SideResult>;
  exec: (container: string, command: string[], options?: ExecOptions) => Promise<ExecResult>;
  /** For what is too large to be held, or must wait; nothing is asked yet. */
  commandsIn: (container: string) => StoreContainer;
  /** For a store whose data is exchanged while its server is stopped; nothing is asked yet. Not of a swarm's service. */
  stoppable: (container: string, task: StoppableTask) => StoppableContainer;
  configOf: (container: string) => Promise<Record<string, unknown>>;
  readText: (container: string, path: string) => Promise<string | undefined>;
  editText: (container: string, path: string, edit: (text: string) => string) => Promise<boolean>;
  reach: (container: string, port: number, signal?: AbortSignal) => Promise<Address>;
  measureDisk: (task: DiskTask & Watch) => Promise<DiskSpace>;
  startScratch: (task: ScratchTask, watch?: Watch) => Promise<string>;
  awaitScratch: (name: string, limits: { port: number; timeoutSeconds: number }, watch?: Watch) => Promise<Address>;
  removeScratch: (name: string) => Promise<void>;
  removeScratchLeftovers: (platform: PlatformName) => Promise<string[]>;
  openWay: (task: WayTask, watch?: Watch) => Promise<void>;
  listWays: (scene: Scene) => Promise<Way[]>;
  publishedPorts: () => Promise<PublishedPort[]>;
  listDrills: (platform: PlatformName) => Promise<DrillSeen[]>;
  removeDrill: (run: string) => Promise<string[]>;
}

/** `host` as in `DOCKER_HOST`, which counts when it is left out. Connects nothing yet: `ping` does. */
export function connectDocker(options: { host?: string } = {}): DockerEngine {
  return engineOver(openConnection(options.host), (error) => Promise.resolve(error));
}

/** `explain`: what the error of a call stands for; the error itself when that says it already. */
export function engineOver(
  { docker, address }: Connection,
  explain: (error: unknown) => Promise<unknown>,
): DockerEngine {
  const through = <T>(work: () => Promise<T>): Promise<T> =>
    reaching(address, () =>
      work().catch(async (error: unknown) => {
        throw await explain(error);
      }),
    );
  const bound =
    <A extends unknown[], R>(work: (client: typeof docker, ...args: A) => Promise<R>) =>
    (...args: A): Promise<R> =>
      through(() => work(docker, ...args));
  return {
    address,
    ping: bound(ping),
    clock: bound(clock),
    observe: bound(workloads.observeDeployment),
    observeNode: bound(observeNode),
    captureNode: bound(captureNode),
    inventory: bound(readInventory),
    listProjects: bound(listProjects),
    listServiceNames: bound(listServiceNames),
    survey: bound(survey),
    nodeElsewhere: bound(nodeElsewhere),
    serviceContainers: bound(workloads.containersOf),
    capture: bound(workloads.captureDeployment),
    readConfiguration: bound(configurationOf),
    captureFolders: bound(captureFolders),
    createNetwork: bound(createNetwork),
    createVolume: bound(createVolume),
    presentVolumes: bound(presentVolumes),
    createFolder: bound(createFolder),
    createContainers: bound(workloads.create),
    ensureImage: bound(ensureImage),
    imageVersion: bound(imageVersion),
    archivedImage: bound(archivedImage),
    saveImages: bound(saveImages),
    compareImages: bound(compareImages),
    loadImages: bound(loadImages),
    confirmImages: bound(confirmImages),
    stopContainers: bound(workloads.stop),
    startContainers: bound(workloads.start),
    awaitHealthy: bound(workloads.becomeHealthy),
    fence: bound(workloads.keepOut),
    confirmHealthy: bound(workloads.stayHealthy),
    removeContainers: bound(workloads.remove),
    removeVolume: bound(removeVolume),
    emptyFolder: bound(emptyFolder),
    tryQuarantine: bound(tryQuarantine),
    quarantineVolume: bound(quarantineVolume),
    returnVolume: bound(returnVolume),
    adoptVolume: bound(adoptVolume),
    releaseQuarantine: bound(releaseQuarantine),
    listQuarantine: bound(listQuarantine),
    keepBeside: bound(keepBeside),
    readBeside: bound(readBeside),
    forgetRun: bound(forgetRun),
    runContainer: bound(runContainer),
    exec: bound(insideContainer(exec)),
    commandsIn: (name) => storeContainer(docker, name, through),
    stoppable: (name, task) => stoppableContainer(docker, name, task, through),
    configOf: bound(insideContainer(configOf)),
    readText: bound(insideAny(readText)),
    editText: bound(insideContainer(editText)),
    reach: bound(insideContainer(reach)),
    measureDisk: bound(measureDisk),
    startScratch: bound(startScratch),
    awaitScratch: bound(awaitScratch),
    removeScratch: bound(removeScratch),
    removeScratchLeftovers: bound(removeScratchLeftovers),
    openWay: bound(openWay),
    listWays: bound(listWays),
    publishedPorts: bound(publishedPorts),
    listDrills: bound(listDrills),
    removeDrill: bound(removeDrill),
  };
}
