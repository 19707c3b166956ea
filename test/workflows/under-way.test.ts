import { randomBytes } from 'node:crypto';
import { Client } from '@temporalio/client';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import proto from '@temporalio/proto';
import { listIncidents } from '../../client/incident-list.ts';
import { listRuns } from '../../client/runs.ts';
import { readUnderWay } from '../../client/under-way.ts';
import { dataConverterOf } from '../../config/payload-encryption/data-converter.ts';
import { payloadKey } from '../../config/payload-encryption/keys.ts';
import { searchAttributes, type SearchAttribute } from '../../domain/runs/search-attributes.ts';
import type { AtEnd } from '../at-end.ts';
import { waitFor } from '../wait-for.ts';
import { test } from './announcing.ts';

const attributes = (values: Partial<Record<SearchAttribute, string>>) =>
  Object.entries(values).map(([name, value]) => ({
    key: defineSearchAttributeKey(searchAttributes[name as SearchAttribute], SearchAttributeType.KEYWORD),
    value,
  }));
const within = { timeout: 15_000, interval: 100 };

/** An incident that no worker takes up. */
async function startIncident(client: Client, platform: string, atEnd: AtEnd, memo: Record<string, unknown> = {}) {
  const handle = await client.workflow.start('incident', {
    taskQueue: `nobody-${platform}`,
    workflowId: `incident/${randomBytes(4).toString('hex')}`,
    memo,
    typedSearchAttributes: attributes({ platform, phase: 'proposing', source: 'pagerduty' }),
  });
  atEnd(() =>
    client.workflow
      .getHandle(handle.workflowId)
      .terminate()
      .catch(() => undefined),
  );
  return handle;
}

describe('what Temporal knows to be under way', () => {
  test('incidents that have not ended, with whose they are, of which tool, and how far', async ({
    openScene,
    atEnd,
  }) => {
    const { client, platform } = await openScene();
    const handle = await startIncident(client, platform, atEnd);
    const its = async () => {
      const { incidents } = await readUnderWay(client, `nobody-${platform}`);
      return incidents.filter((incident) => incident.platform === platform);
    };
    await waitFor(async () => expect(await its()).toMatchObject([{ phase: 'proposing', source: 'pagerduty' }]), within);
    await handle.terminate();
    await waitFor(async () => expect(await its()).toEqual([]), within);
  });

  test('also without the key that encrypts what stands beside it', async ({ openScene, atEnd }) => {
    const { client, platform } = await openScene();
    const { connection } = client;
    const encrypting = new Client({ connection, dataConverter: dataConverterOf([payloadKey(randomBytes(32))]) });
    await startIncident(encrypting, platform, atEnd, { title: 'the database is down' });
    const backup = await encrypting.workflow.start('backup', {
      taskQueue: `nobody-${platform}`,
      workflowId: `backup/${platform}/scheduled`,
      memo: { rekindleSchedule: { cron: '0 * * * *' } },
    });
    atEnd(() => backup.terminate().catch(() => undefined));
    const keyless = new Client({ connection, dataConverter: dataConverterOf([]) });
    await waitFor(async () => {
      const { runs, incidents } = await readUnderWay(keyless, `nobody-${platform}`);
      expect(incidents).toContainEqual(expect.objectContaining({ platform, source: 'pagerduty' }));
      expect(runs).toContainEqual(expect.objectContaining({ platform, run: backup.workflowId }));
      expect(await listRuns(keyless, { platform })).toMatchObject([{ id: backup.workflowId }]);
    }, within);
  });

  test('whether anybody works on the queue', async ({ openScene }) => {
    const { client, platform, start } = await openScene();
    await (await start('backup')).result();
    expect((await readUnderWay(client, `test-${platform}`)).worker).toBe(true);
    expect((await readUnderWay(client, `nobody-${platform}`)).worker).toBe(false);
  });
});

test('an incident that went on in another execution is listed once, also while nobody answers for it', async ({
  openScene,
  atEnd,
}) => {
  const { client, platform } = await openScene();
  const { namespace } = client.options;
  const taskQueue = { name: `nobody-${platform}` };
  const memo = { action: 'restore', rule: 'rules[0]', title: 'The database is down' };
  const { workflowId, firstExecutionRunId } = await startIncident(client, platform, atEnd, memo);
  const { taskToken } = await client.connection.withDeadline(Date.now() + 60_000, () =>
    client.workflowService.pollWorkflowTaskQueue({ namespace, taskQueue }),
  );
  const typedAttributes = await client.workflow.getHandle(workflowId).describe();
  const { searchAttributes: kept, memo: keptMemo } = typedAttributes.raw.workflowExecutionInfo ?? {};
  await client.workflowService.respondWorkflowTaskCompleted({
    namespace,
    taskToken,
    commands: [
      {
        commandType: proto.temporal.api.enums.v1.CommandType.COMMAND_TYPE_CONTINUE_AS_NEW_WORKFLOW_EXECUTION,
        continueAsNewWorkflowExecutionCommandAttributes: {
          workflowType: { name: 'incident' },
          taskQueue,
          searchAttributes: kept,
          memo: keptMemo,
        },
      },
    ],
  });
  await waitFor(async () => {
    const query = `WorkflowId = "${workflowId}" AND ExecutionStatus = "ContinuedAsNew"`;
    expect((await client.workflow.count(query)).count).toBe(1);
  }, within);
  const { runId } = await client.workflow.getHandle(workflowId).describe();
  expect(runId).not.toBe(firstExecutionRunId);
  await waitFor(async () => {
    const its = (await listIncidents(client)).filter((one) => one.platform === platform);
    expect(its).toMatchObject([
      {
        id: workflowId.replace('incident/', ''),
        phase: 'open',
        source: 'pagerduty',
        action: 'restore',
        title: 'The database is down (no worker answers for it)',
      },
    ]);
  }, within);
});
