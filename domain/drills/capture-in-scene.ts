import { outlineOf, type CapturedContainer, type DeploymentCapture } from '../deployment.ts';
import { contains, type Mount, type PathsOfStores } from '../mounts.ts';
import { repositoryPaths, whatGoes } from '../plans/mount-fates.ts';
import { servicesOf, type HostName, type Platform, type Store } from '../platform.ts';
import { isStreamed } from '../store-kinds.ts';
import { hostLimits } from './limits.ts';
import { containerInScene, dataInScene, drillLabels, isSealed, serviceInScene, type Scene } from './scene.ts';

/** What the engine is asked to run, as a captured container says it; what names, mounts and networks it comes after. */
export type BodyInScene = (captured: CapturedContainer, store: Store | undefined) => Record<string, unknown>;

interface Choices {
  /** As the platform file describes it, not as it is in the scene. */
  platform: Platform;
  scene: Scene;
  storePaths: PathsOfStores;
  body: BodyInScene;
  /** Whether what a container mounts is on the scene's engine; absent: it is. */
  isThere?: ((captured: CapturedContainer, mount: Mount) => boolean) | undefined;
}

/**
 * The capture as it is in the scene: one container for each service, on the scene's network alone, with volumes of its own
 * for what holds data. Nothing else can be written to: other mounts are read-only or left out. No file is put back on the host.
 */
export function captureInScene(capture: DeploymentCapture, choices: Choices): DeploymentCapture {
  const { platform, scene } = choices;
  const host = scene.host ?? capture.host;
  const { project } = scene;
  const labels = drillLabels(scene, platform.platform);
  const services = [...dataInScene(platform), ...scene.core];
  const goes = whatGoes({
    platform,
    observed: { containers: [] },
    capture: outlineOf(capture),
    storePaths: choices.storePaths,
  });
  const named = new Map<string, string>();
  /** What two services share, as one that prepares a folder and the server that uses it, they share in the scene. */
  const ownVolume = (mount: Mount, store: Store | undefined, name: string, lies = capture.host) => {
    if (!goes.has(mount.source) && !mayHoldImport(mount, store)) return undefined;
    // Volumes of one name on two hosts are two.
    const key = `${lies} ${mount.source}`;
    if (!named.has(key)) named.set(key, name);
    return named.get(key);
  };
  const containers = services.flatMap((service) => {
    const all = capture.containers.filter((container) => container.service === service);
    const captured = all.find(({ running }) => running) ?? all[0];
    return captured ? [containerOf(captured, { ...choices, ownVolume })] : [];
  });
  const volumes = [...new Set(containers.flatMap((container) => container.volumes))];
  return {
    version: 1,
    takenAt: capture.takenAt,
    host,
    project,
    containers,
    networks: [{ name: project, create: networkOf(scene, platform) }],
    volumes: volumes.map((name) => ({
      name,
      host,
      create: { Name: name, Driver: 'local', DriverOpts: {}, Labels: labels },
    })),
    files: [],
  };
}

/**
 * It routes nowhere. Of a sealed one the host has no address either, so what listens on all of the host's cannot be reached: what the
 * gateway mode `isolated` of Docker 28 does, in words that every engine knows, and without IPv6, of which they do not count.
 */
function networkOf(scene: Scene, platform: Platform): Record<string, unknown> {
  const Options = isSealed(platform) ? { 'com.docker.network.bridge.inhibit_ipv4': 'true' } : {};
  const Labels = drillLabels(scene, platform.platform);
  return {
    Name: scene.project,
    Driver: 'bridge',
    Internal: true,
    EnableIPv6: false,
    Attachable: true,
    Options,
    Labels,
  };
}

interface Making extends Choices {
  /** The volume that stands for a mount which holds data; undefined: it holds none. */
  ownVolume: (mount: Mount, store: Store | undefined, name: string, lies?: HostName) => string | undefined;
}

function containerOf(captured: CapturedContainer, making: Making): CapturedContainer {
  const { platform, scene, body, ownVolume, storePaths, isThere = () => true } = making;
  const { project } = scene;
  const service = serviceInScene(captured.service);
  const store = platform.stores.find((one) => servicesOf(one).includes(captured.service));
  const mounts = captured.mounts.flatMap((mount, number): Mount[] => {
    const own = ownVolume(mount, store, `${project}-${service}-${number}`, captured.host);
    if (own !== undefined) return [{ ...mount, type: 'volume', source: own, readOnly: false }];
    return isShown(mount, store, storePaths) && isThere(captured, mount) ? [{ ...mount, readOnly: true }] : [];
  });
  const { HostConfig, Labels, ...create } = body(captured, store) as Record<string, Record<string, unknown>>;
  const { ownFiles = [], image, oneShot } = captured;
  const files = ownFiles.filter(({ path }) => isFileShown(path, store, storePaths));
  return {
    name: containerInScene(scene, captured.service),
    service,
    running: true,
    restartPolicy: { name: 'no', maximumRetryCount: 0 },
    ...(oneShot && { oneShot }),
    image,
    volumes: mounts.flatMap(({ type, source, readOnly }) => (type === 'volume' && !readOnly ? [source] : [])),
    mounts,
    networks: [project],
    ...(files.length > 0 && { ownFiles: files }),
    create: {
      ...create,
      Labels: {
        ...Labels,
        'com.docker.compose.project': project,
        'com.docker.compose.service': service,
        ...drillLabels(scene, platform.platform),
      },
      HostConfig: {
        ...HostConfig,
        NetworkMode: project,
        RestartPolicy: { Name: 'no', MaximumRetryCount: 0 },
        ...hostLimits(scene, scene.memory[service] ?? 0),
        // A folder that is missing on the host is an error: as a bind it would be made there.
        Mounts: mounts.map(({ type, source, destination, readOnly }) => ({
          Type: type,
          Source: source,
          Target: destination,
          ReadOnly: readOnly,
        })),
      },
      NetworkingConfig: { EndpointsConfig: { [project]: { Aliases: aliasesOf(captured) } } },
    },
  };
}

/** Where a command of one's own puts what it imports, nobody knows: any volume that its container may write to. */
export function mayHoldImport({ type, readOnly }: Mount, store: Store | undefined): boolean {
  return store?.kind === 'command' && type === 'volume' && !readOnly;
}

/** Under which names others find it on its networks. */
function aliasesOf({ name, service, create }: CapturedContainer): string[] {
  const { EndpointsConfig = {} } = (create.NetworkingConfig ?? {}) as {
    EndpointsConfig?: Record<string, { Aliases?: string[] }>;
  };
  const given = Object.values(EndpointsConfig).flatMap(({ Aliases = [] }) => Aliases);
  return [...new Set([...given, service.split('/').at(-1) ?? service, name])];
}

/** A file that is copied into the container is shown by the rules of one that is mounted; a secret in any case: images read theirs as they start. */
export function isFileShown(destination: string, store: Store | undefined, storePaths: PathsOfStores): boolean {
  const mount = { type: 'bind', source: 'copied', destination, readOnly: true } as const;
  return contains('/run/secrets', destination) || isShown(mount, store, storePaths);
}

const configurations = /\/(elasticsearch|opensearch)\.(yml|keystore)$|\/jvm\.options(\.d)?$|\/config$/;
/** The engine's socket, or a folder that holds it, would give the whole machine to whoever can open it. */
const engineSockets = ['/var/run/docker.sock', '/run/docker.sock', '/var/run', '/run'];

/**
 * Whether something that is no data is there in the scene too, to be read. Of an Elasticsearch: its repository, and files that its
 * indices use (synonyms, plugins), not its own settings, which name its cluster. Of ZooKeeper: nothing, for the same reason. Of a store of
 * streams: its settings, scripts and certificates.
 */
export function isShown(
  { type, source, destination }: Mount,
  store: Store | undefined,
  storePaths: PathsOfStores,
): boolean {
  if (type === 'tmpfs' || source === '' || source.endsWith('.sock')) return false;
  if (engineSockets.some((socket) => contains(source, socket))) return false;
  if (store === undefined || store.kind === 'container' || isStreamed(store)) return true;
  const paths = storePaths[store.name];
  if (store.kind !== 'elasticsearch' || paths === undefined) return false;
  if ([...repositoryPaths(store, paths), ...paths.repositories].some((path) => contains(destination, path)))
    return true;
  return paths.home !== undefined && contains(paths.home, destination) && !configurations.test(destination);
}
