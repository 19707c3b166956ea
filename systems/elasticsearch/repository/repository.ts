import type { RepositorySettings } from '../../../domain/platform.ts';
import { storageTimeout, type Client } from '../client.ts';
import { attempt, isStatus } from '../errors.ts';

export interface RegisteredRepository extends RepositorySettings {
  readonly: boolean;
  /** The run of Rekindle that registered it read-only; absent: others did, and presumably for a reason. */
  readonlyBy?: string;
}

/** Elasticsearch keeps what it does not know among a repository's settings: the note lives as long as what it explains. */
const noteOfRun = 'rekindle_readonly_by';

/** What is registered under the name; undefined when nothing is. */
export async function readRepository(client: Client, name: string): Promise<RegisteredRepository | undefined> {
  return attempt(`read repository ${name}`, async () => {
    try {
      const found = (await client.snapshot.getRepository({ name }))[name];
      if (found === undefined) return undefined;
      const { readonly, [noteOfRun]: readonlyBy, ...settings } = texts((found as { settings?: object }).settings ?? {});
      const by = readonlyBy === undefined ? {} : { readonlyBy };
      return { name, type: found.type, settings, readonly: readonly === 'true', ...by };
    } catch (error) {
      if (isStatus(error, 404)) return undefined;
      throw error;
    }
  });
}

/**
 * Registers the repository, or changes it when it differs, and verifies it on every node. A repository that cannot be
 * verified is not registered. All clusters but one must register it `readonly`: two writers corrupt it. `by`: the run
 * that registers it read-only for its own time.
 */
export async function ensureRepository(
  client: Client,
  wanted: RepositorySettings,
  { readonly, by }: { readonly: boolean; by?: string },
): Promise<{ created: boolean; changed: boolean; nodes: string[] }> {
  const { name, type } = wanted;
  const current = await readRepository(client, name);
  const changed = current === undefined || current.readonly !== readonly || !sameRepository(current, wanted);
  if (changed) {
    const note = by === undefined ? {} : { [noteOfRun]: by };
    const settings = { ...wanted.settings, ...(readonly ? { readonly: 'true', ...note } : {}) };
    await attempt(`register repository ${name}`, () =>
      client.snapshot.createRepository(
        { name, body: { type, settings } as never, verify: true },
        { requestTimeout: storageTimeout },
      ),
    );
  }
  return { created: current === undefined, changed, nodes: await verifyRepository(client, name) };
}

const restoreLimit = 'max_restore_bytes_per_sec';

/**
 * The repository as it is registered while it is restored from: its own limit on restores, where the platform file sets
 * one, gives way to `throttle` (`2gb`). Without one Elasticsearch sets none.
 */
export function withRestoreLimit(repository: RepositorySettings, throttle: string): RepositorySettings {
  if (repository.settings[restoreLimit] === undefined) return repository;
  return { ...repository, settings: { ...repository.settings, [restoreLimit]: throttle } };
}

/** The repository with the store's own limit on the bytes per second of its snapshots (`20mb`), where it has one. */
export function withSnapshotLimit(repository: RepositorySettings, throttle: string | undefined): RepositorySettings {
  if (throttle === undefined) return repository;
  return { ...repository, settings: { ...repository.settings, max_snapshot_bytes_per_sec: throttle } };
}

/** The names of the nodes that reach the repository: all of them, or this throws. */
export async function verifyRepository(client: Client, name: string): Promise<string[]> {
  const answer = await attempt(`verify repository ${name}`, () =>
    client.snapshot.verifyRepository({ name }, { requestTimeout: storageTimeout }),
  );
  return Object.values(answer.nodes).map((node) => node.name);
}

/** Forgets the registration; what lies in the repository stays. */
export async function removeRepository(client: Client, name: string): Promise<void> {
  await attempt(`remove repository ${name}`, async () => {
    try {
      await client.snapshot.deleteRepository({ name });
    } catch (error) {
      if (!isStatus(error, 404)) throw error;
    }
  });
}

/**
 * The nodes that certainly lack a repository type. Types are not listed anywhere, so this looks at the names of modules
 * and plugins; for a type that it does not know, registration is what tells (`RepositoryTypeMissing`).
 */
export async function missingRepositoryType(client: Client, type: string): Promise<string[]> {
  if (!['s3', 'gcs', 'azure', 'hdfs'].includes(type)) return [];
  const info = await attempt('list the modules of the nodes', () =>
    client.nodes.info({ metric: 'plugins', filter_path: 'nodes.*.name,nodes.*.plugins.name,nodes.*.modules.name' }),
  );
  return Object.values(info.nodes)
    .filter(({ plugins = [], modules = [] }) => {
      return ![...plugins, ...modules].some(({ name }) => name.startsWith(`repository-${type}`));
    })
    .map(({ name }) => name);
}

/** Elasticsearch does not give secrets back, so they cannot differ. */
const secretName = /(access_key|secret_key|session_token|password|sas_token)$/;

function sameRepository(current: RepositorySettings, wanted: RepositorySettings): boolean {
  const plain = (settings: object) =>
    JSON.stringify(
      Object.entries(texts(settings))
        .filter(([key]) => !secretName.test(key) && key !== 'readonly')
        .toSorted(([a], [b]) => (a < b ? -1 : 1)),
    );
  return current.type === wanted.type && plain(current.settings) === plain(wanted.settings);
}

function texts(settings: object): Record<string, string> {
  return Object.fromEntries(Object.entries(settings).map(([key, value]) => [key, String(value)]));
}
