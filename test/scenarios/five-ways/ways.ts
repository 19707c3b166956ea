import { randomBytes } from 'node:crypto';
import { ScheduleOverlapPolicy } from '@temporalio/client';
import type { Page } from 'playwright-core';
import type { IncidentState } from '../../../domain/incidents/incident.ts';
import type { StartedBy } from '../../../domain/runs/started-by.ts';
import { eventually } from '../../../stack/engine.ts';
import { expecting } from '../../expecting.ts';
import { textOf } from '../faults-tools/message.ts';
import { facts, type Scenario } from '../harness/index.ts';
import type { GatewayScene } from '../harness/gateway.ts';

/** One way to a restore. */
export interface Way {
  /** Answers the run's id. */
  start: () => Promise<string>;
  /** As ann, by the same way. */
  approve: (run: string, planHash: string) => Promise<unknown>;
  /** What the report must say of it. */
  startedBy: () => StartedBy;
}

export interface Ways {
  scenario: Scenario;
  gateway: GatewayScene;
  /** Where ann is logged in. */
  page: Page;
  /** Ann's. */
  token: string;
}

/** A fleet starts restores as others do, and has tests of its own. */
export type How = Exclude<StartedBy['how'], 'fleet'>;

/** All restore the platform to its first recovery point; an incident takes the newest one, so it comes first. */
export function waysOf({ scenario, gateway, page, token }: Ways): Record<How, Way> {
  const { client, platform, environment, rekindle } = scenario;
  const { project } = platform;
  const { point } = facts();
  const taskQueue = environment['REKINDLE_TASK_QUEUE']!;
  const args = [{ platform: project, point }];
  const schedule = `${project}-restore`;
  let incident = '';
  let scheduled = 0;

  const update = (run: string, planHash: string) =>
    client.workflow.getHandle(run).executeUpdate('approve', { args: [{ planHash, by: 'ann' }] });

  return {
    incident: {
      async start() {
        incident = await gateway.say('opened', 'All documents are gone');
        return eventually(`${incident} proposes`, 60, async () => {
          const state = await client.workflow.getHandle(incident).query<IncidentState>('incident');
          return state.run?.id ?? Promise.reject(new Error(JSON.stringify(state.story)));
        });
      },
      async approve(run, planHash) {
        const answer = await fetch(`${gateway.url}/api/v1/runs/${encodeURIComponent(run)}/approve`, {
          method: 'POST',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          body: JSON.stringify({ planHash, platform: project }),
        });
        expecting(answer.status, await answer.text()).toBe(200);
      },
      startedBy: () => ({ how: 'incident', name: incident }),
    },
    'temporal ui': {
      async start() {
        const workflowId = `${project}-${randomBytes(4).toString('hex')}`;
        await client.workflow.start('restore', { workflowId, taskQueue, args });
        return workflowId;
      },
      approve: update,
      startedBy: () => ({ how: 'temporal ui' }),
    },
    'command line': {
      async start() {
        const ended = await rekindle(['restore', project, '--point', point, '--by', 'ann', '--json']);
        expecting(ended.exitCode, textOf(ended)).toBe(4);
        return (ended.json as { run: string }).run;
      },
      async approve(run, planHash) {
        const ended = await rekindle(['approve', run, '--hash', planHash, '--by', 'ann']);
        expecting(ended.exitCode, textOf(ended)).toBe(0);
      },
      startedBy: () => ({ how: 'command line', name: 'ann' }),
    },
    schedule: {
      async start() {
        const handle = client.schedule.getHandle(schedule);
        await handle.trigger(ScheduleOverlapPolicy.ALLOW_ALL);
        scheduled += 1;
        return eventually(`${schedule} starts a restore`, 30, async () => {
          const { recentActions } = (await handle.describe()).info;
          const started = recentActions[scheduled - 1]?.action.workflow.workflowId;
          return started ?? Promise.reject(new Error('not yet'));
        });
      },
      // Nobody who is asked knows of the schedule: whoever answers does so in the Temporal UI.
      approve: update,
      startedBy: () => ({ how: 'schedule', name: schedule }),
    },
    page: {
      async start() {
        await page.goto(`${gateway.url}/#/platforms/${project}`);
        await page.getByRole('button', { name: `Restore… ${project} to ${point}` }).click();
        await page.getByRole('dialog').getByRole('button', { name: 'Make the plan' }).click();
        await page.waitForURL(/#\/runs\//);
        return decodeURIComponent(new URL(page.url()).hash.slice('#/runs/'.length));
      },
      async approve() {
        await page.getByRole('button', { name: 'Approve…' }).click();
        const dialog = page.getByRole('dialog');
        await dialog.getByLabel('to confirm').fill(project);
        await dialog.getByRole('button', { name: 'Approve this plan' }).click();
        await dialog.waitFor({ state: 'detached' });
      },
      startedBy: () => ({ how: 'page', name: 'ann' }),
    },
  };
}
