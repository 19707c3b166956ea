import type { OpenPlatform } from '../../../operations/open-platform.ts';
import { prepareStore } from '../../../operations/backup/prepare-store.ts';
import { takeSnapshot } from '../../../operations/backup/take-snapshot.ts';
import { verifyBackup } from '../../../operations/backup/verify-backup.ts';
import { deleteSnapshots, removePoints } from '../../../operations/prune/delete-points.ts';
import { configureRepository } from '../../../operations/repository/configure-repository.ts';
import {
  raiseThrottles,
  resetThrottles,
  restoreIndices,
  verifyIndices,
  verifySnapshot,
} from '../../../operations/restore/restore-store.ts';
import { checkRights } from '../../../operations/preflight/rights.ts';
import { withElasticsearchNamed } from '../../../operations/stores/with-elasticsearch.ts';
import { storesOfKind } from '../../../domain/platform.ts';
import type { StepArguments } from '../../../domain/plans/step-arguments.ts';
import { snapshotNameOf } from '../../../domain/recovery-points/recovery-point.ts';
import type { StepCall } from '../../../domain/runs/run.ts';
import { attempt } from '../../../systems/elasticsearch/errors.ts';
import { startLeastRights, type Job, type LeastRights } from './scene.ts';

// Each job with the rights of deploy/rights and no others, on real servers: what it needs goes, what it must not do is
// refused. The tests follow one story.

let scene: LeastRights;
const id = '2026-11-21t0930z';
const snapshot = snapshotNameOf(id);
const started = new Date().toISOString();

beforeAll(async () => {
  scene = await startLeastRights();
  const documents = Array.from({ length: 20 }, (_, n) => [{ index: { _index: 'nuvla-job' } }, { n }]).flat();
  await scene.admin.bulk({ operations: documents, refresh: true });
  // Registering is the administrator's: "manage" is needed for it.
  await scene.admin.snapshot.createRepository({
    name: 'backup',
    body: { type: 's3', settings: (await scene.open('backup')).platform.stores.map(settingsOf)[0] } as never,
  });
}, 240_000);
afterAll(() => scene.remove());

const settingsOf = (store: OpenPlatform['platform']['stores'][number]) =>
  store.kind === 'elasticsearch' ? store.repository.settings : {};
const call = <A extends keyof StepArguments>(_action: A, args: StepArguments[A]): StepCall<A> => ({
  platform: 'rights',
  run: `backup/rights/${id}`,
  execution: 'one',
  arguments: args,
});
const point = { store: 'documents', snapshot, recoveryPoint: id };
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'it may',
    (failure: unknown) => (failure as { kind?: string }).kind ?? failure,
  );

test('a backup', async () => {
  const open = await scene.open('backup');
  await prepareStore(open, call('prepareStore', { store: 'documents', snapshot, timeoutSeconds: 30 }), {});
  await open.catalogue.claim({
    owner: { run: `backup/rights/${id}`, execution: 'one' },
    at: started,
    taken: new Set(),
  });
  await takeSnapshot(open, call('takeSnapshot', point), {});
  const verified = await verifyBackup(open, call('verifyBackup', point), {});
  expect(verified.summary).toMatch(/files/);
  const expectedSet = await open.catalogue.statObject(id, 'stores/documents.expected.json');
  await open.catalogue.writeManifest({
    version: 1,
    id,
    platform: 'rights',
    run: `backup/rights/${id}`,
    startedAt: started,
    finishedAt: started,
    platformFileHash: '',
    stores: [
      {
        store: 'documents',
        kind: 'elasticsearch',
        snapshot,
        repository: 'backup',
        indices: 1,
        documents: 20,
        shards: 1,
        totalBytes: 1,
        incrementalBytes: 1,
        expectedSet,
        clusterUuid: '',
      },
    ],
    capture: await open.catalogue.putObject(id, 'capture.age', new Uint8Array([1])),
    images: {},
  });
  await open.catalogue.writeReport('backup/rights/1', new Uint8Array([1]));
});

test.each<[Job, string, (open: OpenPlatform) => Promise<unknown>]>([
  ['backup', 'remove a recovery point', (open) => open.catalogue.removePoint(id)],
  ['restore', 'remove a recovery point', (open) => open.catalogue.removePoint(id)],
  ['restore', 'change what a point holds', (open) => open.catalogue.putObject(id, 'capture.age', new Uint8Array([2]))],
  ['prune', 'add a recovery point', (open) => open.catalogue.putObject('other', 'capture.age', new Uint8Array([2]))],
])('with the rights of a %s nobody can %s', async (job, _, work) => {
  expect(await refusal(work(await scene.open(job)))).toBe('AccessDenied');
});

test.each<[Job, string, (client: LeastRights['admin']) => Promise<unknown>]>([
  ['backup', 'delete a snapshot', (client) => client.snapshot.delete({ repository: 'backup', snapshot })],
  ['backup', 'delete an index', (client) => client.indices.delete({ index: 'nuvla-job' })],
  ['backup', 'change a document', (client) => client.index({ index: 'nuvla-job', id: '1', document: {} })],
  ['backup', 'forget the repository', (client) => client.snapshot.deleteRepository({ name: 'backup' })],
  ['prune', 'read a document', (client) => client.search({ index: 'nuvla-job' })],
  ['prune', 'restore', (client) => client.snapshot.restore({ repository: 'backup', snapshot })],
  ['restore', 'change a document', (client) => client.index({ index: 'nuvla-job', id: '1', document: {} })],
])('with the rights of a %s nobody can %s', async (job, what, work) => {
  const open = await scene.open(job);
  const asked = withElasticsearchNamed(open, 'documents', (client) => attempt(what, () => work(client)));
  expect(await refusal(asked)).toBe('AccessDenied');
});

test("preflight: Rekindle's own keys cannot delete the repository's files; keys that can are named", async () => {
  const open = await scene.open('backup');
  const [store] = storesOfKind(open.platform, 'elasticsearch');
  const of = (change: Partial<OpenPlatform>) => checkRights({ ...open, ...change }, store!);
  expect(await of({})).toMatchObject({ verdict: 'pass', evidence: expect.stringMatching(/cannot delete/) as string });
  const { root } = scene;
  expect(await of({ bucketAccess: () => Promise.resolve({ keys: () => Promise.resolve(root) }) })).toMatchObject({
    verdict: 'pass',
    warning: true,
    evidence: "Also the keys that read the bucket can delete the repository's files in example-snapshots",
    remedy: expect.stringContaining('deploy/rights/aws/') as string,
  });
});

test('a restore', async () => {
  await scene.admin.indices.delete({ index: 'nuvla-job' });
  const open = await scene.open('restore');
  const run = 'restore/rights/1';
  const register = (access: 'readonly' | 'writable') =>
    withElasticsearchNamed(open, 'documents', (client, store) =>
      configureRepository(open, store, client, access, { run }),
    );
  await register('readonly');
  await verifySnapshot(open, call('verifySnapshot', { store: 'documents', recoveryPoint: id }));
  await raiseThrottles(open, call('raiseThrottles', { store: 'documents', bytesPerSecond: '2gb' }));
  const restored = { store: 'documents', snapshot, recoveryPoint: id, expectedSet: '', indices: 1, globalState: false };
  await restoreIndices(open, call('restoreIndices', { ...restored, featureStates: [] }), {});
  await resetThrottles(open, call('resetThrottles', { store: 'documents' }));
  await verifyIndices(open, call('verifyIndices', { store: 'documents', recoveryPoint: id, nodes: 1 }), {});
  await register('writable');
  await open.catalogue.mark(id, 'proven', { at: started, run });
  await open.catalogue.writeReport(run, new Uint8Array([1]));
});

test('a prune', async () => {
  const open = await scene.open('prune');
  await open.catalogue.mark(id, 'deleting', { at: started, run: 'prune/rights/1' });
  const deleted = await deleteSnapshots(
    open,
    call('deleteSnapshots', { store: 'documents', snapshots: { [id]: snapshot } }),
  );
  expect(deleted.summary).toMatch(/^1 deleted/);
  await removePoints(open, call('removePoints', { recoveryPoints: [id] }));
  await open.catalogue.writeReport('prune/rights/1', new Uint8Array([1]));
  expect((await open.catalogue.listPoints()).points).toEqual([]);
});
