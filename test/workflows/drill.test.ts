import { failed, passed, type Check } from '../../domain/checks.ts';
import type { RunProgress } from '../../domain/runs/progress.ts';
import { demoPlatform } from '../demo-situation.ts';
import { waitFor } from '../wait-for.ts';
import { refusal, type FakeOptions } from './fake-platform.ts';
import { failureOf, gate, test } from './scene.ts';

/** Waits in the restore of the indices, in the middle of a drill. */
function heldInRestore() {
  const hold = gate();
  return {
    hold,
    onStep: async (what: string) => {
      if (what === 'restoreIndices documents') await hold.passed;
      return undefined;
    },
  };
}

const untouched = passed('engine', 'machine: 9 containers are as they were, and nothing was left');

/** What the comparison of the engine says, next to what the test itself does. */
const proves =
  (more: FakeOptions['onStep'], checks: Check[] = [untouched]): FakeOptions['onStep'] =>
  async (what, attempt) =>
    what === 'proveUntouched' ? { summary: 'compared', checks } : more?.(what, attempt);

describe('a drill', () => {
  test('passes, marks its point proven, leaves its scene closed; the platform is free meanwhile', async ({
    openScene,
  }) => {
    const { hold, onStep } = heldInRestore();
    const scene = await openScene({ onStep });
    const handle = await scene.start('drill');
    await waitFor(() => expect(scene.journal.began).toContain('restoreIndices documents'), { timeout: 30_000 });
    expect(((await (await scene.start('backup')).result()) as RunProgress).phase).toBe('passed');
    hold.open();
    const report = (await handle.result()) as RunProgress;
    expect(report).toMatchObject({ kind: 'drill', phase: 'passed', verdict: 'pass' });
    expect(scene.journal.ended).toContain('closeScene');
    expect(scene.journal.proven).toContain(report.recoveryPoint?.id);
    // What the report says of it is known to the run.
    const { provenAt, sources } = scene.journal.reports.at(-1) ?? {};
    expect(Date.parse(provenAt ?? '')).toBeLessThanOrEqual(Date.parse(report.finishedAt ?? ''));
    expect(sources?.images['elasticsearch']?.digest).toMatch(/./);
  });

  test('a step that fails asks nobody: the scene is closed, the point is not proven, the drill has failed', async ({
    openScene,
  }) => {
    const { start, journal } = await openScene({
      onStep: proves((what) => {
        if (what === 'verifyIndices documents') throw refusal('VerificationFailed', 'an index lacks a document');
        return undefined;
      }),
    });
    const handle = await start('drill');
    expect(await failureOf(handle)).toMatchObject({ type: 'VerificationFailed' });
    expect(journal.ended.slice(-2)).toEqual(['closeScene', 'proveUntouched']);
    expect(journal.proven).toEqual([]);
    expect(journal.reports).toMatchObject([{ kind: 'drill', phase: 'failed', verdict: 'fail' }]);
    expect(journal.reports[0]?.checks).toContainEqual(untouched);
  });

  test("a check of one's own that does not hold fails it, named, with what was expected and found", async ({
    openScene,
  }) => {
    const message = 'The smoke check documents/nuvla-job did not hold within 30 s: 12 documents, 20 to 30 is expected';
    const platform = {
      ...demoPlatform(),
      smoke: [{ kind: 'query' as const, store: 'documents', index: 'nuvla-job', atLeast: 20, timeoutSeconds: 30 }],
    };
    const { start, journal } = await openScene({
      situation: { platform },
      onStep: (what) => {
        if (what === 'smokeCheck') throw refusal('ServiceUnhealthy', message);
        return undefined;
      },
    });
    expect(await failureOf(await start('drill'))).toMatchObject({ type: 'ServiceUnhealthy', message });
    expect(journal.ended.slice(-2)).toEqual(['closeScene', 'proveUntouched']);
    expect(journal.proven).toEqual([]);
    expect(journal.reports).toMatchObject([{ kind: 'drill', verdict: 'fail', failure: { message } }]);
  });

  test('what a failed drill leaves is in its report, next to why it failed', async ({ openScene }) => {
    const left = failed('engine', 'machine: volume rekindle-drill-ab12cd34-zookeeper-0 is new', 'Start another drill');
    const { start, journal } = await openScene({
      onStep: (what) => {
        if (what === 'verifyIndices documents') throw refusal('VerificationFailed', 'an index lacks a document');
        if (what === 'proveUntouched') throw refusal('VerificationFailed', 'something was left', [left]);
        return undefined;
      },
    });
    expect(await failureOf(await start('drill'))).toMatchObject({ message: 'an index lacks a document' });
    expect(journal.reports[0]?.checks).toContainEqual(left);
  });

  test('a comparison that fails says so once; closed again, the engine is compared again', async ({ openScene }) => {
    const left = failed('engine', 'machine: volume rekindle-drill-ab12cd34-zookeeper-0 is new', 'Start another drill');
    const { start, journal } = await openScene({
      onStep: (what) => {
        if (what === 'proveUntouched') throw refusal('VerificationFailed', 'something was left', [left]);
        return undefined;
      },
    });
    expect(await failureOf(await start('drill'))).toMatchObject({ message: 'something was left' });
    expect(journal.ended.filter((what) => what === 'closeScene')).toHaveLength(2);
    expect(journal.reports[0]?.checks.filter(({ name }) => name === 'engine')).toEqual([left]);
  });

  test('cancelled in the middle, it closes its scene, and its report says that nothing was left', async ({
    openScene,
  }) => {
    const { hold, onStep } = heldInRestore();
    const { start, journal } = await openScene({ onStep: proves(onStep) });
    const handle = await start('drill');
    await waitFor(() => expect(journal.began).toContain('restoreIndices documents'), { timeout: 30_000 });
    await handle.cancel();
    hold.open();
    await expect(handle.result()).rejects.toThrow();
    expect(journal.ended.slice(-2)).toEqual(['closeScene', 'proveUntouched']);
    expect(journal.began).not.toContain('verifyIndices documents');
    expect(journal.reports).toMatchObject([{ kind: 'drill', phase: 'cancelled', verdict: 'fail' }]);
    expect(journal.reports[0]?.checks).toContainEqual(untouched);
  });

  test('what does not fit is refused with figures, and nothing is made', async ({ openScene }) => {
    const { start, journal } = await openScene({
      overrides: {
        prepareDrill: () =>
          Promise.resolve({ checks: [failed('drill memory', '900 MiB available, 1792 MiB needed', 'Lower it')] }),
      },
    });
    expect(await failureOf(await start('drill'))).toMatchObject({
      type: 'PreflightRefused',
      message: expect.stringContaining('900 MiB available, 1792 MiB needed') as string,
      remedy: 'Lower it',
    });
    expect(journal.began).toEqual([]);
  });

  test('one at a time: another one is skipped, with a note', async ({ openScene }) => {
    const { hold, onStep } = heldInRestore();
    const scene = await openScene({ onStep });
    const first = await scene.start('drill');
    await waitFor(() => expect(scene.journal.began).toContain('restoreIndices documents'), { timeout: 30_000 });
    const second = (await (await scene.start('drill', {}, '2')).result()) as RunProgress;
    expect(second).toMatchObject({ phase: 'skipped', note: expect.stringContaining(first.workflowId) as string });
    hold.open();
    await first.result();
  });

  test('it is skipped while the platform is being restored', async ({ openScene }) => {
    const { hold, onStep } = heldInRestore();
    const scene = await openScene({ onStep });
    const restore = await scene.start('restore');
    await waitFor(() => expect(scene.journal.began).toContain('restoreIndices documents'), { timeout: 30_000 });
    const report = (await (await scene.start('drill')).result()) as RunProgress;
    expect(report).toMatchObject({ phase: 'skipped', note: expect.stringContaining(restore.workflowId) as string });
    expect(scene.journal.began).not.toContain('openScene');
    hold.open();
    await restore.result();
  });
});
