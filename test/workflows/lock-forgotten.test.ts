import { release, restoreEnded, rollback } from '../../workflows/messages.ts';
import { inPhase, test, type Scene } from './scene.ts';

/** A quarantine whose platform Temporal knows no lock of: it forgets what has ended. */
async function quarantineAlone({ client, platform }: Scene) {
  const run = `restore/${platform}/long-ago`;
  const handle = await client.workflow.start('quarantine', {
    taskQueue: `test-${platform}`,
    workflowId: `quarantine/${run}`,
    args: [{ platform, run, execution: '0199a1b2-0000' }],
  });
  await handle.signal(restoreEnded, { verdict: 'passed' });
  return handle;
}

const kept = { readQuarantine: () => Promise.resolve({ volumes: ['demo_es-data'] }) };

test('a rollback needs no lock that Temporal has forgotten', async ({ openScene }) => {
  const scene = await openScene({ overrides: kept });
  const quarantine = await quarantineAlone(scene);
  await quarantine.executeUpdate(rollback, { args: [{ by: 'ann' }] });
  await inPhase(quarantine, 'rolled back');
  expect(scene.journal.ended).toContain('startService elasticsearch');
  await quarantine.terminate('enough was seen');
});

test('nor does a release', async ({ openScene }) => {
  const quarantine = await quarantineAlone(await openScene({ overrides: kept }));
  await quarantine.executeUpdate(release, { args: [{ by: 'ann' }] });
  expect(await quarantine.result()).toMatchObject({ phase: 'released', note: 'released by ann' });
});
