import type { Client } from '@temporalio/client';
import { workersOn } from '../config/temporal/workers.ts';
import { runKindsWithOutcome } from '../domain/runs/outcome.ts';
import type { IncidentUnderWay, RunUnderWay, ScheduleSeen, UnderWay } from '../domain/status/status.ts';
import { lineOf, listExecutions } from './runs.ts';
import { versionsOf } from '../domain/workers.ts';

/** At most this many of each are read: the cost of a look-up is bounded. */
const most = 1000;
const answerWithinMs = 4000;
const runningQuery = `ExecutionStatus = "Running" AND WorkflowType IN (${runKindsWithOutcome.map((kind) => `"${kind}"`).join(', ')})`;

const incidentsQuery = 'ExecutionStatus = "Running" AND WorkflowType = "incident"';

/** What runs and which schedules there are, of all platforms, and who works. Nothing of it is ever encrypted. */
export async function readUnderWay(client: Client, taskQueue: string): Promise<UnderWay> {
  return client.connection.withDeadline(Date.now() + answerWithinMs, async () => {
    const workers = await workersOn(client, taskQueue);
    return {
      runs: await runsUnderWay(client),
      schedules: await schedulesOf(client, client.options.namespace),
      incidents: await openIncidents(client),
      worker: workers.length > 0,
      workerVersions: versionsOf(workers),
    };
  });
}

async function runsUnderWay(client: Client): Promise<RunUnderWay[]> {
  const runs: RunUnderWay[] = [];
  for await (const execution of listExecutions(client, runningQuery)) {
    const { id, kind: type, platform: named, phase, startedAt } = lineOf(execution);
    const kind = runKindsWithOutcome.find((known) => known === type);
    // The run sets the attributes itself: until a worker takes it up, only its id says whose it is.
    const platform = named || id.split('/')[1];
    if (kind === undefined || platform === undefined) continue;
    runs.push({ run: id, platform, kind, phase: phase || 'starting', startedAt });
    if (runs.length >= most) break;
  }
  return runs;
}

async function openIncidents(client: Client): Promise<IncidentUnderWay[]> {
  const incidents: IncidentUnderWay[] = [];
  for await (const execution of listExecutions(client, incidentsQuery)) {
    const { platform, phase, startedAt, source = '' } = lineOf(execution);
    // Whose it is says the workflow, as soon as a worker takes it up.
    if (platform !== '') incidents.push({ platform, phase: phase || 'open', source, startedAt });
    if (incidents.length >= most) break;
  }
  return incidents;
}

/** Read undecoded: the gateway does not need encrypted notes of schedules. */
async function schedulesOf(client: Client, namespace: string): Promise<ScheduleSeen[]> {
  const found: ScheduleSeen[] = [];
  let nextPageToken: Uint8Array | undefined;
  for (let seen = 0; seen < most;) {
    const page = await client.workflowService.listSchedules({ namespace, maximumPageSize: 100, nextPageToken });
    for (const { scheduleId, info } of page.schedules) {
      seen += 1;
      const [, platform, name] = /^rekindle\/([^/]+)\/(.+)$/s.exec(scheduleId ?? '') ?? [];
      if (platform === undefined || name === undefined) continue;
      const [next] = info?.futureActionTimes ?? [];
      const { notes } = info ?? {};
      found.push({
        name,
        platform,
        workflow: info?.workflowType?.name ?? '',
        paused: info?.paused === true,
        ...(notes && { note: notes }),
        ...(next?.seconds && { nextAt: new Date(Number(next.seconds) * 1000).toISOString() }),
      });
    }
    if (page.nextPageToken.length === 0) break;
    nextPageToken = page.nextPageToken;
  }
  return found;
}
