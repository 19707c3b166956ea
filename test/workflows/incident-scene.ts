import { randomBytes } from 'node:crypto';
import type { WorkflowHandle, WorkflowHandleWithSignaledRunId } from '@temporalio/client';
import type { IncidentAction, IncidentEvent, IncidentState } from '../../domain/incidents/incident.ts';
import type { RunProgress } from '../../domain/runs/progress.ts';
import { approve, incident as incidentQuery, incidentEvent } from '../../workflows/messages.ts';
import type { AtEnd } from '../at-end.ts';
import { waitFor } from '../wait-for.ts';
import type { FakeOptions } from './fake-platform.ts';
import { inPhase, openScenes, testWith, type Scene } from './scene.ts';

/** An incident of a scene's platform, as the gateway starts it. */
export interface TestIncident {
  handle: WorkflowHandleWithSignaledRunId;
  /** A delivery of its own each time. */
  send(event: Partial<IncidentEvent>): Promise<void>;
  state(): Promise<IncidentState>;
  /** The first state that fits. */
  until(fits: (state: IncidentState) => unknown): Promise<IncidentState>;
  /** Its restore, when that waits for approval. */
  proposal(): Promise<{ restore: WorkflowHandle; progress: RunProgress }>;
  result(): Promise<IncidentState>;
}

export interface IncidentScene extends Scene {
  startIncident: (action: IncidentAction, event?: Partial<IncidentEvent>) => Promise<TestIncident>;
}

export const test = testWith((atEnd) => {
  const openScene = openScenes(atEnd);
  return {
    openScene: async (options?: Partial<FakeOptions>): Promise<IncidentScene> => {
      const scene = await openScene(options);
      return { ...scene, startIncident: (action, event) => startIncident(atEnd, scene, action, event) };
    },
  };
});

async function startIncident(
  atEnd: AtEnd,
  { client, platform, taskQueue }: Scene,
  action: IncidentAction,
  change: Partial<IncidentEvent> = {},
): Promise<TestIncident> {
  const id = randomBytes(6).toString('hex');
  let deliveries = 0;
  const event = (more: Partial<IncidentEvent>): IncidentEvent => ({
    source: 'pagerduty',
    delivery: `${id}-${++deliveries}`,
    incident: `P${id}`,
    what: 'opened',
    title: 'The database is down',
    labels: {},
    at: new Date().toISOString(),
    ...more,
  });
  const first = event(change);
  const handle = await client.workflow.signalWithStart('incident', {
    taskQueue,
    workflowId: `incident/${id}`,
    args: [{ id, platform, action, rule: 'rules[0]', event: first }],
    signal: incidentEvent,
    signalArgs: [first],
  });
  const state = () => client.workflow.getHandle(handle.workflowId).query(incidentQuery);
  const until = (fits: (state: IncidentState) => unknown) =>
    waitFor(
      async () => {
        const now = await state();
        if (!fits(now)) throw new Error(`not yet: ${JSON.stringify({ ...now, preflight: undefined })}`);
        return now;
      },
      { timeout: 100_000, interval: 50 },
    );
  atEnd(async () => {
    const run = (await state().catch(() => undefined))?.run?.id;
    for (const open of [handle.workflowId, ...(run === undefined ? [] : [run])])
      await client.workflow
        .getHandle(open)
        .terminate('the test is over')
        .catch(() => undefined);
  });
  return {
    handle,
    send: (more) => client.workflow.getHandle(handle.workflowId).signal(incidentEvent, event(more)),
    state,
    until,
    async proposal() {
      const { run } = await until((now) => now.run?.phase === 'waiting for approval');
      const restore = client.workflow.getHandle(run?.id ?? '');
      return { restore, progress: await inPhase(restore, 'waiting for approval') };
    },
    result: () => client.workflow.getHandle(handle.workflowId).result() as Promise<IncidentState>,
  };
}

export const approveAs = (restore: WorkflowHandle, { planHash = '' }: RunProgress, by: string) =>
  restore.executeUpdate(approve, { args: [{ planHash, by }] });

export const texts = (lines: readonly { text: string }[]) => lines.map(({ text }) => text);
