import { failed } from '../../domain/checks.ts';
import type { RunProgress } from '../../domain/runs/progress.ts';
import type { BackupInput } from '../../domain/runs/run.ts';
import { refusal } from './fake-platform.ts';
import { failureOf, gate, inPhase, progressOf, test } from './scene.ts';
import { waitFor } from '../wait-for.ts';

describe('a backup', () => {
  test('takes snapshot and capture side by side and publishes last', async ({ openScene }) => {
    const both = { snapshot: gate(), capture: gate() };
    const { start, journal } = await openScene({
      async onStep(what) {
        if (what === 'takeSnapshot documents') both.snapshot.open();
        if (what === 'captureDeployment') both.capture.open();
        if (/^(takeSnapshot|captureDeployment)/.test(what))
          await Promise.all([both.snapshot.passed, both.capture.passed]);
        return undefined;
      },
    });
    const report = (await (await start('backup')).result()) as RunProgress;
    expect(report).toMatchObject({ phase: 'passed', verdict: 'pass', recoveryPoint: { id: '2026-11-21t1000z' } });
    expect(journal.ended.at(-1)).toBe('publishRecoveryPoint');
    expect(journal.reports).toHaveLength(1);
    const store = journal.began.filter((what) => what.endsWith(' documents'));
    expect(store).toEqual(['prepareStore documents', 'takeSnapshot documents', 'verifyBackup documents']);
    expect(report.checks.map(({ name }) => name)).toContain('verifyBackup documents');
  });

  test('with an incomplete snapshot deletes it, and publishes nothing', async ({ openScene }) => {
    const { start, journal } = await openScene({
      onStep(what) {
        if (what === 'verifyBackup documents') throw refusal('RepositoryCorrupted', 'nuvla-job[2]: __a is not there');
        return undefined;
      },
    });
    const handle = await start('backup');
    expect(await failureOf(handle)).toMatchObject({ type: 'RepositoryCorrupted' });
    const { phase, steps } = await progressOf(handle);
    expect(phase).toBe('failed');
    expect(steps.find(({ id }) => id === 'snapshot-documents')?.status).toBe('undone');
    expect(journal.ended.at(-1)).toBe('discardSnapshot documents');
    expect(journal.began).not.toContain('publishRecoveryPoint');
  });

  test('that makes a suspect point keeps it, does not pass, and says what shrank and what to type', async ({
    openScene,
  }) => {
    const evidence = '2026-11-21t1000z is suspect, since 2026-11-21t0930z holds more: nuvla-user is gone';
    const { start, journal } = await openScene({
      policy: { announces: { events: ['failure'], statsd: false, heartbeat: true } },
      onStep: (what) =>
        what === 'publishRecoveryPoint'
          ? { summary: 'written', checks: [failed('content documents', evidence, 'accept it: rekindle accept …')] }
          : undefined,
    });
    const handle = await start('backup');
    expect(await failureOf(handle)).toMatchObject({ type: 'VerificationFailed' });
    const failure = {
      kind: 'VerificationFailed',
      message: `The verdict is fail: content documents: ${evidence}`,
      remedy: 'accept it: rekindle accept …',
    };
    expect(await progressOf(handle)).toMatchObject({ phase: 'failed', verdict: 'fail', failure });
    // The snapshot stays: it belongs to a recovery point.
    expect(journal.ended).not.toContain('discardSnapshot documents');
    expect(journal.reports).toMatchObject([{ failure }]);
    expect(journal.announced.map(({ announcement }) => announcement)).toMatchObject([{ what: 'end', failure }]);
  });

  for (const kind of ['ClusterRed', 'SnapshotRunning', 'RepositoryReadonly'] as const)
    test(`that may not begin (${kind}) is refused: no snapshot is taken or deleted`, async ({ openScene }) => {
      const { start, journal } = await openScene({
        onStep(what) {
          if (what === 'prepareStore documents') throw refusal(kind);
          return undefined;
        },
      });
      const handle = await start('backup');
      expect(await failureOf(handle)).toMatchObject({ type: kind });
      expect((await progressOf(handle)).phase).toBe('refused');
      expect(journal.began.filter((what) => /Snapshot|publish/.test(what))).toEqual([]);
      expect(journal.reports).toHaveLength(1);
    });

  test('at the end of a restore knows what was restored: that is its measure', async ({ openScene }) => {
    const asked: BackupInput[] = [];
    const { start } = await openScene({
      overrides: {
        prepareBackup: (input) => {
          asked.push(input);
          return Promise.reject(refusal('CatalogueRefused'));
        },
      },
    });
    const handle = await start('restore');
    await inPhase(handle, 'waiting for decision');
    expect(asked).toMatchObject([{ within: handle.workflowId, restored: '2026-11-21t0930z' }]);
    await handle.terminate();
  });

  test('is cancelled while its planning waits for a catalogue that is away', async ({ openScene }) => {
    const unreachable = () => Promise.reject(refusal('ObjectStorageUnreachable', 'the mount is stale'));
    const { start } = await openScene({ overrides: { prepareBackup: unreachable, writeReport: unreachable } });
    const handle = await start('backup');
    await waitFor(
      async () => {
        const { raw } = await handle.describe();
        expect(raw.pendingActivities?.[0]?.attempt).toBeGreaterThan(1);
      },
      { timeout: 10_000, interval: 50 },
    );
    await handle.cancel();
    const { steps } = await inPhase(handle, 'cancelled');
    expect(steps).toEqual([]);
  });

  test('whose catalogue refuses ends at once', async ({ openScene }) => {
    let attempts = 0;
    const { start } = await openScene({
      overrides: {
        prepareBackup: () => {
          attempts += 1;
          return Promise.reject(refusal('CatalogueRefused', 'the directory cannot be made'));
        },
      },
    });
    expect(await failureOf(await start('backup'))).toMatchObject({ type: 'CatalogueRefused' });
    expect(attempts).toBe(1);
  });

  test('fails when a shard failed; nothing is published, nobody is asked', async ({ openScene }) => {
    const { start, journal } = await openScene({
      onStep(what) {
        if (what === 'takeSnapshot documents') throw refusal('SnapshotPartial', 'shard 2 of nuvla-job failed');
        return undefined;
      },
    });
    const handle = await start('backup');
    expect(await failureOf(handle)).toMatchObject({ type: 'SnapshotPartial', message: 'shard 2 of nuvla-job failed' });
    expect(await progressOf(handle)).toMatchObject({ phase: 'failed', verdict: 'fail' });
    expect(journal.began).not.toContain('publishRecoveryPoint');
  });
});

describe('a rebuild', () => {
  test('rebuilds the derived store and compares it', async ({ openScene }) => {
    const { start, journal } = await openScene();
    const report = (await (await start('rebuild', { store: 'jobs' })).result()) as RunProgress;
    expect(report).toMatchObject({ kind: 'rebuild', phase: 'passed', verdict: 'pass' });
    expect(journal.ended.slice(-2)).toEqual(['rebuildQueue jobs', 'verifyQueue jobs']);
  });

  test('fails when the queue does not hold the jobs', async ({ openScene }) => {
    const { start } = await openScene({
      onStep(what) {
        if (what === 'verifyQueue jobs') throw refusal('VerificationFailed', '3 of 4 jobs are queued');
        return undefined;
      },
    });
    const handle = await start('rebuild');
    expect(await failureOf(handle)).toMatchObject({ type: 'VerificationFailed', message: '3 of 4 jobs are queued' });
    expect(await progressOf(handle)).toMatchObject({ phase: 'failed', verdict: 'fail' });
  });
});
