import type { Client } from '@temporalio/client';
import { Failure } from '../domain/failures.ts';
import { incidentActions, incidentSources, type IncidentState } from '../domain/incidents/incident.ts';
import { lineOf, listExecutions, type Listed } from './runs.ts';

const answerWithinMs = 4000;
/** Those that are asked at the same time; of the others, only what Temporal lists is known. */
const most = 200;

/**
 * Incidents: those that have not ended first, then the newest. Each says itself how it stands; of one that no worker answers
 * for, it is known what Temporal keeps.
 */
export async function listIncidents(
  client: Client,
  { open = false }: { open?: boolean } = {},
): Promise<IncidentState[]> {
  const query = [
    'WorkflowType = "incident"',
    // One that is long goes on in another execution, which stands for it then.
    'ExecutionStatus != "ContinuedAsNew"',
    ...(open ? ['ExecutionStatus = "Running"'] : []),
  ].join(' AND ');
  const listed: Listed[] = [];
  for await (const execution of listExecutions(client, query, most)) {
    listed.push(execution);
    if (listed.length >= most) break;
  }
  const states = await Promise.all(listed.map((execution) => askIncident(client, execution)));
  return states.toSorted((a, b) => Number(isOver(a)) - Number(isOver(b)) || (a.openedAt < b.openedAt ? 1 : -1));
}

export const isOver = ({ phase }: IncidentState): boolean => phase === 'resolved';

/** Failure: RunNotFound. */
export async function findIncident(client: Client, id: string): Promise<IncidentState> {
  const handle = client.workflow.getHandle(`incident/${id}`);
  const execution = await handle.describe().catch((error: unknown) => {
    if ((error as Error).name !== 'WorkflowNotFoundError') throw error;
    throw new Failure('RunNotFound', {
      message: `There is no incident "${id}"`,
      remedy: 'Choose one of the list of incidents; Temporal forgets those that ended after its retention time',
    });
  });
  return askIncident(client, execution);
}

async function askIncident(client: Client, execution: Listed): Promise<IncidentState> {
  const { workflowId, runId } = execution;
  const handle = client.workflow.getHandle(workflowId, runId);
  try {
    return await client.connection.withDeadline(Date.now() + answerWithinMs, () =>
      handle.query<IncidentState>('incident'),
    );
  } catch {
    // Encrypted for somebody else, or gone: the rest is still known.
    const { memo = {} } = await handle.describe().catch(() => ({ memo: {} }));
    return listedOnly(execution, memo);
  }
}

/** What Temporal keeps of it; the rest only its worker could say. */
function listedOnly(execution: Listed, memo: Partial<IncidentState>): IncidentState {
  const { id, platform, startedAt, closedAt, source } = lineOf(execution);
  const { action, rule = '', title = 'Incident' } = memo;
  return {
    id: id.replace(/^incident\//, ''),
    platform,
    action: incidentActions.find((known) => known === action) ?? 'check',
    rule,
    phase: closedAt === undefined ? 'open' : 'resolved',
    source: incidentSources.find((known) => known === source) ?? 'generic',
    incident: '',
    title: `${title} (no worker answers for it)`,
    openedAt: startedAt,
    ...(closedAt !== undefined && { resolvedAt: closedAt }),
    story: [],
    told: [],
  };
}
