import { fleet } from '../../cli/commands/fleet.ts';
import { followFleet } from '../../cli/fleet/follow-fleet.ts';
import { temporalFleetDesk } from '../../client/fleet-desk.ts';
import { openFleets, startFleet } from '../../client/fleets.ts';
import { waitFor } from '../wait-for.ts';
import { recordedOutput } from '../recorded-output.ts';
import { runCommand } from './command-scene.ts';
import { refusal } from './fake-platform.ts';
import { test } from './fleet-scene.ts';
import { gate } from './scene.ts';

const say = (action: string, name: string, options: Record<string, string> = {}) =>
  runCommand(fleet, [action, name], { by: 'ann', ...options });

test('status, and an approval by the beginning of the hash that was read', async ({ openFleet }) => {
  const scene = await openFleet();
  const { name, until, handle } = await scene.startFleet('ab', { approval: 'wave' });
  const { waveHash = '' } = await until(({ phase }) => phase === 'waiting for approval');
  const waits = await say('status', name);
  expect(waits.exitCode).toBe(4);
  expect(waits.said).toContain(`rekindle fleet approve ${name} --hash ${waveHash}`);
  expect(waits.documents).toMatchObject([{ fleet: name, waveHash }]);

  const unseen = await say('approve', name);
  expect(unseen.failure?.remedy).toContain(`rekindle fleet approve ${name} --hash ${waveHash}`);
  expect(unseen.said).toContain(scene.nameOf('a'));
  expect((await say('approve', name, { hash: '0'.repeat(8) })).failure?.message).toContain(waveHash);
  expect(await say('approve', name, { hash: waveHash.slice(0, 8) })).toMatchObject({ exitCode: 0 });
  await handle.result();
  expect(await say('status', name)).toMatchObject({ exitCode: 0 });
  expect((await say('approve', name, { hash: waveHash })).failure?.message).toMatch(/its phase is "passed"/);
  expect((await say('stop', name)).failure?.message).toMatch(/has ended/);
});

test('for a gateway: where all that are under way stand, and an approval only with the name of the fleet', async ({
  openFleet,
}) => {
  const scene = await openFleet();
  const { name, until, handle } = await scene.startFleet('ab', { approval: 'wave' });
  const { waveHash = '' } = await until(({ phase }) => phase === 'waiting for approval');
  const desk = temporalFleetDesk(scene.client);
  await waitFor(
    async () =>
      expect((await desk.list()).find(({ fleet: one }) => one === name)).toMatchObject({
        standing: { value: { phase: 'waiting for approval', platforms: 2, counts: { waiting: 2 } } },
      }),
    { timeout: 60_000 },
  );
  await expect(desk.approve(name, { planHash: waveHash, typed: 'another', by: 'ann' })).rejects.toMatchObject({
    kind: 'InvalidArgument',
    message: `"another" was typed to approve a wave of the fleet "${name}"`,
  });
  expect(await desk.approve(name, { planHash: waveHash, typed: name, by: 'ann' })).toContain('approved by ann');
  await handle.result();
  expect(await desk.look(name)).toMatchObject({ progress: { phase: 'passed' }, phases: {} });
});

test('pause, resume, stop; what runs says its own phase', async ({ openFleet }) => {
  const opened = gate();
  const scene = await openFleet({ onRestore: () => opened.passed, policy: { approval: 'required' } });
  const { name, until, handle } = await scene.startFleet('ab', { limits: { overall: 1 } });
  const { members } = await until((now) => now.members[0]?.run);
  await waitFor(
    async () => {
      expect((await say('status', name)).said).toContain('running (waiting for approval)');
    },
    // Temporal's list lags, on a busy machine by seconds.
    { timeout: 60_000 },
  );
  expect((await say('pause', name, { reason: 'lunch' })).said).toContain('paused by ann');
  expect((await say('status', name)).said).toContain('the fleet is paused');
  expect((await say('resume', name)).exitCode).toBe(0);
  expect((await say('resume', name)).failure?.message).toMatch(/refuses: The fleet is running: it is not paused/);
  expect((await say('stop', name)).exitCode).toBe(0);
  opened.open();
  await scene.client.workflow.getHandle(members[0]?.run ?? '').executeUpdate('reject', { args: [{ by: 'ann' }] });
  await handle.result().catch(() => undefined);
  expect((await say('status', name)).exitCode).toBe(1);
});

test('started twice: the second ends at once and points at the first', async ({ openFleet }) => {
  const scene = await openFleet({ onRestore: () => gate().passed });
  const { name, progress } = await scene.startFleet('a');
  const { startedAt } = await progress();
  const input = {
    fleet: name,
    platforms: [scene.nameOf('a')],
    canaries: [],
    limits: { overall: 1 },
    stopWhenFailed: { count: 1 },
    waveSize: 1,
    approval: 'each',
    restore: {},
    startedBy: { how: 'command line' },
  } as const;
  const again = startFleet(scene.client, scene.taskQueue, { ...input, platforms: [...input.platforms], canaries: [] });
  await expect(again).rejects.toMatchObject({
    kind: 'FleetRunning',
    message: expect.stringContaining(`fleet/${name} has been running since ${startedAt.slice(0, 16)}`) as string,
    remedy: `See where it stands: rekindle fleet status ${name}`,
  });
  await waitFor(async () => expect(await openFleets(scene.client)).toContain(name), { timeout: 60_000 });
});

test('a fleet that nobody started', async () => {
  expect((await say('status', 'nobody')).failure).toMatchObject({
    kind: 'RunNotFound',
    message: 'There is no restore of a fleet called "nobody"',
  });
});

test('who follows sees each platform end, and each phase; it ends where a person is needed', async ({ openFleet }) => {
  const scene = await openFleet({
    bytes: { a: 1, b: 2 },
    onRestore(letter) {
      if (letter === 'b') throw refusal('RestoreFailed');
    },
  });
  const { name } = await scene.startFleet('abc', { limits: { overall: 1 } });
  const { output, said } = recordedOutput();
  const { phase } = await followFleet(scene.client, name, output);
  expect(phase).toBe('held');
  const told = said();
  expect(told).toMatch(new RegExp(`passed ${scene.nameOf('a')} \\(restore/`));
  expect(told).toMatch(new RegExp(`failed ${scene.nameOf('b')} .*RestoreFailed`));
  expect(told).toMatch(/held, wave 1 of 1; 1 passed, 1 failed, 1 waiting: 1 of 3 platforms failed/);
});
