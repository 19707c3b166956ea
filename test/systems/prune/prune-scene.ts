import type { OpenPlatform } from '../../../operations/open-platform.ts';
import { assessRetention } from '../../../operations/prune/assess-retention.ts';
import { deleteSnapshots, markDeleting, removePoints } from '../../../operations/prune/delete-points.ts';
import { inOrder } from '../../../domain/plans/plan.ts';
import { planPrune } from '../../../domain/plans/plan-prune.ts';
import { snapshotNameOf, type RecoveryPointManifest } from '../../../domain/recovery-points/recovery-point.ts';
import type { Step } from '../../../domain/plans/steps.ts';
import { awaitSnapshot } from '../../../systems/elasticsearch/snapshots/await-snapshot.ts';
import type { Client } from '../../../systems/elasticsearch/client.ts';
import { namesInRepository } from '../../../systems/elasticsearch/snapshots/delete-snapshots.ts';
import { clusterIdentity } from '../../../systems/elasticsearch/health.ts';
import { startSnapshot } from '../../../systems/elasticsearch/snapshots/snapshots.ts';
import { bringUpPreflightPlatform, pointId, type PreflightPlatform } from '../preflight/platform.ts';

// Real Elasticsearch, real S3 server, a catalogue in a directory; the workflow's part is played by `carryOut`.

export const repository = 's3_backup';
export const retention = { hourly: 0, daily: 2, weekly: 0, monthly: 0, yearly: 0, minimumCount: 1 };
export let platform: PreflightPlatform;
export let open: OpenPlatform;
export let client: Client;
export let clusterUuid: string;

/** One platform for the file; its catalogue and repository are emptied before each test. */
export function usePrune(): void {
  beforeAll(async () => {
    platform = await bringUpPreflightPlatform();
    client = await platform.client();
    clusterUuid = (await clusterIdentity(client)).clusterUuid;
    const { catalogue } = await platform.open();
    await catalogue.mark(pointId, 'pinned', { at: '2026-11-21T09:30:00Z', run: 'the tests' });
  });
  afterAll(async () => {
    await client.close();
    await platform.remove();
  });

  beforeEach(async () => {
    open = await platform.open();
    open.platform.backup.retention = retention;
    // What the bring-up took stays: it is pinned.
    const { points, halfRemoved = [] } = await open.catalogue.listPoints();
    for (const id of [...points.map((point) => point.id), ...halfRemoved])
      if (id !== pointId) await open.catalogue.removePoint(id);
    for (const name of await names()) if (name !== snapshotNameOf(pointId)) await remove(name);
  });
}

export const names = () => namesInRepository(client, repository);
export const remove = (snapshot: string) => client.snapshot.delete({ repository, snapshot });
export const ids = async () => (await open.catalogue.listPoints()).points.map(({ id }) => id);

export async function take(snapshot: string, run?: string): Promise<string> {
  const metadata = run === undefined ? {} : { platform: platform.name, run, takenBy: 'rekindle' };
  await startSnapshot(client, { repository, snapshot, indices: ['nuvla-user'], metadata });
  return (await awaitSnapshot(client, repository, snapshot)).startedAt;
}

/** A recovery point of that day, with its snapshot, unless `change` says otherwise. */
export async function backUp(
  day: string,
  change: { snapshot?: string; repository?: string; run?: string; clusterUuid?: string; startedAt?: string } = {},
): Promise<string> {
  const id = `${day}t0000z`;
  const run = `backup/${platform.name}/${id}`;
  const startedAt = change.startedAt ?? `${day}T00:00:00.000Z`;
  const snapshot = change.snapshot ?? snapshotNameOf(id);
  const { catalogue } = open;
  if (change.snapshot === undefined) await take(snapshot, change.run ?? run);
  // Somebody else took it: as `points --adopt` notes it.
  else await catalogue.noteAdopted(id, { at: startedAt, snapshot });
  const manifest: RecoveryPointManifest = {
    version: 1,
    id,
    platform: platform.name,
    run,
    startedAt,
    finishedAt: startedAt,
    platformFileHash: '',
    stores: [
      {
        store: 'documents',
        kind: 'elasticsearch',
        snapshot,
        repository: change.repository ?? repository,
        indices: 1,
        documents: 0,
        shards: 3,
        totalBytes: 1,
        incrementalBytes: 1,
        expectedSet: await catalogue.putObject(id, 'stores/documents.expected.json', new Uint8Array([1])),
        clusterUuid: change.clusterUuid ?? clusterUuid,
      },
    ],
    capture: await catalogue.putObject(id, 'capture.age', new Uint8Array([1])),
    images: {},
  };
  await catalogue.writeManifest(manifest);
  return id;
}

export const plan = async () => {
  const assessment = await assessRetention(open, { running: new Set() });
  const { removals, halfRemoved } = assessment;
  const { platform: file, fileHash, host } = open;
  const { steps } = planPrune({ platform: file, platformFileHash: fileHash, host, removals, halfRemoved, runs: [] });
  return { assessment, steps: inOrder(steps) };
};

/** As the workflow does it; `until` is the last action before the worker dies. */
export async function carryOut(
  steps: Step[],
  { until }: { until?: Step['action'] } = {},
): Promise<Record<string, string>> {
  const told: Record<string, string> = {};
  for (const step of steps) {
    const work = async () => {
      if (step.action === 'markDeleting') return markDeleting(open, { arguments: step.arguments, run: 'prune/1' });
      if (step.action === 'deleteSnapshots') return deleteSnapshots(open, step);
      if (step.action === 'removePoints') return removePoints(open, step);
      return undefined;
    };
    const outcome = await work();
    if (outcome) told[step.action] = outcome.summary;
    const bad = outcome?.checks?.filter(({ verdict }) => verdict !== 'pass') ?? [];
    if (bad.length > 0) told['failed'] = bad.map(({ evidence }) => evidence).join();
    if (step.action === until) break;
  }
  return told;
}

export const prune = async () => carryOut((await plan()).steps);
