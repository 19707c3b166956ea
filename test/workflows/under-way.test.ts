import { randomBytes } from 'node:crypto';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { readUnderWay } from '../../client/under-way.ts';
import { searchAttributes } from '../../domain/runs/search-attributes.ts';
import { waitFor } from '../wait-for.ts';
import { test } from './announcing.ts';

const keyword = (name: string, value: string) => ({
  key: defineSearchAttributeKey(name, SearchAttributeType.KEYWORD),
  value,
});

describe('what Temporal knows to be under way', () => {
  test('incidents that have not ended, with whose they are and how far', async ({ openScene, atEnd }) => {
    const { client, platform } = await openScene();
    const handle = await client.workflow.start('incident', {
      taskQueue: `nobody-${platform}`,
      workflowId: `incident/${randomBytes(4).toString('hex')}`,
      typedSearchAttributes: [
        keyword(searchAttributes.platform, platform),
        keyword(searchAttributes.phase, 'proposing'),
      ],
    });
    atEnd(() => handle.terminate().catch(() => undefined));
    const its = async () => {
      const { incidents } = await readUnderWay(client, `nobody-${platform}`);
      return incidents.filter((incident) => incident.platform === platform);
    };
    const within = { timeout: 15_000, interval: 100 };
    await waitFor(async () => expect(await its()).toMatchObject([{ phase: 'proposing' }]), within);
    await handle.terminate();
    await waitFor(async () => expect(await its()).toEqual([]), within);
  });

  test('whether anybody works on the queue', async ({ openScene }) => {
    const { client, platform, start } = await openScene();
    await (await start('backup')).result();
    expect((await readUnderWay(client, `test-${platform}`)).worker).toBe(true);
    expect((await readUnderWay(client, `nobody-${platform}`)).worker).toBe(false);
  });
});
