import { CancelledFailure } from '@temporalio/common';
import { listRuns } from '../../client/runs.ts';
import { withdraw } from '../../workflows/messages.ts';
import { failureOf, gate, inPhase, progressOf } from './scene.ts';
import { test, texts } from './incident-scene.ts';

test('a second incident refers to the first one’s proposal, and proposes when that is withdrawn', async ({
  openScene,
}) => {
  const { startIncident, journal } = await openScene();
  const first = await startIncident('restore');
  const { restore } = await first.proposal();
  const second = await startIncident('restore');
  const referring = await second.until(({ run }) => run);
  expect(referring.run).toMatchObject({ id: restore.workflowId, other: true });
  expect(texts(referring.story).join('\n')).toContain('no second restore is proposed');

  await first.send({ what: 'resolved' });
  await first.result();
  const own = await second.until(({ run }) => run && !run.other && run.phase === 'waiting for approval');
  expect(own.run?.id).not.toBe(restore.workflowId);
  await second.send({ what: 'resolved' });
  await second.result();
  expect(journal.began).toEqual([]);
});

test('of incidents in the same moment one proposes, and the others refer to it', async ({ openScene }) => {
  const { client, platform, startIncident } = await openScene();
  const incidents = await Promise.all([1, 2, 3].map(() => startIncident('restore')));
  const states = await Promise.all(
    incidents.map((incident) => incident.until(({ run }) => run?.phase === 'waiting for approval')),
  );
  expect(new Set(states.map(({ run }) => run?.id)).size).toBe(1);
  expect(states.filter(({ run }) => run?.other)).toHaveLength(2);
  const open = (await listRuns(client, { platform, open: true })).filter(({ kind }) => kind === 'restore');
  expect(open).toHaveLength(1);
});

test('a restore that a person started is not doubled, and not withdrawn', async ({ openScene }) => {
  const { start, startIncident } = await openScene({ policy: { approval: 'required' } });
  const restore = await start('restore');
  await inPhase(restore, 'waiting for approval');
  const incident = await startIncident('restore');
  const { run } = await incident.until((state) => state.run);
  expect(run).toMatchObject({ id: restore.workflowId, other: true });
  await incident.send({ what: 'resolved' });
  expect((await incident.result()).phase).toBe('resolved');
  await inPhase(restore, 'waiting for approval');
});

test('cancelled in Temporal: the incident ends, and its proposal is withdrawn', async ({ openScene }) => {
  const { client, startIncident, journal } = await openScene();
  const incident = await startIncident('restore');
  const { restore } = await incident.proposal();
  await client.workflow.getHandle(incident.handle.workflowId).cancel();
  const failure: unknown = await incident.result().catch((error: unknown) => error);
  expect((failure as { cause?: unknown }).cause).toBeInstanceOf(CancelledFailure);
  expect((await failureOf(restore)).message).toContain('The incident was cancelled in Temporal');
  expect(texts(journal.told).join('\n')).toContain('is withdrawn');
});

test('opened again: withdrawn before, it proposes again; an opening that was delivered late does nothing', async ({
  openScene,
}) => {
  const held = gate();
  const { startIncident } = await openScene({
    overrides: ({ tellIncident }) => ({
      // The tool is slow: the incident does not end before it knows.
      tellIncident: async (report) => {
        if (report.text.includes('is withdrawn')) await held.passed;
        return tellIncident(report);
      },
    }),
  });
  const incident = await startIncident('restore');
  const { restore } = await incident.proposal();
  const resolvedAt = Date.now();
  await incident.send({ what: 'resolved', at: new Date(resolvedAt).toISOString() });
  await incident.until(({ phase }) => phase === 'resolved');
  await incident.send({ what: 'opened', at: new Date(resolvedAt - 60_000).toISOString() });
  expect((await incident.state()).resolvedAt).toBeDefined();
  await incident.send({ what: 'opened', at: new Date(resolvedAt + 60_000).toISOString() });
  const again = await incident.until(
    ({ run }) => run?.phase === 'waiting for approval' && run.id !== restore.workflowId,
  );
  expect(again.resolvedAt).toBeUndefined();
  expect(texts(again.story)).toContain('Opened again in pagerduty');
  held.open();
  await incident.send({ what: 'resolved' });
  expect((await incident.result()).phase).toBe('resolved');
});

test('thousands of duplicates and re-sent groups: one run, and the history stays short', async ({ openScene }) => {
  const { client, startIncident } = await openScene();
  const incident = await startIncident('restore');
  const { restore } = await incident.proposal();
  const id = incident.handle.workflowId;
  for (let batch = 0; batch < 24; batch++)
    await Promise.all(
      Array.from({ length: 50 }, (_one, index) =>
        // Half of them are the same delivery again, half a group that is sent again with another.
        incident.send({ what: 'opened', ...(index % 2 === 0 && { delivery: 'the-same' }) }),
      ),
    );
  await incident.send({ what: 'acknowledged' });
  await incident.until(({ acknowledgedAt }) => acknowledgedAt);
  const now = await client.workflow.getHandle(id).describe();
  expect(now.runId).not.toBe(incident.handle.signaledRunId);
  expect(now.historyLength).toBeLessThan(1200);
  const state = await incident.state();
  expect(state).toMatchObject({ run: { id: restore.workflowId, phase: 'waiting for approval' } });
  expect(state.story.length).toBeLessThan(12);
  // The other execution goes on as the first one would have.
  await incident.send({ what: 'resolved' });
  const ended = await incident.result();
  expect(ended.phase).toBe('resolved');
  expect((await failureOf(restore)).type).toBe('Rejected');
  expect(texts(ended.told).filter((text) => text.includes('Taken up'))).toHaveLength(1);
});

test('where only authenticated people may approve and reject, an incident still withdraws what it proposed, and nothing else', async ({
  openScene,
}) => {
  const { start, startIncident } = await openScene({ policy: { approval: 'required', authenticated: true } });
  const incident = await startIncident('restore');
  const { restore } = await incident.proposal();
  const name = incident.handle.workflowId;
  const refused = await restore
    .executeUpdate(withdraw, { args: [{ by: 'incident/another', reason: 'as a joke' }] })
    .catch((error: unknown) => (error as { cause?: Error }).cause?.message);
  expect(refused).toBe('"incident/another" did not propose this restore');
  await incident.send({ what: 'resolved' });
  await incident.result();
  expect((await failureOf(restore)).message).toContain(`rejected by ${name}: The incident was resolved`);
  expect((await progressOf(restore)).rejection).toEqual({
    by: name,
    at: expect.any(String) as string,
    reason: 'The incident was resolved',
  });

  const own = await start('restore');
  await inPhase(own, 'waiting for approval');
  await expect(own.executeUpdate(withdraw, { args: [{ by: name, reason: '' }] })).rejects.toThrow();
  await inPhase(own, 'waiting for approval');
});
