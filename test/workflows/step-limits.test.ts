import type { RunPolicy } from '../../domain/runs/run.ts';
import { failureOf, inPhase, isLocked, test, untilCancelled } from './scene.ts';
import { waitFor } from '../wait-for.ts';

/** Limits of three seconds: a step gets a minute more than its store's. */
const short = { snapshotSeconds: -57, restoreSeconds: -57 };
const long = { snapshotSeconds: 600, restoreSeconds: 600 };
const limits = (documents: typeof short): Partial<RunPolicy> => ({ storeLimits: { documents, jobs: long } });

test('a snapshot that hangs gets its time once: the backup fails, takes it back and frees the platform', async ({
  openScene,
}) => {
  let attempts = 0;
  const scene = await openScene({
    policy: limits(short),
    onStep: async (what) => {
      if (what !== 'takeSnapshot documents') return undefined;
      attempts += 1;
      return untilCancelled();
    },
  });
  const failure = await failureOf(await scene.start('backup'));
  expect(failure).toMatchObject({ type: 'StepTimedOut', message: 'The step did not end within its time' });
  expect(attempts).toBe(1);
  expect(scene.journal.ended).toContain('discardSnapshot documents');
  await waitFor(async () => expect(await isLocked(scene)).toBe(false), { timeout: 10_000, interval: 25 });
});

test('a restore that hangs asks a person after its time', async ({ openScene }) => {
  const scene = await openScene({
    policy: limits(short),
    onStep: async (what) => (what === 'restoreIndices documents' ? untilCancelled() : undefined),
  });
  const { pendingDecisions } = await inPhase(await scene.start('restore'), 'waiting for decision');
  expect(pendingDecisions).toMatchObject([
    {
      step: 'restore-documents',
      failure: { kind: 'StepTimedOut', remedy: expect.stringContaining('raise the limit') as string },
    },
  ]);
});
