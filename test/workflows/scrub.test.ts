import { failed } from '../../domain/checks.ts';
import type { RunProgress } from '../../domain/runs/progress.ts';
import { refusal } from './fake-platform.ts';
import { waitFor } from '../wait-for.ts';
import { failureOf, gate, isLocked, test, type Scene } from './scene.ts';

/** The scrubs that ran or run, by Temporal's list, which lags. */
async function scrubsOf({ client, platform }: Scene): Promise<{ id: string; status: string }[]> {
  const found: { id: string; status: string }[] = [];
  for await (const { workflowId: id, status } of client.workflow.list({
    query: `WorkflowType = "scrub" AND WorkflowId STARTS_WITH "scrub/${platform}/"`,
  }))
    found.push({ id, status: status.name });
  return found;
}

describe('a scrub', () => {
  test('reads store by store and passes; the platform is free meanwhile', async ({ openScene }) => {
    const hold = gate();
    const scene = await openScene({
      async onStep(what) {
        if (what.startsWith('scrubStore')) await hold.passed;
        return undefined;
      },
    });
    const handle = await scene.start('scrub');
    await waitFor(() => expect(scene.journal.began).toContain('scrubStore documents'), { timeout: 30_000 });
    expect(((await (await scene.start('backup')).result()) as RunProgress).phase).toBe('passed');
    hold.open();
    const report = (await handle.result()) as RunProgress;
    expect(report).toMatchObject({ kind: 'scrub', phase: 'passed', verdict: 'pass' });
    expect(scene.journal.reports).toContainEqual(expect.objectContaining({ kind: 'scrub', verdict: 'pass' }));
  });

  test('damage makes it fail, with what was found as its failure, and is announced', async ({ openScene }) => {
    const announces = { events: ['failure' as const], statsd: false, heartbeat: false };
    const { start, journal } = await openScene({
      policy: { announces },
      onStep: (what) =>
        what === 'scrubStore documents'
          ? {
              summary: '1 damaged',
              checks: [failed('scrub documents', 'nuvla-job[1], file _0.cfs: damaged', 'Repair it')],
            }
          : undefined,
    });
    const handle = await start('scrub');
    expect(await failureOf(handle)).toMatchObject({
      type: 'VerificationFailed',
      message: expect.stringContaining('nuvla-job[1], file _0.cfs') as string,
      remedy: 'Repair it',
    });
    expect(journal.announced).toMatchObject([{ announcement: { what: 'end', kind: 'scrub', phase: 'failed' } }]);
  });

  test('one at a time: another one is skipped, with a note', async ({ openScene }) => {
    const hold = gate();
    const scene = await openScene({
      async onStep(what) {
        if (what.startsWith('scrubStore')) await hold.passed;
        return undefined;
      },
    });
    const first = await scene.start('scrub');
    await waitFor(() => expect(scene.journal.began).toContain('scrubStore documents'), { timeout: 30_000 });
    const second = (await (await scene.start('scrub', {}, '2')).result()) as RunProgress;
    expect(second).toMatchObject({ phase: 'skipped', note: expect.stringContaining(first.workflowId) as string });
    hold.open();
    await first.result();
  });
});

describe('after a backup', () => {
  test('a scrub of the share begins; the backup ends without it, and so does its lock', async ({ openScene }) => {
    const hold = gate();
    const scene = await openScene({
      policy: { scrubs: true },
      async onStep(what) {
        if (what.startsWith('scrubStore')) await hold.passed;
        return undefined;
      },
    });
    const report = (await (await scene.start('backup')).result()) as RunProgress;
    expect(report).toMatchObject({ phase: 'passed' });
    expect(await isLocked(scene)).toBe(false);
    await waitFor(() => expect(scene.journal.began).toContain('scrubStore documents'), { timeout: 30_000 });
    hold.open();
    await waitFor(async () => expect(await scrubsOf(scene)).toMatchObject([{ status: 'COMPLETED' }]), {
      timeout: 30_000,
    });
  });

  test('also after one that failed: while backups fail, nothing else reads what they rest on', async ({
    openScene,
  }) => {
    for (const broken of ['verifyBackup documents', 'prepareBackup']) {
      const fail = () => {
        throw refusal('VerificationFailed');
      };
      const { start, journal } = await openScene({
        policy: { scrubs: true },
        onStep: (what) => (what === broken ? fail() : undefined),
        overrides: broken === 'prepareBackup' ? { prepareBackup: fail } : {},
      });
      expect(await failureOf(await start('backup'))).toMatchObject({ type: 'VerificationFailed' });
      await waitFor(() => expect(journal.began).toContain('scrubStore documents'), { timeout: 30_000 });
    }
  });

  test('none where the platform file does not want it, nor after one that was cancelled or skipped', async ({
    openScene,
  }) => {
    const without = await openScene();
    await (await without.start('backup')).result();
    const hold = gate();
    const cancelled = await openScene({
      policy: { scrubs: true },
      async onStep(what) {
        if (what === 'takeSnapshot documents') await hold.passed;
        return undefined;
      },
    });
    const backup = await cancelled.start('backup');
    await waitFor(() => expect(cancelled.journal.began).toContain('takeSnapshot documents'), { timeout: 30_000 });
    expect(await (await cancelled.start('backup', {}, '2')).result()).toMatchObject({ phase: 'skipped' });
    await backup.cancel();
    hold.open();
    await expect(backup.result()).rejects.toThrow();
    for (const scene of [without, cancelled]) expect(scene.journal.began).not.toContain('scrubStore documents');
  });

  test('a backup that a copy took first is scrubbed when the copy has ended: both read the same bytes', async ({
    openScene,
  }) => {
    const scene = await openScene({ policy: { scrubs: true } });
    await (await scene.start('copy', { from: 'production', newBackup: true })).result();
    const { began } = scene.journal;
    await waitFor(() => expect(began).toContain('scrubStore documents'), { timeout: 30_000 });
    expect(began.indexOf('scrubStore documents')).toBeGreaterThan(began.indexOf('forgetSource documents'));
  });
});
