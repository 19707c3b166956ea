import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { RunProgress } from '../../domain/runs/progress.ts';
import { reject } from '../../workflows/messages.ts';
import { findSecrets } from '../secret-search.ts';
import { test, token } from './announcing.ts';
import { refusal } from './fake-platform.ts';
import { failureOf, inPhase, isLocked, progressOf } from './scene.ts';
import { waitFor } from '../wait-for.ts';
import { everything, openTold, failingSnapshot, documents, tells, arrived } from './announcing-scene.ts';

describe('a backup that fails', () => {
  test('is announced once, with what failed; its history holds no secret', async ({ openScene, openAnnouncing }) => {
    const { start, told } = await openTold({ openScene, openAnnouncing }, { onStep: failingSnapshot });
    const handle = await start('backup');
    await failureOf(handle);
    const { received } = told.receivers[0]!;
    expect(received).toHaveLength(1);
    expect(received[0]).toMatchObject({
      method: 'POST',
      path: `/services/${token}`,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      json: {
        version: 1,
        event: 'failure',
        platform: told.platform,
        run: { id: handle.workflowId, kind: 'backup', phase: 'failed' },
        failure: { kind: 'SnapshotPartial', message: 'shard 2 of nuvla-job failed', remedy: 'Repair the test' },
        text: `[${told.platform}] backup failed (SnapshotPartial): shard 2 of nuvla-job failed`,
        links: { run: `http://ui.example/namespaces/default/workflows/${encodeURIComponent(handle.workflowId)}` },
      },
    });
    expect(received[0]?.headers['idempotency-key']).toBe(received[0]?.json['id']);
    const history = { where: 'history', text: historyToJSON(await handle.fetchHistory()) };
    expect(findSecrets([history], { token })).toEqual([]);
    expect((await progressOf(handle)).notes).toBeUndefined();
  });

  test('a receiver that fails at first is notified again, with the same id; the others are not', async ({
    openScene,
    openAnnouncing,
  }) => {
    const { start, told } = await openTold(
      { openScene, openAnnouncing },
      {
        onStep: failingSnapshot,
        answers: [() => ({ status: 200 }), (_received, count) => ({ status: count < 3 ? 503 : 200 })],
      },
    );
    const handle = await start('backup');
    await failureOf(handle);
    const [well, ill] = told.receivers;
    expect(well?.received).toHaveLength(1);
    expect(ill?.received).toHaveLength(3);
    const keys = [...(well?.received ?? []), ...(ill?.received ?? [])].map(({ headers }) => headers['idempotency-key']);
    expect(new Set(keys).size).toBe(1);
    expect(new Set(ill?.received.map(({ body }) => body)).size).toBe(1);
    expect(await tells(handle)).toBe(1);
    expect((await progressOf(handle)).notes).toBeUndefined();
  });

  test('a receiver that refuses is asked once; the run says so, by host, and in its report', async ({
    openScene,
    openAnnouncing,
  }) => {
    const { start, told, journal } = await openTold(
      { openScene, openAnnouncing },
      {
        onStep: failingSnapshot,
        answers: [() => ({ status: 404 })],
      },
    );
    const handle = await start('backup');
    expect(await failureOf(handle)).toMatchObject({ type: 'SnapshotPartial' });
    expect(told.receivers[0]?.received).toHaveLength(1);
    const { notes } = await progressOf(handle);
    expect(notes).toEqual([
      `notifications[0] (127.0.0.1:${told.receivers[0]?.port}) was not notified of the end of ${handle.workflowId}: it answered 404`,
    ]);
    expect(journal.reports.at(-1)).toMatchObject({ phase: 'failed', notes });
  });

  test('while a receiver hangs its report is written, its lock is free, and it counts as ended', async ({
    openScene,
    openAnnouncing,
  }) => {
    const scene = await openTold(
      { openScene, openAnnouncing },
      { onStep: failingSnapshot, answers: [() => undefined] },
    );
    const handle = await scene.start('backup');
    await inPhase(handle, 'failed');
    await waitFor(() => expect(scene.journal.reports).toHaveLength(1));
    await arrived(scene.told.receivers[0]!.received, 1);
    expect(await isLocked(scene)).toBe(false);
    // The next one begins at once.
    const next = await scene.start('backup', {}, '2');
    await inPhase(next, 'failed');
  });
});

describe('the end of a run', () => {
  test('is not announced without receivers: no extra command', async ({ openScene }) => {
    const { start, journal } = await openScene({ onStep: failingSnapshot });
    const handle = await start('backup');
    await failureOf(handle);
    expect(journal.announced).toEqual([]);
    expect(await tells(handle)).toBe(0);
  });

  test('that was good, or that a person caused, is not announced to receivers of failures', async ({ openScene }) => {
    const { start, journal } = await openScene({
      policy: { approval: 'required', announces: { ...everything, events: ['failure'] } },
    });
    await (await start('backup')).result();
    const handle = await start('restore');
    await inPhase(handle, 'waiting for approval');
    await handle.executeUpdate(reject, { args: [{ by: 'ann', reason: 'not tonight' }] });
    expect(await failureOf(handle)).toMatchObject({ type: 'Rejected' });
    expect(journal.announced).toEqual([]);
  });

  test('of a run whose platform file could not be used is announced as well', async ({ openScene, openAnnouncing }) => {
    const locate = () => Promise.reject(refusal('MissingSecret', 'the secret "catalogue.secretKey" cannot be read'));
    const { start, told } = await openTold({ openScene, openAnnouncing }, { overrides: { locate } });
    expect(await failureOf(await start('backup'))).toMatchObject({ type: 'MissingSecret' });
    expect(documents(told.receivers[0]?.received)).toMatchObject([
      { event: 'failure', run: { phase: 'refused' }, failure: { kind: 'MissingSecret' } },
    ]);
  });

  test('of a run without a platform file is what it was before', async ({ openScene, openAnnouncing }) => {
    const told = await openAnnouncing();
    const locate = () => Promise.reject(refusal('UnknownPlatform', 'there is no platform file'));
    const { start } = await openScene({ overrides: { ...told.activities, locate } });
    const handle = await start('backup');
    expect(await failureOf(handle)).toMatchObject({ type: 'UnknownPlatform' });
    expect((await progressOf(handle)).notes).toBeUndefined();
  });
});

describe('recovery', () => {
  const earlier = (change: object) => ({
    run: 'backup/before',
    kind: 'backup' as const,
    phase: 'failed' as const,
    finishedAt: new Date(Date.now() - 3_600_000).toISOString(),
    durationSeconds: 3,
    failure: 'SnapshotFailed' as const,
    ...change,
  });

  test('the first good backup after a failed one is announced, the next is not', async ({
    openScene,
    openAnnouncing,
  }) => {
    const { start, told } = await openTold({ openScene, openAnnouncing });
    await told.catalogue.recordOutcome(earlier({}));
    const handle = await start('backup');
    const report = (await handle.result()) as RunProgress;
    expect(documents(told.receivers[0]?.received)).toMatchObject([
      {
        event: 'recovery',
        run: { id: handle.workflowId, recoveryPoint: '2026-11-21t1000z' },
        recoveredFrom: { run: 'backup/before', kind: 'SnapshotFailed' },
      },
    ]);
    const { finishedAt = '' } = report;
    await told.catalogue.recordOutcome(
      earlier({ run: handle.workflowId, phase: 'passed', failure: undefined, finishedAt }),
    );
    await (await start('backup', {}, '2')).result();
    expect(told.receivers[0]?.received).toHaveLength(1);
  });

  test('a failure that could not be written, because the catalogue was away, is known to Temporal', async ({
    openScene,
    openAnnouncing,
  }) => {
    let ill = true;
    const { start, told, client } = await openTold(
      { openScene, openAnnouncing },
      {
        onStep: (what) => (ill ? failingSnapshot(what) : undefined),
      },
    );
    await told.catalogue.recordOutcome(earlier({ phase: 'passed', failure: undefined }));
    const first = await start('backup');
    await failureOf(first);
    // Its outcome is nowhere: the fake platform writes none. Temporal lists it with a delay.
    await waitFor(
      async () => {
        const query = `RekindlePlatform = "${told.platform}" AND ExecutionStatus = "Failed"`;
        expect((await client.workflow.count(query)).count).toBe(1);
      },
      { timeout: 15_000, interval: 100 },
    );
    ill = false;
    await (await start('backup', {}, '2')).result();
    expect(documents(told.receivers[0]?.received)).toMatchObject([
      { event: 'failure', run: { id: first.workflowId } },
      { event: 'recovery', recoveredFrom: { run: first.workflowId } },
    ]);
  });
});
