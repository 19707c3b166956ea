import type { CapturedContainer } from '../../domain/deployment.ts';
import type { PathsOfStores, StorePaths } from '../../domain/mounts.ts';
import { servicesOf, type Store } from '../../domain/platform.ts';
import { livingDiskRule } from '../../systems/elasticsearch/disk-rule.ts';
import { nodePaths } from '../../systems/elasticsearch/paths.ts';
import { observe } from '../observation.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { configuredPaths } from './configured-paths.ts';
import { withElasticsearch } from './with-elasticsearch.ts';

type Server = Pick<CapturedContainer, 'name' | 'service' | 'running'>;

/**
 * Where each store keeps its data: as the living server says, else as its containers are configured, else as was
 * `recorded` earlier, else as its image usually does. Of a store without any of these nothing is known.
 */
export async function findStorePaths(
  open: OpenPlatform,
  { containers }: { containers: Server[] },
  recorded: PathsOfStores = {},
): Promise<PathsOfStores> {
  const found = await Promise.all(
    open.platform.stores.map(async (store) => [store.name, await pathsOf(open, store, containers, recorded)] as const),
  );
  return Object.fromEntries(found.flatMap(([name, paths]) => (paths ? [[name, paths]] : [])));
}

async function pathsOf(
  open: OpenPlatform,
  store: Store,
  containers: Server[],
  recorded: PathsOfStores,
): Promise<StorePaths | undefined> {
  const own = containers.filter(({ service }) => servicesOf(store).includes(service));
  if (store.kind === 'elasticsearch' && own.some(({ running }) => running)) {
    // One that does not answer is the normal case of a disaster.
    const living = await observe(() =>
      withElasticsearch(open, store, async (client) => {
        const paths = await nodePaths(client);
        // What was recorded at the backup holds again after a restore of its global state.
        const before = recorded[store.name]?.disk;
        const disk = before ? { seen: before } : await observe(() => livingDiskRule(client));
        return 'seen' in disk ? { ...paths, disk: disk.seen } : paths;
      }),
    );
    if ('seen' in living && living.seen.data.length > 0) return living.seen;
  }
  const configured = together(await Promise.all(own.map(({ name }) => readPaths(open, store, name))));
  const before = recorded[store.name];
  if (configured?.source !== 'configuration') return before ?? configured;
  return before?.disk ? { ...configured, disk: before.disk } : configured;
}

async function readPaths({ docker }: OpenPlatform, store: Store, container: string): Promise<StorePaths | undefined> {
  if (store.kind === 'volume') return { data: [store.path], repositories: [], logs: [], source: 'configuration' };
  const configuration = await docker.readConfiguration(container);
  return configuration && configuredPaths(store.kind, configuration);
}

/** Of all the store's servers. What one of them is configured with outweighs what is usual. */
function together(paths: (StorePaths | undefined)[]): StorePaths | undefined {
  const known = paths.filter((each) => each !== undefined);
  const explicit = known.filter(({ source }) => source === 'configuration');
  const [first, ...others] = explicit.length > 0 ? explicit : known;
  return others.reduce<StorePaths | undefined>(
    (sum, each) =>
      sum && {
        ...sum,
        data: [...new Set([...sum.data, ...each.data])],
        repositories: [...new Set([...sum.repositories, ...each.repositories])],
        logs: [...new Set([...sum.logs, ...each.logs])],
      },
    first,
  );
}

/** What several hosts found of the same stores, each for its own servers. What the living server says outweighs the rest. */
export function mergeStorePaths(parts: readonly PathsOfStores[], recorded: PathsOfStores): PathsOfStores {
  const names = new Set([...parts, recorded].flatMap((part) => Object.keys(part)));
  const merged = [...names].map((name): [string, StorePaths | undefined] => {
    const found = parts.flatMap((part) => part[name] ?? []);
    const before = recorded[name];
    const paths = found.find(({ source }) => source === 'server') ?? together(found);
    if (paths === undefined || paths.source === 'convention') return [name, before ?? paths];
    return [name, before?.disk ? { ...paths, disk: before.disk } : paths];
  });
  return Object.fromEntries(merged.flatMap(([name, paths]) => (paths ? [[name, paths]] : [])));
}
