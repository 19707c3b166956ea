import { randomBytes } from 'node:crypto';
import { withTemporal } from '../../client/connection.ts';
import { incidentId } from '../../client/incidents.ts';
import { readEnvironment } from '../../config/environment.ts';
import type { IncidentEvent } from '../../domain/incidents/incident.ts';
import { temporalCourier } from '../../gateway/incidents/courier.ts';
import { provided } from '../provided.ts';
import { test } from './scene.ts';

// The courier against a real Temporal; no worker takes the workflows up.

function scene() {
  const variables = { TEMPORAL_ADDRESS: provided('temporalAddress'), REKINDLE_TASK_QUEUE: 'nobody' };
  const environment = readEnvironment(variables);
  const incident = `INC-${randomBytes(4).toString('hex')}`;
  const id = incidentId({ source: 'generic', incident });
  const courier = temporalCourier(environment);
  const deliver = (what: IncidentEvent['what'], delivery: string) => {
    const event = {
      source: 'generic',
      incident,
      delivery,
      what,
      title: 'Down',
      labels: {},
      at: '2026-01-31T03:00:00Z',
    };
    return courier.deliver({ id, platform: 'demo', action: 'check', rule: 'rules[0]', event: event as IncidentEvent });
  };
  return { environment, courier, deliver, workflowId: `incident/${id}` };
}

test('an opened event starts the workflow, later ones reach it, and after its end it can begin again', async () => {
  const { environment, courier, deliver, workflowId } = scene();
  await withTemporal(environment, async (client) => {
    expect(await deliver('resolved', 'early')).toBe(false);
    expect(await deliver('opened', 'a')).toBe(true);
    const handle = client.workflow.getHandle(workflowId);
    const { runId, type } = await handle.describe();
    expect(type).toBe('incident');
    expect(await deliver('opened', 'b')).toBe(true);
    expect(await deliver('resolved', 'c')).toBe(true);
    const { events } = await handle.fetchHistory();
    const signals = (events ?? []).flatMap(
      ({ workflowExecutionSignaledEventAttributes: signal }) => signal?.signalName ?? [],
    );
    expect(signals).toEqual(['incidentEvent', 'incidentEvent', 'incidentEvent']);
    expect((await handle.describe()).runId).toBe(runId);

    await handle.terminate('it has ended');
    expect(await deliver('updated', 'd')).toBe(false);
    expect(await deliver('opened', 'e')).toBe(true);
    expect((await client.workflow.getHandle(workflowId).describe()).runId).not.toBe(runId);
    await client.workflow.getHandle(workflowId).terminate('the test is over');
  });
  await courier.close();
});

test('a Temporal that is away is said so, and is found again when it is back', async () => {
  const { courier, deliver, environment, workflowId } = scene();
  const address = environment.temporalAddress;
  environment.temporalAddress = '127.0.0.1:1';
  await expect(deliver('opened', 'a')).rejects.toMatchObject({ kind: 'TemporalUnreachable' });
  environment.temporalAddress = address;
  expect(await deliver('opened', 'a')).toBe(true);
  await withTemporal(environment, (client) => client.workflow.getHandle(workflowId).terminate('the test is over'));
  await courier.close();
});
