import { exitCodes } from '../../../cli/exit-codes.ts';
import type { RunProgress, StepState } from '../../../domain/runs/progress.ts';
import { quarantined, restartPolicies, useScenario } from '../harness/index.ts';
import { engineNow, expectMessage, textOf } from '../faults-tools/message.ts';
import { useVariants } from '../faults-tools/variants.ts';
import { expecting } from '../../expecting.ts';

// Until the first data is moved, whatever happens ends with the platform as it was: the same containers run again, with
// their restart policies, and the schedules go on.

const scenario = useScenario();
const variants = useVariants(scenario);
let name: string;
let schedule: string;

beforeAll(async () => {
  name = scenario.platform.project;
  schedule = `rekindle/${name}/before-no-return`;
  await variants.startWorker();
  await scenario.client.schedule.create({
    scheduleId: schedule,
    spec: { intervals: [{ every: '30 days' }] },
    action: { type: 'startWorkflow', workflowType: 'backup', taskQueue: 'nobody', args: [{ platform: name }] },
  });
});
afterAll(() => scenario.client.schedule.getHandle(schedule).delete());
beforeEach(() => variants.write());

const isPaused = async () => (await scenario.client.schedule.getHandle(schedule).describe()).state.paused;
const stepOf = ({ steps }: RunProgress, id: string): StepState | undefined => steps.find((step) => step.id === id);
const restore = () => variants.rekindle(['restore', name, '--yes', '--json']);

/** The first service is being stopped, or is: from now on there is something to put back. */
const stopping = (run: string) =>
  scenario.until(run, 'stops services', (progress) => {
    const { status = 'waiting' } = stepOf(progress, 'stop-job-distributor') ?? {};
    return status !== 'waiting';
  });

/** The same containers run, by their ids and restart policies, and nothing was set aside. */
async function expectAsBefore(before: Awaited<ReturnType<typeof engineNow>>, kept: string[]): Promise<void> {
  const after = await engineNow();
  const essence = ({ containers }: typeof after) => containers.map(({ name: one, id, running }) => [one, id, running]);
  expect(essence(after)).toEqual(essence(before));
  expect(restartPolicies(after)).toEqual(restartPolicies(before));
  expect(after.volumes).toEqual(before.volumes);
  expect(await quarantined(name)).toEqual(kept);
  expect(await isPaused()).toBe(false);
}

test('two restores wait for approval and hold nothing; both are rejected, untouched', async () => {
  const before = await engineNow();
  const kept = await quarantined(name);
  const first = await variants.rekindle(['restore', name, '--json']);
  expect(first.exitCode).toBe(exitCodes.waitsForPerson);
  const { run, planHash } = first.json as { run: string; planHash: string };
  const second = await variants.rekindle(['restore', name, '--json']);
  expecting(second.exitCode, textOf(second)).toBe(exitCodes.waitsForPerson);
  await variants.rekindle(['reject', (second.json as { run: string }).run]);
  const stale = await variants.rekindle(['approve', run, '--hash', 'f'.repeat(64)]);
  await expectMessage(scenario, stale, exitCodes.badInput, [new RegExp(`The plan's hash is ${planHash}`)]);
  await variants.rekindle(['reject', run, '--reason', 'seen enough']);
  await expectAsBefore(before, kept);
});

test('cancelled while it waits for approval: nothing was touched', async () => {
  const before = await engineNow();
  const kept = await quarantined(name);
  const { run } = (await variants.rekindle(['restore', name, '--json'])).json as { run: string };
  expect((await variants.rekindle(['cancel', run])).exitCode).toBe(exitCodes.passed);
  await scenario.until(run, 'is cancelled', ({ phase }) => phase === 'cancelled');
  expect(await engineNow()).toEqual(before);
  await expectAsBefore(before, kept);
});

test('cancelled while services stop: all run again, in order, with their restart policies', async () => {
  const before = await engineNow();
  const kept = await quarantined(name);
  const ended = restore();
  const run = await scenario.openRun('restore');
  await stopping(run);
  // As `rekindle cancel` does, but at once: the last stop is only seconds away.
  await scenario.client.workflow.getHandle(run).cancel();
  const { exitCode, json } = await ended;
  expect(exitCode).toBe(exitCodes.failed);
  const progress = json as RunProgress;
  expect(progress).toMatchObject({ phase: 'cancelled' });
  expect(progress.pointOfNoReturn?.passedAt).toBeUndefined();
  await expectAsBefore(before, kept);
});

test('the bucket disappears while services stop: the last check refuses, and all services run again', async () => {
  const before = await engineNow();
  const kept = await quarantined(name);
  const ended = restore();
  const run = await scenario.openRun('restore');
  await stopping(run);
  await variants.write((file) => (file.stores[0]!.repository.settings['bucket'] = 'no-such-bucket-here'));
  const { exitCode, json, stdout } = await ended;
  expecting(exitCode, stdout).toBe(exitCodes.refused);
  const progress = json as RunProgress;
  expect(progress).toMatchObject({ phase: 'refused', failure: { kind: 'PreflightRefused' } });
  expect(stepOf(progress, 'last-preflight')?.summary).toMatch(/no-such-bucket-here/);
  expect(progress.pointOfNoReturn?.passedAt).toBeUndefined();
  await expectAsBefore(before, kept);
});

test('the platform file changes between plan and approval: the plan is made anew and must be approved anew', async () => {
  const first = await variants.rekindle(['restore', name, '--json']);
  const { run, planHash } = first.json as { run: string; planHash: string };
  await variants.write((file) => (file.restore['quarantineHours'] = 1));
  await variants.rekindle(['approve', run, '--hash', planHash]);
  const anew = await scenario.until(
    run,
    'waits for another approval',
    (progress) => progress.phase === 'waiting for approval' && progress.planHash !== planHash,
  );
  expect(anew.approvals).toEqual([]);
  const old = await variants.rekindle(['approve', run, '--hash', planHash]);
  expect(old.exitCode).toBe(exitCodes.badInput);
  expect(textOf(old)).toMatch(/Read the plan again/);
  expect((await variants.rekindle(['reject', run])).exitCode).toBe(exitCodes.passed);
});
