import { activity } from '../../activities/activity.ts';
import { failed } from '../../domain/checks.ts';
import { judgeReadiness } from '../../domain/readiness/judge.ts';
import type { ReadinessJudged } from '../../domain/readiness/readiness.ts';
import type { FreshnessJudged } from '../../domain/status/freshness.ts';
import { approve, decide, pause, resume, rollback } from '../../workflows/messages.ts';
import { refusal } from '../workflows/fake-platform.ts';
import { failureOf, inPhase, test } from '../workflows/scene.ts';
import { test as fleetTest } from '../workflows/fleet-scene.ts';
import { test as hostsTest } from '../workflows/hosts-scene.ts';
import { test as incidentTest } from '../workflows/incident-scene.ts';
import { writeHistory } from './histories.ts';

// Not a test: `npm run record-histories` writes what replay.test.ts replays. Record anew only when a workflow was changed
// in a way that running ones need not survive (before a release); otherwise a failing replay is the fault to fix.

test('restore that passes, approved by an Update', async ({ openScene }) => {
  const { start, restorePlan } = await openScene({ platform: 'replay-pass', policy: { approval: 'required' } });
  const handle = await start('restore');
  await inPhase(handle, 'waiting for approval');
  await handle.executeUpdate(approve, { args: [{ planHash: restorePlan.hash, by: 'ann' }] });
  await handle.result();
  await writeHistory('restore-pass', handle);
});

test('restore with decisions: one retry, one skip', async ({ openScene }) => {
  const { start } = await openScene({
    platform: 'replay-decision',
    onStep(what, attempt) {
      if (what === 'restoreIndices documents' && attempt === 1) throw refusal('RestoreFailed');
      if (what === 'captureDeployment') throw refusal('DockerUnreachable', 'for good');
      return undefined;
    },
    policy: { outageSeconds: 1 },
  });
  const handle = await start('restore');
  for (const choice of ['retry', 'skip'] as const) {
    const { pendingDecisions } = await inPhase(handle, 'waiting for decision');
    await handle.executeUpdate(decide, { args: [{ step: pendingDecisions[0]?.step ?? '', choice, by: 'ann' }] });
  }
  expect((await failureOf(handle)).type).toBe('VerificationFailed');
  await writeHistory('restore-decisions', handle);
});

test('restore that is undone', async ({ openScene }) => {
  const { start } = await openScene({
    platform: 'replay-undo',
    onStep(what) {
      if (what === 'stopService api') throw refusal('ContainerFailed');
      return undefined;
    },
  });
  const handle = await start('restore');
  await failureOf(handle);
  await writeHistory('restore-undone', handle);
});

test('restore beside the platform', async ({ openScene }) => {
  const { start } = await openScene({ platform: 'replay-beside' });
  const handle = await start('restore', { beside: true });
  await handle.result();
  await writeHistory('restore-beside', handle);
});

test('drill', async ({ openScene }) => {
  const { start } = await openScene({ platform: 'replay-drill' });
  const handle = await start('drill');
  await handle.result();
  await writeHistory('drill-pass', handle);
});

test('backup', async ({ openScene }) => {
  const { start } = await openScene({ platform: 'replay-backup' });
  const handle = await start('backup');
  await handle.result();
  await writeHistory('backup-pass', handle);
});

test('backup that a scrub follows, and the scrub', async ({ openScene }) => {
  const { start, client, platform } = await openScene({ platform: 'replay-scrub', policy: { scrubs: true } });
  const handle = await start('backup');
  await handle.result();
  await writeHistory('backup-scrubbed', handle);
  const { events } = await handle.fetchHistory();
  const child = events
    ?.map(({ startChildWorkflowExecutionInitiatedEventAttributes: started }) => started?.workflowId ?? '')
    .find((id) => id.startsWith(`scrub/${platform}/`));
  const scrub = client.workflow.getHandle(child ?? '');
  await scrub.result();
  await writeHistory('scrub-pass', scrub);
});

test('a question to another host', async ({ openScene }) => {
  const { client, platform, taskQueue } = await openScene({
    platform: 'replay-ask',
    overrides: () => ({ answerHost: activity(() => Promise.resolve({ steps: [], data: false })) }),
  });
  const asked = { platform, services: [], volumes: [] };
  const handle = await client.workflow.start('askHost', {
    taskQueue,
    workflowId: `ask/${platform}/other/findGone/1`,
    args: [{ platform, host: 'other', taskQueue, question: 'findGone', asked }],
  });
  await handle.result();
  await writeHistory('ask-host', handle);
});

hostsTest('restore of a platform on two hosts', async ({ openHosts }) => {
  const { start } = await openHosts({ platform: 'replay-hosts' });
  const handle = await start('restore');
  await handle.result();
  await writeHistory('restore-hosts', handle);
});

test('prune', async ({ openScene }) => {
  const removals = () => [{ id: '2026-11-01t0000z', snapshots: { documents: 'snapshot.2026-11-01t0000z' } }];
  const { start } = await openScene({ platform: 'replay-prune', removals });
  const handle = await start('prune');
  await handle.result();
  await writeHistory('prune-pass', handle);
});

test('rebuild, and the lock that it held', async ({ openScene }) => {
  const { start, client } = await openScene({ platform: 'replay-rebuild' });
  const handle = await start('rebuild');
  await handle.result();
  await writeHistory('rebuild-pass', handle);
  await writeHistory('exclusive-released', client.workflow.getHandle('exclusive/replay-rebuild'));
});

test('copy that passes, approved by an Update', async ({ openScene }) => {
  const { start } = await openScene({ platform: 'replay-copy', policy: { approval: 'required' } });
  const handle = await start('copy', { from: 'production', existing: 'swap' });
  const { planHash = '' } = await inPhase(handle, 'waiting for approval');
  await handle.executeUpdate(approve, { args: [{ planHash, by: 'ann' }] });
  await handle.result();
  await writeHistory('copy-pass', handle);
});

test('copy that is undone', async ({ openScene }) => {
  const { start } = await openScene({
    platform: 'replay-copy-undo',
    onStep(what) {
      if (what === 'verifyCopied documents') throw refusal('VerificationFailed');
      return undefined;
    },
  });
  const handle = await start('copy', { from: 'production', newBackup: true });
  await failureOf(handle);
  await writeHistory('copy-undone', handle);
});

test('restore that is rolled back by a decision, and its quarantine', async ({ openScene }) => {
  const { start, client } = await openScene({
    platform: 'replay-back',
    onStep(what) {
      if (what === 'restoreIndices documents') throw refusal('RestoreFailed');
      return undefined;
    },
  });
  const handle = await start('restore');
  await inPhase(handle, 'waiting for decision');
  await handle.executeUpdate(decide, { args: [{ step: 'restore-documents', choice: 'rollback', by: 'ann' }] });
  await failureOf(handle);
  await writeHistory('restore-rolled-back', handle);
  const quarantine = client.workflow.getHandle(`quarantine/${handle.workflowId}`);
  await quarantine.result();
  await writeHistory('quarantine-released', quarantine);
});

test('quarantine that is rolled back', async ({ openScene }) => {
  const { start, client } = await openScene({ platform: 'replay-quarantine' });
  const handle = await start('restore');
  await handle.result();
  const quarantine = client.workflow.getHandle(`quarantine/${handle.workflowId}`);
  await quarantine.executeUpdate(rollback, { args: [{ by: 'ann' }] });
  await quarantine.result();
  await writeHistory('quarantine-rolled-back', quarantine);
});

test('freshness that has become stale', async ({ openScene }) => {
  const { client, platform } = await openScene({
    platform: 'replay-freshness',
    overrides: { judgeFreshness: () => Promise.resolve(stale) },
  });
  const handle = await client.workflow.start('freshness', {
    taskQueue: `test-${platform}`,
    workflowId: `freshness/${platform}/1`,
    args: [{ platform }],
  });
  await handle.result();
  await writeHistory('freshness-stale', handle);
});

test('readiness that has changed', async ({ openScene }) => {
  const { client, platform } = await openScene({
    platform: 'replay-readiness',
    overrides: { evaluateReadiness: () => Promise.resolve(notReady) },
  });
  const handle = await client.workflow.start('readiness', {
    taskQueue: `test-${platform}`,
    workflowId: `readiness/${platform}/1`,
    args: [{ platform }],
  });
  await handle.result();
  await writeHistory('readiness-changed', handle);
});

test('check', async ({ openScene }) => {
  const { client, platform, taskQueue } = await openScene({ platform: 'replay-check' });
  const handle = await client.workflow.start('check', {
    taskQueue,
    workflowId: `check/${platform}/1`,
    args: [{ platform }],
  });
  await handle.result();
  await writeHistory('check-pass', handle);
});

incidentTest('incident whose proposal is withdrawn', async ({ openScene }) => {
  const { startIncident } = await openScene({ platform: 'replay-incident' });
  const incident = await startIncident('restore');
  await incident.proposal();
  await incident.send({ what: 'resolved' });
  await incident.result();
  await writeHistory('incident-withdrawn', incident.handle);
});

fleetTest('fleet with canary and approvals, and a platform that fails', async ({ openFleet }) => {
  const { startFleet } = await openFleet({
    platform: 'replay-fleet',
    policy: { approval: 'required' },
    onRestore(letter) {
      if (letter === 'c') throw refusal('RestoreFailed');
    },
  });
  const by = 'ann';
  const fleet = await startFleet('abc', { canaries: ['a'], approval: 'wave', limits: { overall: 1 } });
  for (const number of [1, 2]) {
    const { waveHash = '' } = await fleet.until(
      (now) => now.wave?.number === number && now.phase === 'waiting for approval',
    );
    await fleet.handle.executeUpdate(approve, { args: [{ planHash: waveHash, by }] });
  }
  await fleet.handle.executeUpdate(pause, { args: [{ by }] });
  await fleet.handle.executeUpdate(resume, { args: [{ by }] });
  await failureOf(fleet.handle);
  await writeHistory('fleet-failed', fleet.handle);
});

fleetTest('fleet that goes on in another execution', async ({ openFleet }) => {
  const { startFleet } = await openFleet({ platform: 'replay-fleet-long' });
  const fleet = await startFleet('abcdef', { limits: { overall: 2 }, mostEvents: 40 });
  await fleet.handle.result();
  await writeHistory('fleet-carried', fleet.handle);
});

const [since, objectiveMinutes] = ['2026-11-21T10:00:00.000Z', 60];
const notReady: ReadinessJudged = judgeReadiness({
  platform: 'replay-readiness',
  everyMinutes: 30,
  observation: { checks: [failed('disk', '3 GB free, 9 GB needed', 'Make room')] },
  last: undefined,
  now: since,
});
const stale: FreshnessJudged = {
  next: { version: 1, state: 'stale', since, toldAt: since },
  news: { what: 'freshness', event: 'stale', at: since, staleSince: since, reminder: false, objectiveMinutes },
};
