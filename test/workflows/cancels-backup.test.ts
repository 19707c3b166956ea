import { failed } from '../../domain/checks.ts';
import type { FakeOptions } from './fake-platform.ts';
import { failureOf, progressOf, test, until, untilCancelled, type Scene } from './scene.ts';

const slowSnapshot: FakeOptions['onStep'] = async (what) =>
  what === 'takeSnapshot documents' ? untilCancelled() : undefined;

async function runningBackup({ start }: Scene) {
  const backup = await start('backup');
  await until(backup, ({ steps }) =>
    steps.some(({ action, status }) => action === 'takeSnapshot' && status === 'running'),
  );
  return backup;
}

test('a backup that a restore meets is cancelled when the caller says so', async ({ openScene }) => {
  const scene = await openScene({ onStep: slowSnapshot });
  const backup = await runningBackup(scene);
  const restore = await scene.start('restore', { runningBackup: 'cancel' });
  await until(restore, ({ steps }) => steps.some(({ status }) => status === 'done'));
  expect(await progressOf(backup)).toMatchObject({ phase: 'cancelled' });
  expect(scene.journal.ended).toContain('discardSnapshot documents');
  await restore.terminate('enough was seen');
});

test('a restore that is refused after that says what it cancelled', async ({ openScene }) => {
  const checks = [failed('images', 'one is missing', 'pull it')];
  const scene = await openScene({
    onStep: slowSnapshot,
    overrides: { prepareRestore: () => Promise.resolve({ checks }) },
  });
  const backup = await runningBackup(scene);
  const { type, message } = await failureOf(await scene.start('restore', { runningBackup: 'cancel' }));
  expect(type).toBe('PreflightRefused');
  expect(message).toContain(`${backup.workflowId} was cancelled for it, nothing else was touched`);
});
