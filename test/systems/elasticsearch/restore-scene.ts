import type { Check } from '../../../domain/checks.ts';
import { expectedIndices } from '../../../domain/recovery-points/expected-set.ts';
import type { ExpectedSet } from '../../../domain/recovery-points/recovery-point.ts';
import { awaitRestore } from '../../../systems/elasticsearch/restore/await-restore.ts';
import { awaitSnapshot } from '../../../systems/elasticsearch/snapshots/await-snapshot.ts';
import type { Client } from '../../../systems/elasticsearch/client.ts';
import { globalStateNames } from '../../../systems/elasticsearch/restore/global-state.ts';
import { clusterIdentity } from '../../../systems/elasticsearch/health.ts';
import { closeIndices, resolveIndices } from '../../../systems/elasticsearch/indices.ts';
import { takeMarks, takeMarksAfter } from '../../../systems/elasticsearch/documents/marks.ts';
import { ensureRepository } from '../../../systems/elasticsearch/repository/repository.ts';
import { forgetRestore } from '../../../systems/elasticsearch/restore/restore-marker.ts';
import { startRestore } from '../../../systems/elasticsearch/restore/restore.ts';
import { startSnapshot } from '../../../systems/elasticsearch/snapshots/snapshots.ts';
import { startServers, type TestServers } from '../servers.ts';
import { createIndex, seedDocuments } from './seed.ts';
import { connectWithKeys } from './with-repository-keys.ts';

// One pair of servers; every test begins with a cluster that was just restored from `first`, or restores it itself.
export let servers: TestServers;
export let client: Client;
export const repository = 'backup';
export const settings = { name: repository, type: 's3', settings: { bucket: 'backups' } };
export const patterns = ['nuvla-*', 'rk-*', '-rk-other'];
export const indices = ['nuvla-big', 'nuvla-job', 'rk-closed', 'rk-hidden'];
export const first = { repository, snapshot: 'snapshot.first', indices };

export function useRestore(): void {
  beforeAll(async () => {
    servers = await startServers();
    client = await connectWithKeys(servers);
    await ensureRepository(client, settings, { readonly: false });
    await createIndex(client, 'nuvla-job', ['jobs', 'work']);
    await createIndex(client, 'nuvla-big');
    await createIndex(client, 'rk-closed', ['old']);
    await createIndex(client, 'rk-hidden', [], true);
    await createIndex(client, 'rk-other');
    await seedDocuments(client, 'nuvla-job', 2_000);
    await seedDocuments(client, 'nuvla-big', 6_000, 2_000);
    await seedDocuments(client, 'rk-closed', 50);
    await seedDocuments(client, 'rk-hidden', 10);
    await client.delete({ index: 'rk-closed', id: 'd7' });
    await client.delete({ index: 'nuvla-job', id: 'd7' });
    await closeIndices(client, ['rk-closed']);
    await client.indices.putIndexTemplate({ name: 'rk-template', index_patterns: ['rk-new-*'] });
  });
  afterAll(() => servers.stop());
}

/** After Elasticsearch was killed: its port may be another. */
export async function connectAnew(): Promise<void> {
  client = await servers.connect();
}

export async function backup(
  snapshot: string,
  meanwhile: () => Promise<unknown> = () => Promise.resolve(),
  watch = {},
) {
  const names = await resolveIndices(client, patterns);
  const before = await takeMarks(client, names, 20);
  await startSnapshot(client, { repository, snapshot, indices: names, metadata: { run: 'r1' } });
  await meanwhile();
  const taken = await awaitSnapshot(client, repository, snapshot, watch);
  const after = await takeMarksAfter(client, before);
  const { clusterUuid, version } = await clusterIdentity(client);
  const set: ExpectedSet = {
    version: 1,
    store: 'es',
    snapshot,
    repository,
    clusterUuid,
    elasticsearchVersion: version,
    ...taken,
    indices: expectedIndices(before, after),
    globalState: await globalStateNames(client),
  };
  return set;
}

export async function wipe() {
  const all = await resolveIndices(client, ['*']);
  if (all.length > 0) await client.indices.delete({ index: all });
  await client.indices.deleteIndexTemplate({ name: 'rk-*' }, { ignore: [404] });
  await forgetRestore(client);
}

export async function restoreFirst(watch = {}) {
  await startRestore(client, { ...first, globalState: true });
  const done = await awaitRestore(client, first, watch);
  await closeIndices(client, ['rk-closed']);
  return done;
}

export const faultsOf = (checks: Check[]) =>
  checks.filter(({ verdict }) => verdict !== 'pass').map(({ name, evidence }) => `${name}: ${evidence}`);
