import type { Client } from '@elastic/elasticsearch';
import { Failure } from '../../domain/failures.ts';
import type { ElasticsearchStore } from '../../domain/platform.ts';
import type { StepOutcome } from '../../domain/plans/steps.ts';
import type { StepCall } from '../../domain/runs/run.ts';
import type { Watch } from '../../domain/watch.ts';
import { awaitNoSnapshot, awaitNotRed } from '../../systems/elasticsearch/admission.ts';
import { assertInstalled } from '../../systems/elasticsearch/features.ts';
import { clusterIdentity } from '../../systems/elasticsearch/health.ts';
import { readRepository } from '../../systems/elasticsearch/repository/repository.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { basedOn } from '../repository/bases.ts';
import { configureRepository } from '../repository/configure-repository.ts';
import { demandOwnRepository, lastWriterOf } from '../repository/writers.ts';
import { demandIndices } from './demand-indices.ts';
import { onceListening } from '../stores/await-listening.ts';
import { storeNamed } from '../stores/store-named.ts';
import { withinLimit } from '../time-limit.ts';

/**
 * Makes sure that a snapshot may be taken or deleted; nothing is touched before.
 * Failures: ElasticsearchUnreachable, ClusterRed, RepositoryReadonly, SnapshotRunning, AnotherWriter,
 * InvalidArgument (featureStates), PreflightRefused (patterns that mean nothing); those of registering.
 */
export async function prepareStore(
  opened: OpenPlatform,
  call: StepCall<'prepareStore'>,
  watch: Watch,
): Promise<StepOutcome> {
  const { store: name, base, snapshot, timeoutSeconds } = call.arguments;
  const open = base === undefined ? opened : basedOn(opened, { [name]: base });
  const store = storeNamed(open.platform, 'elasticsearch', name);
  const patience = { timeoutSeconds, since: performance.now() };
  return withinLimit(timeoutSeconds, () =>
    onceListening(open, store, patience, watch, async (client) => {
      if (snapshot !== undefined) {
        await awaitNotRed(client, patience, watch);
        await assertInstalled(client, store.featureStates, name);
        await demandIndices(open, store, client);
      }
      const note = await demandWritable(open, store, client);
      if (note !== undefined && snapshot !== undefined) {
        const repository = store.repository.name;
        await awaitNoSnapshot(client, { repository, own: snapshot, ...patience }, watch);
      }
      if (snapshot !== undefined) await demandOwnRepository(open, store, (await clusterIdentity(client)).clusterUuid);
      const registered = await configureRepository(open, store, client, 'writable');
      return { summary: `${name} answers; ${registered}${note ?? ''}` };
    }),
  );
}

/**
 * A repository that others registered read-only stays so: another cluster may write to it, and two writers corrupt it.
 * One that a run of Rekindle left read-only (it died, or was aborted) becomes writable again. Returns a note for the
 * summary; undefined: nothing is registered yet.
 */
async function demandWritable(
  open: OpenPlatform,
  store: ElasticsearchStore,
  client: Client,
): Promise<string | undefined> {
  const { name, settings } = store.repository;
  if (settings['readonly'] === 'true')
    throw new Failure('RepositoryReadonly', {
      message: `The platform file says that the repository ${name} of the store ${store.name} is readonly, so no snapshot can be taken`,
      remedy:
        'If this cluster writes to it, remove "readonly" from repository.settings; otherwise back up the cluster that does',
    });
  const registered = await readRepository(client, name);
  if (registered === undefined) return undefined;
  if (!registered.readonly) return '';
  if (registered.readonlyBy !== undefined) return `; it was read-only since ${registered.readonlyBy}`;
  throw new Failure('RepositoryReadonly', {
    message: `The repository ${name} is registered read-only, and not by a run of Rekindle${await whoWroteLast(open, store, client)}; no snapshot was taken`,
    remedy: `Find out who registered it and why: another cluster may write to it, and two writers corrupt it; if this cluster should write to it, run "DELETE _snapshot/${name}", then take the backup again`,
  });
}

/** Who wrote last, where the bucket can be read: it tells whether there is another writer. */
async function whoWroteLast(open: OpenPlatform, store: ElasticsearchStore, client: Client): Promise<string> {
  const writer = await lastWriterOf(open, store);
  if (writer === undefined) return '';
  const { clusterUuid } = await clusterIdentity(client);
  return writer === clusterUuid
    ? ' (it was last written by this cluster)'
    : ` (it was last written by the cluster ${writer}; this one is ${clusterUuid})`;
}
