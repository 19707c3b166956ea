import { randomBytes } from 'node:crypto';
import type { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { expectAlive, snapshotOfEngine, useScenario } from '../harness/index.ts';

const scenario = useScenario({ fresh: true });

/** As the UI's form starts a workflow: a type, an id of its own, a task queue, and one JSON document. */
const startByHand = (workflowId: string) =>
  scenario.client.workflow.start('restore', {
    workflowId,
    taskQueue: scenario.environment['REKINDLE_TASK_QUEUE']!,
    args: [{ platform: scenario.platform.project }],
  });

interface Metadata {
  currentDetails: string;
  definition: { updateDefinitions: { name: string; description: string }[] };
}

test('started and approved in the Temporal UI; a second one under another id is refused', async () => {
  const { client, platform, until } = scenario;
  await scenario.startWorker();
  const before = await snapshotOfEngine();
  const first = await startByHand(`${platform.project}-${randomBytes(4).toString('hex')}`);
  const { planHash } = await until(first.workflowId, 'a plan', ({ phase }) => phase === 'waiting for approval');

  expect(await snapshotOfEngine()).toEqual(before);

  const metadata = () => first.query<Metadata>('__temporal_workflow_metadata');
  const { currentDetails, definition } = await metadata();
  expect(currentDetails).toContain(`{"planHash": "${planHash ?? ''}", "by": "<you>"}`);
  const updates = definition.updateDefinitions.map(({ name }) => name).sort();
  expect(updates).toEqual(['approve', 'decide', 'reject', 'withdraw']);
  for (const { description } of definition.updateDefinitions) expect(description).not.toBe('');

  const wrong = first.executeUpdate('approve', { args: [{ planHash: 'wrong', by: 'anna' }] });
  await expect(wrong).rejects.toThrow();
  await first.executeUpdate('approve', { args: [{ planHash, by: 'anna' }] });
  await until(first.workflowId, 'the restore', ({ steps }) =>
    steps.some(({ id, status }) => id === 'start-elasticsearch' && status === 'done'),
  );
  const second = await startByHand(`${platform.project}-${randomBytes(4).toString('hex')}`);
  const refusal: unknown = await second.result().catch((error: unknown) => (error as WorkflowFailedError).cause);
  expect(refusal).toBeInstanceOf(ApplicationFailure);
  expect(refusal).toMatchObject({
    type: 'PlatformBusy',
    message: expect.stringContaining(first.workflowId) as string,
    details: [{ remedy: expect.stringContaining(`rekindle watch ${first.workflowId}`) as string }],
  });
  const { currentDetails: underWay } = await metadata();
  expect(underWay).toContain('| | step | start (UTC) | seconds | |');
  expect(underWay).toMatch(/\| ✔ \| stop service api \| \d\d:\d\d:\d\d \| \d+\.\d \|/);

  expect(await first.result()).toMatchObject({
    phase: 'passed',
    verdict: 'pass',
    approvals: [{ by: 'anna', how: 'update' }],
  });
  expect((await metadata()).currentDetails).toMatch(/: passed \(pass\)/);

  const { events = [] } = await first.fetchHistory();
  const activities = (events ?? []).filter(
    ({ activityTaskScheduledEventAttributes }) => activityTaskScheduledEventAttributes,
  );
  const unlabelled = activities.filter(({ userMetadata }) => !userMetadata?.summary);
  expect(activities.length).toBeGreaterThan(20);
  expect(unlabelled.map((event) => event.activityTaskScheduledEventAttributes?.activityType?.name)).toEqual([]);
  const described = await client.workflow.getHandle(first.workflowId).describe();
  expect(described.status.name).toBe('COMPLETED');
  await expectAlive(scenario);
});
