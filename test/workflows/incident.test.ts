import { failed } from '../../domain/checks.ts';
import type { RunProgress } from '../../domain/runs/progress.ts';
import { listRuns } from '../../client/runs.ts';
import { findRun } from '../../client/find-run.ts';
import { refusal } from './fake-platform.ts';
import { approveAs, test, texts } from './incident-scene.ts';
import { detailsOf, failureOf, gate } from './scene.ts';

test('a restore is proposed, approved by a person where the platform file asks for none, and reported to its end', async ({
  openScene,
}) => {
  const { client, platform, startIncident, journal } = await openScene({ policy: { approval: 'none' } });
  const incident = await startIncident('restore', { url: 'https://pd.example/P1' });
  const { restore, progress } = await incident.proposal();
  const name = incident.handle.workflowId;
  expect(progress).toMatchObject({ startedBy: { how: 'incident', name }, approvals: [] });
  expect(await incident.state()).toMatchObject({ phase: 'proposing', preflight: { verdict: 'pass' } });
  expect(await detailsOf(incident.handle)).toContain(restore.workflowId);
  expect(journal.began).toEqual([]);
  // The platform's name means the proposal, though it is the child of another workflow.
  expect((await findRun(client, platform)).id).toBe(restore.workflowId);

  await approveAs(restore, progress, 'ann');
  await incident.until(({ run }) => run?.phase === 'passed');
  expect(((await restore.result()) as RunProgress).approvals).toMatchObject([{ by: 'ann', how: 'update' }]);
  await incident.until(({ phase }) => phase === 'waiting for the incident to end');
  await incident.send({ what: 'resolved' });
  const ended = await incident.result();
  expect(ended).toMatchObject({ phase: 'resolved', run: { verdict: 'pass', phase: 'passed' } });
  const told = texts(journal.told);
  expect(told[0]).toContain(`Taken up for ${platform}: preflight pass`);
  expect(told[1]).toContain(`${restore.workflowId} waits for approval`);
  expect(told.at(-1)).toMatch(/ended.*: passed$/);
  expect(told.some((text) => text.includes('approved by ann'))).toBe(true);
  expect(journal.told.some(({ change }) => change)).toBe(true);
  expect(texts(ended.told)).toEqual(told);
});

test('resolved while the proposal waits: it is withdrawn, nothing was touched', async ({ openScene }) => {
  const { startIncident, journal } = await openScene();
  const incident = await startIncident('restore');
  const { restore } = await incident.proposal();
  await incident.send({ what: 'acknowledged' });
  await incident.send({ what: 'resolved' });
  const ended = await incident.result();
  const { type, message } = await failureOf(restore);
  expect(type).toBe('Rejected');
  expect(message).toContain(`${incident.handle.workflowId}: The incident was resolved`);
  expect(ended).toMatchObject({ phase: 'resolved', acknowledgedAt: expect.any(String) as string });
  expect(texts(journal.told).at(-1)).toContain('is withdrawn, nothing was touched');
  expect(journal.began).toEqual([]);
});

test('resolved after the approval: the run is not stopped, and the incident ends with it', async ({ openScene }) => {
  const step = gate();
  const { startIncident, journal } = await openScene({
    onStep: async (what) => {
      if (what === 'stopService api') await step.passed;
      return undefined;
    },
  });
  const incident = await startIncident('restore');
  const { restore, progress } = await incident.proposal();
  await approveAs(restore, progress, 'ann');
  await incident.until(({ phase }) => phase === 'working');
  await incident.send({ what: 'resolved' });
  const { story, phase } = await incident.until(({ story }) =>
    texts(story).some((text) => text.includes('goes on to its end')),
  );
  expect(texts(story).at(-1)).toContain(`${restore.workflowId} was approved before`);
  expect(phase).toBe('working');
  step.open();
  expect(await incident.result()).toMatchObject({ phase: 'resolved', run: { verdict: 'pass' } });
  expect(((await restore.result()) as RunProgress).verdict).toBe('pass');
  expect(texts(journal.told).at(-1)).toContain('passed');
});

test('what preflight refuses is not proposed; what keeps it from being asked is a finding', async ({ openScene }) => {
  const refused = await openScene({
    overrides: { assess: () => Promise.resolve({ checks: [failed('images', 'one is gone', 'Pull it')] }) },
  });
  const broken = await openScene({
    overrides: { locate: () => Promise.reject(refusal('HostWorkerMissing', 'No worker serves the host')) },
  });
  const [byPreflight, byHost] = await Promise.all([refused.startIncident('restore'), broken.startIncident('restore')]);
  for (const incident of [byPreflight, byHost]) {
    const state = await incident.until(({ phase }) => phase === 'waiting for the incident to end');
    expect(state.run).toBeUndefined();
    expect(texts(state.story).at(-1)).toContain('no restore can be proposed');
    await incident.send({ what: 'resolved' });
    expect((await incident.result()).phase).toBe('resolved');
  }
  expect((await byPreflight.state()).preflight).toMatchObject({ verdict: 'fail', checks: [{ name: 'images' }] });
  expect((await byHost.state()).preflight?.checks).toMatchObject([{ evidence: 'No worker serves the host' }]);
  expect(texts(refused.journal.told)).toEqual([expect.stringContaining('preflight fail (images)')]);
  expect(await listRuns(refused.client, { platform: refused.platform })).toEqual([]);
});

test('the action "check" starts nothing; "backup" takes one, and none where one runs', async ({ openScene }) => {
  const step = gate();
  const { startIncident, start, journal } = await openScene({
    onStep: async (what) => {
      if (what.startsWith('takeSnapshot')) await step.passed;
      return undefined;
    },
  });
  const check = await startIncident('check');
  expect((await check.until(({ phase }) => phase === 'waiting for the incident to end')).run).toBeUndefined();
  const first = await startIncident('backup');
  await first.until(({ run }) => run?.phase === 'running');
  const second = await startIncident('backup');
  const { run, phase } = await second.until((state) => state.run);
  expect(run).toMatchObject({ id: (await first.state()).run?.id, other: true });
  expect(phase).toBe('waiting for the incident to end');
  step.open();
  for (const one of [first, second]) {
    await one.until((state) => state.run?.phase === 'passed');
    await one.send({ what: 'resolved' });
    expect((await one.result()).run?.verdict).toBe('pass');
  }
  expect(journal.ended.filter((what) => what.startsWith('takeSnapshot'))).toHaveLength(1);
  // A person's backup is not disturbed either: it holds the platform's lock.
  expect(((await (await start('backup')).result()) as RunProgress).verdict).toBe('pass');
});

test('an incident that is over when it arrives only says so', async ({ openScene }) => {
  const { startIncident, journal } = await openScene();
  const incident = await startIncident('restore', { what: 'resolved' });
  expect(await incident.result()).toMatchObject({ phase: 'resolved', told: [] });
  expect(journal.told).toEqual([]);
});

test('a worker that dies changes nothing, neither while the proposal waits nor while it is carried out', async ({
  openScene,
}) => {
  const step = gate();
  const scene = await openScene({
    onStep: async (what, attempt) => {
      if (what === 'stopService api' && attempt === 1) await step.passed;
      return undefined;
    },
  });
  const incident = await scene.startIncident('restore');
  const { restore, progress } = await incident.proposal();
  await scene.replaceWorker();
  await approveAs(restore, progress, 'ann');
  await incident.until(({ phase }) => phase === 'working');
  await incident.send({ what: 'resolved' });
  await incident.until(({ story }) => texts(story).some((text) => text.includes('goes on to its end')));
  await scene.replaceWorker();
  step.open();
  const ended = await incident.result();
  expect(ended).toMatchObject({ phase: 'resolved', run: { id: restore.workflowId, verdict: 'pass' } });
  const told = texts(ended.told);
  expect(told.filter((text) => text.includes('Taken up'))).toHaveLength(1);
  expect(told.filter((text) => text.includes('approved by ann'))).toHaveLength(1);
  expect(told.at(-1)).toContain('passed');
});
