import { approve, pause, resume, stop } from '../../workflows/messages.ts';
import { refusal } from './fake-platform.ts';
import { test } from './fleet-scene.ts';
import { failureOf, gate, inPhase } from './scene.ts';
import { hashOfWave } from '../../operations/fleet/plan-member.ts';

const by = 'ann';

test('canaries, then by size; never more at a time than the limit; each its ordinary restore', async ({
  openFleet,
}) => {
  const scene = await openFleet({ bytes: { a: 900, b: 10, c: 500, d: 20 } });
  const { handle, states, progress } = await scene.startFleet('abcde', {
    canaries: ['c'],
    waveSize: 2,
    limits: { overall: 1 },
  });
  await handle.result();
  expect(scene.worked).toEqual({ order: ['c', 'b', 'd', 'a', 'e'], most: 1 });
  expect(await states()).toEqual({ a: 'passed', b: 'passed', c: 'passed', d: 'passed', e: 'passed' });
  const { phase, members, wave } = await progress();
  expect([phase, wave?.of]).toEqual(['passed', 3]);
  const reports = scene.journal.reports.filter(({ kind }) => kind === 'restore');
  expect(reports.map(({ run }) => run).toSorted()).toEqual(members.map(({ run }) => run).toSorted());
  expect(reports[0]?.startedBy).toEqual({ how: 'fleet', name: handle.workflowId });
});

test('a canary that fails: nothing else starts until a person resumes; a stop ends it', async ({ openFleet }) => {
  const scene = await openFleet({
    onRestore(letter) {
      if (letter === 'a') throw refusal('RestoreFailed');
    },
  });
  const fleet = await scene.startFleet('abc', { canaries: ['a'], stopWhenFailed: { count: 99 } });
  const { note } = await fleet.until(({ phase }) => phase === 'held');
  expect(note).toContain(`not every canary passed: ${scene.nameOf('a')} failed`);
  expect(scene.worked.order).toEqual(['a']);
  await fleet.handle.executeUpdate(stop, { args: [{ by, reason: 'the canary died' }] });
  const { message } = await failureOf(fleet.handle);
  expect(message).toContain('1 failed, 2 skipped');
  expect(scene.worked.order).toEqual(['a']);
  const { members } = await fleet.progress();
  expect(members[1]?.reason).toBe('not started: stopped by ann: the canary died');
  expect(members[0]?.reason).toContain('RestoreFailed');
});

test('the threshold: what runs goes on, nothing more starts; who resumes accepts what failed', async ({
  openFleet,
}) => {
  const opened = gate();
  const scene = await openFleet({
    bytes: { a: 1, b: 2, c: 3 },
    async onRestore(letter) {
      if (letter === 'a') throw refusal('RestoreFailed');
      if (letter === 'b') await opened.passed;
    },
  });
  const fleet = await scene.startFleet('abcd', { limits: { overall: 2 }, stopWhenFailed: { percent: 25 } });
  const { note } = await fleet.until(({ phase }) => phase === 'held');
  expect(note).toContain('1 of 4 platforms failed; stopWhenFailed is 25%');
  expect(await fleet.states()).toEqual({ a: 'failed', b: 'running', c: 'waiting', d: 'waiting' });
  opened.open();
  await fleet.until(({ members }) => members[1]?.state === 'passed');
  expect(await fleet.states()).toMatchObject({ c: 'waiting', d: 'waiting' });
  await fleet.handle.executeUpdate(resume, { args: [{ by }] });
  expect((await failureOf(fleet.handle)).message).toContain('3 passed, 1 failed');
  expect((await fleet.progress()).words).toMatchObject([{ word: 'resumed', by }]);
});

test('pause and resume; words at the wrong time are refused and leave no trace', async ({ openFleet }) => {
  const opened = gate();
  const scene = await openFleet({
    async onRestore(letter) {
      if (letter === 'a') await opened.passed;
    },
  });
  const fleet = await scene.startFleet('ab', { limits: { overall: 1 } });
  await fleet.until(({ members }) => members[0]?.state === 'running');
  await expect(fleet.handle.executeUpdate(resume, { args: [{ by }] })).rejects.toMatchObject({
    cause: { message: 'The fleet is running: it is not paused' },
  });
  await expect(fleet.handle.executeUpdate(pause, { args: [{ by: ' ' }] })).rejects.toMatchObject({
    cause: { message: '"by" is missing: who says it?' },
  });
  expect(await fleet.handle.executeUpdate(pause, { args: [{ by, reason: 'lunch' }] })).toContain('paused by ann');
  opened.open();
  const { phase, note } = await fleet.until(({ members }) => members[0]?.state === 'passed');
  expect([phase, note]).toEqual(['paused', 'lunch']);
  expect(await fleet.states()).toEqual({ a: 'passed', b: 'waiting' });
  await fleet.handle.executeUpdate(resume, { args: [{ by }] });
  await fleet.handle.result();
  expect((await fleet.progress()).words.map(({ word }) => word)).toEqual(['paused', 'resumed']);
});

test('one approval for a wave, by the hash over the hashes of its plans', async ({ openFleet }) => {
  const scene = await openFleet({ policy: { approval: 'required' } });
  const fleet = await scene.startFleet('ab', { approval: 'wave' });
  const { waveHash = '', members, note } = await fleet.until(({ phase }) => phase === 'waiting for approval');
  const text = members.map(({ platform, plan }) => `${platform} ${plan?.hash}\n`).join('');
  expect(waveHash).toBe(hashOfWave(text));
  expect(note).toContain(waveHash);
  expect(scene.worked.order).toEqual([]);
  const wrong = fleet.handle.executeUpdate(approve, { args: [{ planHash: 'f'.repeat(64), by }] });
  await expect(wrong).rejects.toMatchObject({ cause: { message: expect.stringContaining(waveHash) as string } });
  await fleet.handle.executeUpdate(approve, { args: [{ planHash: waveHash, by }] });
  await fleet.handle.result();
  const reports = scene.journal.reports.filter(({ kind }) => kind === 'restore');
  for (const { approvals } of reports) expect(approvals).toMatchObject([{ by, how: 'wave' }]);
  expect(reports).toHaveLength(2);
});

test("a plan that is another than the wave's waits for an approval of its own", async ({ openFleet }) => {
  let changed = false;
  const scene = await openFleet({
    policy: { approval: 'none' },
    hashOf: (letter) => (changed && letter === 'a' ? 'e' : letter).padEnd(64, '0'),
  });
  const fleet = await scene.startFleet('ab', { approval: 'wave' });
  const { waveHash = '' } = await fleet.until(({ phase }) => phase === 'waiting for approval');
  changed = true;
  await fleet.handle.executeUpdate(approve, { args: [{ planHash: waveHash, by }] });
  const { members } = await fleet.until((now) => now.members[0]?.run);
  const run = scene.client.workflow.getHandle(members[0]?.run ?? '');
  const { planHash = '', notes } = await inPhase(run, 'waiting for approval');
  expect(notes?.[0]).toMatch(/approved with the plan a0+, which is not this one any more/);
  await run.executeUpdate(approve, { args: [{ planHash, by: 'bob' }] });
  await fleet.handle.result();
  expect((await run.query<{ approvals: unknown[] }>('progress')).approvals).toMatchObject([{ by: 'bob' }]);
});

test('who is no approver of a platform approves the others of the wave', async ({ openFleet }) => {
  const scene = await openFleet({ policy: { approval: 'required', approvers: ['bob'] } });
  const fleet = await scene.startFleet('a', { approval: 'wave', approvedBy: by });
  const { members } = await fleet.until((now) => now.members[0]?.run);
  const run = scene.client.workflow.getHandle(members[0]?.run ?? '');
  const { planHash = '', notes } = await inPhase(run, 'waiting for approval');
  expect(notes).toEqual(['The approval of ann of the wave does not count: the approvers are bob']);
  await run.executeUpdate(approve, { args: [{ planHash, by: 'bob' }] });
  await fleet.handle.result();
});

test('an approval each: every restore asks for its own; one that is rejected is skipped', async ({ openFleet }) => {
  const scene = await openFleet({ policy: { approval: 'required' } });
  const fleet = await scene.startFleet('ab');
  const { members } = await fleet.until((now) => now.members[1]?.run);
  const [a, b] = members.map(({ run }) => scene.client.workflow.getHandle(run ?? ''));
  const { planHash } = await inPhase(a!, 'waiting for approval');
  await a!.executeUpdate('approve', { args: [{ planHash, by }] });
  await inPhase(b!, 'waiting for approval');
  await b!.executeUpdate('reject', { args: [{ by, reason: 'not this one' }] });
  await failureOf(fleet.handle);
  expect(await fleet.states()).toEqual({ a: 'passed', b: 'skipped' });
});

test('what preflight refuses has failed before the approval, and is no part of it', async ({ openFleet }) => {
  const scene = await openFleet({ refuses: (letter) => letter === 'a' });
  const fleet = await scene.startFleet('ab', { approval: 'wave', approvedBy: by, stopWhenFailed: { count: 2 } });
  await failureOf(fleet.handle);
  expect(await fleet.states()).toEqual({ a: 'failed', b: 'passed' });
  expect((await fleet.progress()).members[0]?.reason).toBe('preflight refuses: images: gone');
});

test('two fleets with one platform: who comes second is told who holds it', async ({ openFleet }) => {
  const opened = gate();
  const scene = await openFleet({ onRestore: () => opened.passed });
  const first = await scene.startFleet('a');
  await first.until(() => scene.worked.order.length === 1);
  const again = scene.startFleet('a', { fleet: first.name });
  await expect(again).rejects.toMatchObject({ name: 'WorkflowExecutionAlreadyStartedError' });
  const second = await scene.startFleet('a');
  await failureOf(second.handle);
  const [member] = (await second.progress()).members;
  expect(member?.state).toBe('skipped');
  expect(member?.reason).toContain(`${(await first.progress()).members[0]?.run} is working on ${scene.nameOf('a')}`);
  opened.open();
  await first.handle.result();
});

test('limits per host and per repository', async ({ openFleet }) => {
  const busy = new Map<string, number>();
  const hosts = { a: 'one', b: 'one', c: 'two', d: 'two' };
  let most = 0;
  const scene = await openFleet({
    hosts,
    async onRestore(letter) {
      const host = hosts[letter as keyof typeof hosts];
      busy.set(host, (busy.get(host) ?? 0) + 1);
      most = Math.max(most, busy.get(host) ?? 0);
      await new Promise((resolve) => setTimeout(resolve, 50));
      busy.set(host, (busy.get(host) ?? 0) - 1);
    },
  });
  const fleet = await scene.startFleet('abcd', { limits: { overall: 4, perHost: 1 } });
  await fleet.handle.result();
  expect(most).toBe(1);
});

test('a request to cancel stops the fleet; restores that run go on to their end', async ({ openFleet }) => {
  const opened = gate();
  const scene = await openFleet({ onRestore: () => opened.passed });
  const fleet = await scene.startFleet('ab', { limits: { overall: 1 } });
  await fleet.until(() => scene.worked.order.length === 1);
  await fleet.handle.cancel();
  await fleet.until(({ phase }) => phase === 'stopping');
  opened.open();
  await fleet.handle.result().catch(() => undefined);
  expect(await fleet.states()).toEqual({ a: 'passed', b: 'skipped' });
});

test('the worker dies in the middle: another one goes on', async ({ openFleet }) => {
  const opened = gate();
  const scene = await openFleet({ onRestore: () => opened.passed });
  const fleet = await scene.startFleet('abc', { limits: { overall: 2 } });
  await fleet.until(() => scene.worked.order.length === 2);
  opened.open();
  await scene.replaceWorker();
  await fleet.handle.result();
  expect(await fleet.states()).toEqual({ a: 'passed', b: 'passed', c: 'passed' });
});

test('an input without platforms is refused at once', async ({ openFleet }) => {
  const { client, taskQueue, platform } = await openFleet();
  const handle = await client.workflow.start('fleet', { taskQueue, workflowId: `fleet/${platform}`, args: [{}] });
  expect(await failureOf(handle)).toMatchObject({ type: 'InvalidArgument' });
});
