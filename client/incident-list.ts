import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { Failure } from '../domain/failures.ts';
import {
  incidentActions,
  incidentSources,
  type IncidentInput,
  type IncidentState,
} from '../domain/incidents/incident.ts';
import { lineOf } from './runs.ts';

const answerWithinMs = 4000;
/** Those that are asked at the same time; of the others, only what Temporal lists is known. */
const most = 200;

/**
 * Incidents: those that have not ended first, then the newest. Each says itself how it stands; of one that no worker answers
 * for, it is known what Temporal keeps.
 */
export async function listIncidents(
  client: Client,
  { platform, open = false }: { platform?: string | undefined; open?: boolean } = {},
): Promise<IncidentState[]> {
  const query = [
    'WorkflowType = "incident"',
    ...(platform === undefined ? [] : [`RekindlePlatform = "${platform.replaceAll('"', '')}"`]),
    ...(open ? ['ExecutionStatus = "Running"'] : []),
  ].join(' AND ');
  const listed: WorkflowExecutionInfo[] = [];
  for await (const execution of client.workflow.list({ query, pageSize: most })) {
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

async function askIncident(client: Client, execution: Omit<WorkflowExecutionInfo, 'raw'>): Promise<IncidentState> {
  const { workflowId, runId } = execution;
  try {
    const handle = client.workflow.getHandle(workflowId, runId);
    return await client.connection.withDeadline(Date.now() + answerWithinMs, () =>
      handle.query<IncidentState>('incident'),
    );
  } catch {
    return listedOnly(execution);
  }
}

/** The id, the platform, when it began and ended; what else stood in its input only its worker could say. */
function listedOnly(execution: Omit<WorkflowExecutionInfo, 'raw'>): IncidentState {
  const { id, platform, startedAt, closedAt, phase } = lineOf(execution);
  const input = execution.memo as Partial<IncidentInput> | undefined;
  return {
    id: id.replace(/^incident\//, ''),
    platform,
    action: incidentActions.find((known) => known === input?.action) ?? 'check',
    rule: '',
    phase: closedAt === undefined ? 'open' : 'resolved',
    source: incidentSources.find((known) => known === input?.event?.source) ?? 'generic',
    incident: '',
    title: `No worker answers for this incident${phase === '' ? '' : ` (${phase})`}`,
    openedAt: startedAt,
    ...(closedAt !== undefined && { resolvedAt: closedAt }),
    story: [],
    told: [],
  };
}
