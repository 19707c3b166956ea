import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { approve } from '../../cli/commands/approve.ts';
import { reject } from '../../cli/commands/reject.ts';
import { status } from '../../cli/commands/status.ts';
import { runCommand } from './command-scene.ts';
import { inPhase, progressOf, test } from './scene.ts';
import { waitFor } from '../wait-for.ts';

const required = { approval: 'required' } as const;
const forecast = {
  downtimeSeconds: 45,
  basis: 'from 3 earlier',
  lost: [{ store: 'documents', since: '2026-11-21T09:30:12.000Z', indices: [] }],
};

test('status of a run that waits for approval shows plan, forecast, full hash and deadline', async ({ openScene }) => {
  const {
    start,
    restorePlan: plan,
    platform,
  } = await openScene({
    policy: { ...required, approvalTimeoutSeconds: 3600 },
    overrides: { prepareRestore: () => Promise.resolve({ plan: restorePlanOf(), checks: [pass], forecast }) },
  });
  function restorePlanOf() {
    return plan;
  }
  const handle = await start('restore');
  const { approvalUntil = '' } = await inPhase(handle, 'waiting for approval');
  expect(Date.parse(approvalUntil) - Date.now()).toBeGreaterThan(3_500_000);
  const { exitCode, said, documents } = await runCommand(status, [platform]);
  expect(exitCode).toBe(4);
  for (const text of [
    'point of no return',
    'Forecast: 45 s without service',
    `Hash: ${plan.hash}`,
    `waits for one approval until ${approvalUntil}`,
    `rekindle approve ${handle.workflowId} --hash ${plan.hash}`,
  ])
    expect(said).toContain(text);
  expect(documents).toMatchObject([{ phase: 'waiting for approval', approvalUntil, plan: { hash: plan.hash } }]);
});
const pass = { name: 'images', verdict: 'pass', evidence: 'all there', remedy: '' } as const;

test('status --graph draws the run that waits, and later the one that has ended', async ({ openScene }) => {
  const { start, restorePlan, platform } = await openScene({ policy: required });
  const folder = await mkdtemp(join(tmpdir(), 'rekindle-status-'));
  const file = join(folder, 'run.dot');
  const handle = await start('restore');
  await inPhase(handle, 'waiting for approval');
  expect(await runCommand(status, [platform], { graph: file })).toMatchObject({ exitCode: 4 });
  expect((await readFile(file, 'utf8')).match(/label="· /g)).toHaveLength(restorePlan.steps.length);

  await runCommand(approve, [handle.workflowId], { by: 'ann', hash: restorePlan.hash });
  await handle.result();
  await waitFor(
    async () => {
      const ended = await runCommand(status, [handle.workflowId], { graph: file });
      expect(ended).toMatchObject({ exitCode: 0, said: expect.stringContaining(`Plan drawn: ${file}`) as string });
    },
    // A worker that is too busy to answer is asked again.
    { timeout: 60_000 },
  );
  expect((await readFile(file, 'utf8')).match(/label="✔ /g)).toHaveLength(restorePlan.steps.length);
  await rm(folder, { recursive: true });
});

test('off a terminal nothing is approved unseen: the hash is demanded, with the command to type', async ({
  openScene,
}) => {
  const { start, restorePlan, platform } = await openScene({ policy: required });
  const handle = await start('restore');
  await inPhase(handle, 'waiting for approval');
  const { failure } = await runCommand(approve, [handle.workflowId]);
  expect(failure).toMatchObject({ kind: 'InvalidArgument' });
  expect(failure?.remedy).toContain(`rekindle approve ${handle.workflowId} --hash ${restorePlan.hash}`);
  expect((await progressOf(handle)).approvals).toEqual([]);

  const tooShort = await runCommand(approve, [platform], { by: 'ann', hash: restorePlan.hash.slice(0, 7) });
  expect(tooShort.failure?.message).toMatch(/is not a plan's hash/);
  const another = await runCommand(approve, [platform], { by: 'ann', hash: '0'.repeat(8) });
  expect(another.failure?.message).toContain(`The plan's hash is ${restorePlan.hash}, not 00000000`);
  const beginning = await runCommand(approve, [platform], { by: 'ann', hash: restorePlan.hash.slice(0, 8) });
  expect(beginning).toMatchObject({ exitCode: 0 });
  expect(await handle.result()).toMatchObject({ verdict: 'pass', approvals: [{ by: 'ann', how: 'update' }] });
  expect((await progressOf(handle)).approvalUntil).toBeUndefined();
});

test('a run that has ended says so, and is bad input', async ({ openScene }) => {
  const { start, restorePlan } = await openScene({ policy: required });
  const handle = await start('restore');
  await inPhase(handle, 'waiting for approval');
  expect(await runCommand(reject, [handle.workflowId])).toMatchObject({ exitCode: 0 });
  await handle.result().catch(() => undefined);
  for (const command of [approve, reject]) {
    const { failure } = await runCommand(command, [handle.workflowId], { by: 'ann', hash: restorePlan.hash });
    expect(failure).toMatchObject({ kind: 'InvalidArgument' });
    expect(failure?.message).toMatch(/has ended at \S+ \(refused\): it no longer takes an answer/);
  }
});

test('a run without a worker: reported within seconds', async ({ openScene }) => {
  const { client, platform } = await openScene();
  const handle = await client.workflow.start('restore', {
    taskQueue: `nobody-${platform}`,
    workflowId: `restore/${platform}/unserved`,
    args: [{ platform }],
  });
  const { failure } = await runCommand(reject, [handle.workflowId]);
  expect(failure).toMatchObject({ kind: 'RunFailed' });
  expect(failure?.message).toMatch(/did not answer within 10 s: no worker serves it/);
  await handle.terminate();
});
