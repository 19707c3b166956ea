import { WorkflowNotFoundError } from '@temporalio/client';
import { release, rollback } from '../../workflows/messages.ts';
import { test, type Scene } from './scene.ts';
import { waitFor } from '../wait-for.ts';

/** As Temporal does by itself when the lock's retention is over. */
async function forgetLock({ client, platform }: Scene): Promise<void> {
  const workflowId = `exclusive/${platform}`;
  await client.workflowService.deleteWorkflowExecution({ namespace: 'default', workflowExecution: { workflowId } });
  await waitFor(
    async () => {
      const error: unknown = await client.workflow
        .getHandle(workflowId)
        .describe()
        .catch((thrown: unknown) => thrown);
      if (!(error instanceof WorkflowNotFoundError)) throw new Error('the lock is still known');
    },
    { timeout: 20_000, interval: 100 },
  );
}

test('a rollback needs no lock that Temporal has forgotten', async ({ openScene }) => {
  const scene = await openScene();
  const handle = await scene.start('restore');
  await handle.result();
  await forgetLock(scene);
  const quarantine = scene.client.workflow.getHandle(`quarantine/${handle.workflowId}`);
  await quarantine.executeUpdate(rollback, { args: [{ by: 'ann' }] });
  expect(await quarantine.result()).toMatchObject({ phase: 'released' });
  expect(scene.journal.ended).toContain('returnVolume demo_es-data');
});

test('nor does a release', async ({ openScene }) => {
  const scene = await openScene();
  const handle = await scene.start('restore');
  await handle.result();
  await forgetLock(scene);
  const quarantine = scene.client.workflow.getHandle(`quarantine/${handle.workflowId}`);
  await quarantine.executeUpdate(release, { args: [{ by: 'ann' }] });
  expect(await quarantine.result()).toMatchObject({ phase: 'released', note: 'released by ann' });
});
