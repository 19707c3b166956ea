import type { Client } from '@elastic/elasticsearch';
import { Failure } from '../../domain/failures.ts';
import { hostOf } from '../../domain/hosts.ts';
import { servicesOf, type ElasticsearchStore } from '../../domain/platform.ts';
import { giveSecrets, reloadSecureSettings } from '../../systems/elasticsearch/keystore.ts';
import { proveRepository } from '../../systems/elasticsearch/repository/prove-writable.ts';
import {
  ensureRepository,
  removeRepository,
  withRestoreLimit,
  withSnapshotLimit,
} from '../../systems/elasticsearch/repository/repository.ts';
import { otherHosts } from '../hosts/observe-here.ts';
import type { OpenPlatform } from '../open-platform.ts';

/**
 * Registers the repository with the wanted access and verifies it on every node. Many images fill the keystore at start,
 * so it is tried without secrets first; when credentials are missing, every node gets them and reloads them. A new
 * writable repository is proven by a trial snapshot. A read-only registration names the `run`: should it die, a backup
 * knows that nobody else made the repository read-only.
 */
export async function configureRepository(
  open: OpenPlatform,
  store: ElasticsearchStore,
  client: Client,
  access: 'readonly' | 'writable',
  { anew = false, run }: { anew?: boolean; run?: string } = {},
): Promise<string> {
  // The registration alone: what lies in the repository stays.
  if (anew) await removeRepository(client, store.repository.name);
  const readonly = access === 'readonly';
  // Read-only means that it is restored from; the writable registration at the end puts the platform file's limit back.
  const limited = withSnapshotLimit(store.repository, store.snapshotThrottle);
  const wanted = readonly ? withRestoreLimit(limited, store.restoreThrottle) : limited;
  const register = () => ensureRepository(client, wanted, { readonly, by: run });
  const notes: string[] = [];
  const { created } = await register().catch(async (error: unknown) => {
    const refused = error instanceof Failure && error.kind === 'WrongCredentials';
    if (!refused || Object.keys(store.secrets).length === 0) throw error;
    await giveSecretsToEveryNode(open, store, client);
    notes.push('secrets given to every node');
    return register();
  });
  if (created && access === 'writable' && !anew) {
    await proveRepository(client, store.repository.name);
    notes.push('new, proven by a trial snapshot');
  }
  return [`${store.repository.name} is ${access}`, ...notes].join(', ');
}

async function giveSecretsToEveryNode(open: OpenPlatform, store: ElasticsearchStore, client: Client): Promise<void> {
  const others = otherHosts(open).filter((host) =>
    servicesOf(store).some((service) => hostOf(open.platform, service) === host),
  );
  await giveSecretsHere(open, store);
  await Promise.all(others.map((host) => open.ask(host, 'giveSecrets', { store: store.name })));
  await reloadSecureSettings(client);
}

/** To the nodes on this host. Failures: MissingSecret, those of the keystore. */
export async function giveSecretsHere(open: OpenPlatform, store: ElasticsearchStore): Promise<void> {
  const secrets = await open.storeSecrets(store);
  for (const service of servicesOf(store))
    for (const { name, running } of await open.docker.serviceContainers(open.platform.deployment, service))
      if (running) await giveSecrets((command, stdin) => open.docker.exec(name, command, { stdin }), secrets);
}
