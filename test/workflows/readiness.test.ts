import { ScheduleOverlapPolicy, type ScheduleHandle } from '@temporalio/client';
import { readinessReader, readReadiness } from '../../client/readiness.ts';
import { failed, passed, type Check } from '../../domain/checks.ts';
import { judgeReadiness } from '../../domain/readiness/judge.ts';
import type { Readiness, ReadinessCall } from '../../domain/readiness/readiness.ts';
import { waitFor } from '../wait-for.ts';
import { test, type Announcing } from './announcing.ts';
import { refusal } from './fake-platform.ts';
import { gate, inPhase, type Scene } from './scene.ts';

// A real schedule hands each evaluation what the one before found.

/** What preflight finds is the test's; the judgement, the notifications and the workflow are the real ones. */
function evaluating(platform: string) {
  const now: { checks: Check[]; calls: ReadinessCall[]; fails?: boolean } = {
    checks: [passed('disk', 'room')],
    calls: [],
  };
  return {
    now,
    evaluateReadiness: (call: ReadinessCall) => {
      now.calls.push(call);
      if (now.fails) return Promise.reject(refusal('DockerUnreachable', 'the engine is gone'));
      const observation = { checks: now.checks };
      const at = new Date().toISOString();
      return Promise.resolve(judgeReadiness({ platform, everyMinutes: 1, observation, last: call.last, now: at }));
    },
  };
}

async function schedule(
  atEnd: (close: () => Promise<unknown>) => void,
  { client, platform }: Pick<Scene, 'client' | 'platform'>,
): Promise<ScheduleHandle> {
  const handle = await client.schedule.create({
    scheduleId: `rekindle/${platform}/readiness`,
    spec: { intervals: [{ every: '1 second' }] },
    policies: { overlap: ScheduleOverlapPolicy.SKIP },
    action: { type: 'startWorkflow', workflowType: 'readiness', taskQueue: `test-${platform}`, args: [{ platform }] },
  });
  atEnd(() => handle.delete());
  return handle;
}

const received = ({ receivers }: Announcing) =>
  receivers[0]?.received.map(({ json }) => (json['readiness'] as { verdict: string }).verdict) ?? [];
const soon = { timeout: 30_000, interval: 100 };

test('each change is announced once, and what is known is passed on from one evaluation to the next', async ({
  openScene,
  openAnnouncing,
  atEnd,
}) => {
  const told = await openAnnouncing();
  const { now, evaluateReadiness } = evaluating(told.platform);
  const scene = await openScene({
    platform: told.platform,
    overrides: { announce: told.activities.announce, evaluateReadiness },
  });
  const handle = await schedule(atEnd, scene);
  const more = async (count: number) => {
    const before = now.calls.length;
    await waitFor(() => expect(now.calls.length).toBeGreaterThanOrEqual(before + count), soon);
  };
  await more(2);
  expect(received(told)).toEqual([]);
  now.checks = [failed('disk', '3 GB free, 9 GB needed', 'Make room')];
  await waitFor(() => expect(received(told)).toEqual(['not ready']), soon);
  const since = now.calls.at(-1)?.last?.since;
  await more(3);
  expect(received(told)).toEqual(['not ready']);
  expect(now.calls.at(-1)?.last).toMatchObject({
    verdict: 'not ready',
    told: { verdict: 'not ready', unmet: ['disk'] },
  });
  expect(told.receivers[0]?.received[0]?.json).toMatchObject({
    event: 'readiness',
    text: `[${told.platform}] could not be restored now; disk: 3 GB free, 9 GB needed`,
    readiness: { before: 'ready', nowUnmet: ['disk'] },
  });
  // The standing answer, as status, API and page read it: of one platform, and of all.
  const read = readinessReader();
  await waitFor(async () => {
    expect(await readReadiness(scene.client, told.platform)).toMatchObject({ verdict: 'not ready' });
    expect((await read(scene.client)).get(told.platform)).toMatchObject({ unmet: [{ name: 'disk' }] });
  }, soon);
  expect(since).toBeDefined();
  now.checks = [passed('disk', 'room')];
  await waitFor(() => expect(received(told)).toEqual(['not ready', 'ready']), soon);
  await waitFor(async () => expect((await read(scene.client)).get(told.platform)?.verdict).toBe('ready'), soon);
  // The engine goes away: the first miss is no news.
  now.fails = true;
  await waitFor(() => expect(received(told)).toEqual(['not ready', 'ready', 'unknown']), soon);
  expect(told.receivers[0]?.received.at(-1)?.json['readiness']).toMatchObject({
    reason: 'It could not be evaluated: the engine is gone',
  });
  await handle.pause();
});

const evaluateOnce = async ({ client, platform }: Scene, label: string): Promise<Readiness> =>
  (await client.workflow.execute('readiness', {
    taskQueue: `test-${platform}`,
    workflowId: `readiness/${platform}/${label}`,
    args: [{ platform }],
  })) as Readiness;

test('nothing is evaluated while a run holds the platform', async ({ openScene }) => {
  const hold = gate();
  const platform = `held-${Date.now()}`;
  const { now, evaluateReadiness } = evaluating(platform);
  const scene = await openScene({
    platform,
    overrides: { evaluateReadiness },
    onStep: async (what) => {
      if (what.startsWith('repeatPreflight')) await hold.passed;
      return undefined;
    },
  });
  const restore = await scene.start('restore');
  await inPhase(restore, 'running');
  expect(await evaluateOnce(scene, 'held')).toMatchObject({
    reason: `It was not evaluated while ${restore.workflowId} worked on ${platform}`,
  });
  expect(now.calls).toEqual([]);
  hold.open();
  await restore.result();
  expect(await evaluateOnce(scene, 'free')).toMatchObject({ verdict: 'ready' });
});

test('a platform file that cannot be read is an answer, and its history stays small', async ({ openScene }) => {
  const scene = await openScene({
    overrides: {
      locate: () => Promise.reject(refusal('InvalidPlatformFile', 'line 3')),
    },
  });
  expect(await evaluateOnce(scene, '1')).toMatchObject({
    verdict: 'unknown',
    reason: 'It could not be evaluated: line 3',
  });
  const { events = [] } = await scene.client.workflow.getHandle(`readiness/${scene.platform}/1`).fetchHistory();
  expect(events?.length).toBeLessThan(30);
});
