import type { Client as Elasticsearch } from '@elastic/elasticsearch';
import type { Environment } from '../config/environment.ts';
import { exposedKeys, type ExposedKey } from '../config/exposed-keys.ts';
import { loadPlatform } from '../config/platform-file.ts';
import { resolveSecret, resolveSecrets } from '../config/secrets.ts';
import type { ObservedContainer } from '../domain/deployment.ts';
import { Failure } from '../domain/failures.ts';
import { isSpread } from '../domain/hosts.ts';
import { swarmNameOf, unitOf } from '../domain/swarm.ts';
import { basesIn, withBases, type Bases } from '../domain/bases.ts';
import { placesIn, withPlaces, type SwarmPlaces } from '../domain/swarm-places.ts';
import type { WorkerSeen } from '../domain/workers.ts';
import {
  servicesOf,
  type ElasticsearchStore,
  type HostName,
  type Platform,
  type SecretReference,
  type ServiceName,
  type ZookeeperQueueStore,
} from '../domain/platform.ts';
import { platformInScene } from '../domain/drills/platform-in-scene.ts';
import type { Scene } from '../domain/drills/scene.ts';
import { withWays } from './drill/in-scene.ts';
import {
  catalogueBucket,
  healSourceBucket,
  repositoryAccess,
  type BucketPlace,
  type S3Access,
} from './access/open-bucket.ts';
import type { Catalogue } from '../systems/catalogue/catalogue.ts';
import { openCatalogue } from '../systems/catalogue/open-catalogue.ts';
import { connectDocker, type DockerEngine } from '../systems/docker/engine.ts';
import { readKeyFile } from '../systems/encryption/key-file.ts';
import { directoryStorage } from '../systems/object-storage/directory.ts';
import { directoryStreams } from '../systems/object-storage/directory-streams.ts';
import { s3Storage, type S3Options } from '../systems/object-storage/s3.ts';
import { s3Streams } from '../systems/object-storage/s3-streams.ts';
import type { StreamStorage } from '../systems/object-storage/stream-storage.ts';
import { openEndpoints } from './hosts/open-endpoints.ts';
import { observeHere } from './hosts/observe-here.ts';
import type { AskElsewhere, AskHost } from './hosts/questions.ts';

/** What the process gives to every operation. */
export interface Dependencies {
  environment: Environment;
  docker: DockerEngine;
  /** The engines of other machines that are reached from here, by host. */
  endpoints?: Record<HostName, DockerEngine>;
  /** How other hosts are asked, for platforms on several; absent: they cannot be. */
  askElsewhere?: AskElsewhere;
}

/** The engines as environment and hosts file name them; nothing is connected yet. Failure: InvalidHostsFile. */
export function dependenciesOf(environment: Environment): Dependencies {
  return {
    environment,
    docker: connectDocker({ host: environment.dockerHost }),
    endpoints: openEndpoints(environment),
  };
}

/** A platform as one operation works on it: its file, read anew, and access to its systems. */
export interface OpenPlatform {
  platform: Platform;
  /** The same with its stores on their first bases, as its file describes them; absent: they are. */
  filed?: Platform;
  fileHash: string;
  /** What a script of a plan is made of, next to the plan; absent: none is wanted. */
  readonly kitSources?: { fileText: string; keyFile: string };
  /** The host that is worked on: the platform's own, or, of several, the one that this process works for. */
  host: HostName;
  /** Puts a question to another host. */
  ask: AskHost;
  /** Why nobody knows on which nodes of a swarm its data services lie; absent: it is known. */
  unplaced?: Error;
  /** The same platform with its stores on these bases of their repositories. */
  readonly based: (bases: Bases | undefined) => OpenPlatform;
  /** The same platform on Swarm with its data services on these nodes, as `host` works on it. */
  place: (places: SwarmPlaces | undefined, host: HostName) => OpenPlatform;
  /** Failure: HostWorkerMissing, which names all hosts without a worker; absent where nobody asks Temporal. */
  readonly assertWorkers?: (hosts: readonly HostName[]) => Promise<void>;
  docker: DockerEngine;
  catalogue: Catalogue;
  /** Objects of any size, next to the catalogue's. */
  readonly streams: () => Promise<StreamStorage>;
  /** The containers of a service, as the engine has them now. */
  readonly containersOf: (service: ServiceName) => Promise<ObservedContainer[]>;
  /** Failures: ServiceNotFound; ServiceUnhealthy while nothing listens. */
  reachService(service: ServiceName, port: number): Promise<{ host: string; port: number }>;
  /** Elasticsearch of a store, at the address that answers now. */
  readonly elasticsearch: (store: ElasticsearchStore) => Promise<Elasticsearch>;
  /** The servers of a store's ensemble that can be reached now: `host:port[,host:port…]`. */
  readonly zookeeperHosts: (store: ZookeeperQueueStore) => Promise<string>;
  /** The bucket that holds the catalogue; undefined: a directory does. */
  readonly catalogueBucket: () => Promise<S3Options | undefined>;
  readonly storeSecrets: (store: ElasticsearchStore) => Promise<Record<string, string>>;
  /** How Rekindle itself reads the repository's bucket where the nodes' secrets do not say it; undefined: nobody knows. */
  readonly bucketAccess: (store: ElasticsearchStore, place: BucketPlace) => Promise<S3Access | undefined>;
  /** Where damaged files of the store's repository may be put back from; absent: nowhere. */
  readonly healSources?: (store: ElasticsearchStore) => Promise<S3Options[]>;
  readonly secret: (reference: SecretReference, purpose: string) => Promise<string>;
  /** The age identity that encrypts and decrypts captures. */
  readonly identity: () => Promise<string>;
  /** The key files that others may read. */
  readonly exposedKeys: () => Promise<ExposedKey[]>;
  /** How many seconds this machine's clock is ahead of Temporal's; absent where nobody asks Temporal. */
  readonly temporalClock?: () => Promise<number | undefined>;
  /** The workers that serve this platform's host now; absent where nobody asks Temporal. */
  readonly workers?: () => Promise<WorkerSeen[]>;
}

/** `scene`: the platform as it is in a drill, which leads nowhere to the living one. */
export async function openPlatform(dependencies: Dependencies, name: string, scene?: Scene): Promise<OpenPlatform> {
  const { environment, endpoints = {}, askElsewhere = refuseElsewhere } = dependencies;
  const {
    platform: asFiled,
    fileHash,
    text,
  } = await loadPlatform(environment.platformsFolder, name, environment.variables);
  const own = isSpread(asFiled) ? environment.host : (asFiled.deployment.host ?? environment.host);
  const host = scene?.host ?? own;
  const docker = endpoints[host] ?? dependencies.docker;
  const platform = scene ? withWays(platformInScene(asFiled, scene), await docker.listWays(scene)) : asFiled;
  const { catalogue: location } = platform;
  const storage =
    location.kind === 'directory'
      ? directoryStorage(location.path)
      : s3Storage(await catalogueBucket(location, environment.variables));
  const place = (at: Platform, here: HostName): Pick<OpenPlatform, 'platform' | 'host' | 'ask' | 'containersOf'> => ({
    platform: at,
    host: here,
    ask: (other, question, asked, watch) =>
      askElsewhere(
        { platform: at.platform, host: other, question, asked, ...knownPlaces(at, here), ...basesIn(at) },
        watch,
      ),
    async containersOf(service) {
      const { containers } = await observeHere({ docker, platform: at, host: here });
      // A node of a swarm knows it by its own name alone.
      const { deployment } = at;
      const unit = deployment.kind === 'swarm' ? unitOf(swarmNameOf(deployment, service)) : undefined;
      return containers.filter((container) => container.service === service || container.name === unit);
    },
  });
  const reachService = async (service: string, port: number) => {
    const containers = await docker.serviceContainers(platform.deployment, service);
    const container = containers.find(({ running }) => running) ?? containers[0];
    if (container) return docker.reach(container.name, port);
    throw new Failure('ServiceNotFound', {
      message: `The service "${service}" has no container on ${host}`,
      remedy: 'Bring the platform back with "rekindle restore", or correct the name in the platform file',
    });
  };
  /** The servers that answer now. One of several may be away; when all are, the first one's failure speaks for them. */
  const reachServers = async (store: ElasticsearchStore | ZookeeperQueueStore) => {
    const servers = servicesOf(store).map(async (service) => ({
      service,
      ...(await reachService(service, store.port)),
    }));
    const reached = (await Promise.allSettled(servers)).flatMap((server) =>
      server.status === 'fulfilled' ? [server.value] : [],
    );
    if (reached.length === 0) await Promise.all(servers);
    return reached;
  };
  const rest: Omit<OpenPlatform, keyof ReturnType<typeof place> | 'place' | 'based'> = {
    filed: platform,
    fileHash,
    kitSources: { fileText: text, keyFile: environment.keyFile },
    docker,
    catalogue: openCatalogue(storage, platform.platform),
    streams: async () =>
      location.kind === 'directory'
        ? directoryStreams(location.path)
        : s3Streams(await catalogueBucket(location, environment.variables)),
    reachService,
    async elasticsearch(store) {
      // Loaded on demand: commands that only read the catalogue do not need it.
      const { openElasticsearch } = await import('./access/open-elasticsearch.ts');
      return openElasticsearch(store, { variables: environment.variables, found: () => reachServers(store) });
    },
    async zookeeperHosts(store) {
      if (store.address === undefined)
        return (await reachServers(store)).map(({ host, port }) => `${host}:${port}`).join();
      return store.address
        .split(',')
        .map((host) => (/:\d+$/.test(host) ? host : `${host}:${store.port}`))
        .join();
    },
    catalogueBucket: async () =>
      location.kind === 's3' ? catalogueBucket(location, environment.variables) : undefined,
    storeSecrets: (store) => resolveSecrets(store.secrets, environment.variables),
    bucketAccess: (store, place) => repositoryAccess(store, place, environment.variables),
    healSources: ({ healFrom = [] }) =>
      Promise.all(healFrom.map((source) => healSourceBucket(source, environment.variables))),
    secret: (reference, purpose) => resolveSecret(reference, purpose, environment.variables),
    identity: async () => (await readKeyFile(environment.keyFile)).identity,
    exposedKeys: () => exposedKeys(environment),
  };
  const opened = (at: Platform, here: HostName): OpenPlatform => ({
    ...rest,
    ...place(at, here),
    based: (bases) => opened(withPlaces(withBases(platform, bases), placesIn(at).places), here),
    place: (places, there) => opened(withPlaces(withBases(platform, basesIn(at).bases), places), there),
  });
  return opened(platform, host);
}

/** Even that no service lies elsewhere: a node that is asked about what once lay there must know that it is one. */
function knownPlaces(platform: Platform, main: HostName): { places?: SwarmPlaces } {
  if (platform.deployment.kind !== 'swarm') return {};
  return { places: { main, services: {}, ...placesIn(platform).places } };
}

/** Failure: HostWorkerMissing. */
const refuseElsewhere: AskElsewhere = ({ platform, host }) =>
  Promise.reject(
    new Failure('HostWorkerMissing', {
      message: `Services of ${platform} lie on ${host}, which cannot be asked from here`,
      remedy: 'Let the run itself ask it: start it without --dry-run, with a worker on each host',
    }),
  );
