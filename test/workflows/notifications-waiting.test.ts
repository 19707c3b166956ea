import type { RunPolicy } from '../../domain/runs/run.ts';
import type { RunProgress } from '../../domain/runs/progress.ts';
import { approve, decide, reject } from '../../workflows/messages.ts';
import { test, token } from './announcing.ts';
import { refusal } from './fake-platform.ts';
import { failureOf, inPhase } from './scene.ts';
import { everything, openTold, failingSnapshot, documents, arrived } from './announcing-scene.ts';

describe("a dead man's switch", () => {
  const announces: RunPolicy['announces'] = { events: [], statsd: false, heartbeat: true };
  const withHeart = (url: string) => ({ notifications: [], backup: { heartbeatUrl: url } });

  test('is asked after a good backup, and not after a bad one', async ({ openScene, openAnnouncing }) => {
    let ill = true;
    const { start, told } = await openTold(
      { openScene, openAnnouncing },
      {
        policy: { announces },
        onStep: (what) => (ill ? failingSnapshot(what) : undefined),
      },
    );
    await told.write(withHeart(`${told.receivers[0]?.url}/ping`));
    await failureOf(await start('backup'));
    expect(told.receivers[0]?.received).toEqual([]);
    ill = false;
    await (await start('backup', {}, '2')).result();
    expect(told.receivers[0]?.received).toMatchObject([{ method: 'GET', path: '/ping', body: '' }]);
  });

  test('is asked after the backup that ends a restore, too', async ({ openScene, openAnnouncing }) => {
    const { start, told } = await openTold({ openScene, openAnnouncing }, { policy: { announces } });
    await told.write(withHeart(`${told.receivers[0]?.url}/ping`));
    await (await start('restore')).result();
    expect(told.receivers[0]?.received).toHaveLength(1);
  });

  test('that is unreachable does not fail the backup: it passes, with a note', async ({
    openScene,
    openAnnouncing,
  }) => {
    const { start, told, journal } = await openTold(
      { openScene, openAnnouncing },
      {
        policy: { announces },
        answers: [() => ({ status: 410 })],
      },
    );
    await told.write(withHeart(`${told.receivers[0]?.url}/${token}`));
    const handle = await start('backup');
    const report = (await handle.result()) as RunProgress;
    expect(report).toMatchObject({ phase: 'passed', verdict: 'pass' });
    expect(report.notes?.[0]).toMatch(
      /^backup\.heartbeatUrl \(127\.0\.0\.1:\d+\) was not notified .*: it answered 410$/,
    );
    expect(journal.reports.at(-1)?.notes).toEqual(report.notes);
  });
});

describe('a run that waits for a person', () => {
  test('announces who may approve what, and how; once, and not again when it is approved', async ({
    openScene,
    openAnnouncing,
  }) => {
    const policy: Partial<RunPolicy> = { approval: 'required', approvers: ['ann', 'bob'] };
    const { start, told, restorePlan } = await openTold({ openScene, openAnnouncing }, { policy });
    const handle = await start('restore');
    await inPhase(handle, 'waiting for approval');
    await arrived(told.receivers[0]!.received, 1);
    const [document] = documents(told.receivers[0]?.received);
    expect(document).toMatchObject({
      event: 'waiting',
      run: { id: handle.workflowId, kind: 'restore', phase: 'waiting for approval' },
      waiting: {
        for: 'approval',
        planHash: restorePlan.hash,
        summary: expect.arrayContaining([expect.stringMatching(/^Approval: one of ann, bob, until /)]) as string[],
        who: { approvers: ['ann', 'bob'], needed: 1, approvedBy: [] },
        answers: [
          { choice: 'approve', command: `rekindle approve ${handle.workflowId} --hash ${restorePlan.hash}` },
          { choice: 'reject', command: `rekindle reject ${handle.workflowId}` },
        ],
      },
    });
    await handle.executeUpdate(approve, { args: [{ planHash: restorePlan.hash, by: 'ann' }] });
    expect(await handle.result()).toMatchObject({ phase: 'passed', verdict: 'pass' });
    const { received } = told.receivers[0]!;
    expect(documents(received).map(({ event }) => event)).toEqual(['waiting', 'recovery']);
    expect(received[1]?.json['text']).toContain(`[${told.platform}] restore passed, it no longer waits for a person`);
  });

  test('is over when it was rejected, too: whoever was rung hears of it', async ({ openScene, openAnnouncing }) => {
    const { start, told } = await openTold({ openScene, openAnnouncing }, { policy: { approval: 'required' } });
    const handle = await start('restore');
    await inPhase(handle, 'waiting for approval');
    await arrived(told.receivers[0]!.received, 1);
    await handle.executeUpdate(reject, { args: [{ by: 'ann', reason: 'not tonight' }] });
    await failureOf(handle);
    expect(documents(told.receivers[0]?.received)).toMatchObject([
      { event: 'waiting' },
      { event: 'recovery', run: { phase: 'refused' }, failure: { kind: 'Rejected' } },
    ]);
  });

  test('is approved and passes while the receiver hangs', async ({ openScene, openAnnouncing }) => {
    const { start, told, restorePlan } = await openTold(
      { openScene, openAnnouncing },
      {
        policy: { approval: 'required', announces: { ...everything, events: ['waiting'] } },
        answers: [() => undefined],
      },
    );
    const handle = await start('restore');
    await inPhase(handle, 'waiting for approval');
    await arrived(told.receivers[0]!.received, 1);
    await handle.executeUpdate(approve, { args: [{ planHash: restorePlan.hash, by: 'ann' }] });
    const report = (await handle.result()) as RunProgress;
    expect(report).toMatchObject({ phase: 'passed' });
    expect(report.notes).toBeUndefined();
    expect(told.receivers[0]?.received).toHaveLength(1);
  });

  test('announces a decision with the commands of each choice, once for each time it waits', async ({
    openScene,
    openAnnouncing,
  }) => {
    const { start, told } = await openTold(
      { openScene, openAnnouncing },
      {
        onStep(what, attempt) {
          if (what === 'restoreIndices documents' && attempt <= 2) throw refusal('RestoreFailed', 'shard 1 is away');
          return undefined;
        },
      },
    );
    const handle = await start('restore');
    const { received } = told.receivers[0]!;
    for (const count of [1, 2]) {
      await inPhase(handle, 'waiting for decision');
      await arrived(received, count);
      await handle.executeUpdate(decide, { args: [{ step: 'restore-documents', choice: 'retry', by: 'ann' }] });
    }
    expect(await handle.result()).toMatchObject({ phase: 'passed' });
    expect(documents(received)).toMatchObject([
      {
        event: 'waiting',
        failure: { kind: 'RestoreFailed', message: 'shard 1 is away' },
        waiting: { for: 'decision', step: 'restore-documents' },
      },
      { event: 'waiting' },
      { event: 'recovery', text: expect.stringContaining('no longer waits for a person') as string },
    ]);
    const { answers } = documents(received)[0]!['waiting'] as { answers: { choice: string; command: string }[] };
    expect(answers.map(({ choice }) => choice)).toEqual(['retry', 'abort', 'rollback']);
    expect(answers[0]?.command).toBe(`rekindle decide ${handle.workflowId} retry --step restore-documents`);
    expect(new Set(documents(received).map(({ id }) => id)).size).toBe(3);
  });
});
