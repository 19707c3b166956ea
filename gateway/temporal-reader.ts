import type { Client } from '@temporalio/client';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { connectTemporal, explained } from '../client/connection.ts';
import type { Environment } from '../config/environment.ts';
import { runKindsWithOutcome } from '../domain/runs/outcome.ts';
import type { RunUnderWay, ScheduleSeen } from '../domain/status/status.ts';

export interface TemporalSeen {
  runs: RunUnderWay[];
  schedules: ScheduleSeen[];
}

export interface TemporalReader {
  /** What runs and which schedules there are, of all platforms. Failures: TemporalUnreachable, InvalidArgument. */
  read(): Promise<TemporalSeen>;
  close(): Promise<void>;
}

/** At most this many of each are read: a scrape has a bounded cost. */
const most = 1000;
const answerWithinMs = 4000;
const runningQuery = `ExecutionStatus = "Running" AND WorkflowType IN (${runKindsWithOutcome.map((kind) => `"${kind}"`).join(', ')})`;

export function temporalReader(environment: Environment): TemporalReader {
  let client: Client | undefined;
  const close = async () => {
    const open = client;
    client = undefined;
    await open?.connection.close();
  };
  return {
    close,
    async read() {
      try {
        // Nothing that is read here is ever encrypted, so no key is needed.
        const open = (client ??= await connectTemporal({ ...environment, payloadKeyFile: undefined }));
        return await open.connection.withDeadline(Date.now() + answerWithinMs, async () => ({
          runs: await runsUnderWay(open),
          schedules: await schedulesOf(open, environment.temporalNamespace),
        }));
      } catch (error) {
        // A lost connection retries less and less often: a new one recovers sooner.
        await close();
        throw explained(error, environment);
      }
    },
  };
}

async function runsUnderWay(client: Client): Promise<RunUnderWay[]> {
  const runs: RunUnderWay[] = [];
  for await (const execution of client.workflow.list({ query: runningQuery })) {
    const attribute = (name: string) =>
      execution.typedSearchAttributes.get(defineSearchAttributeKey(name, SearchAttributeType.KEYWORD));
    const kind = runKindsWithOutcome.find((known) => known === execution.type);
    // The run sets the attributes itself: until a worker picks it up, only its id names the platform.
    const platform = attribute('RekindlePlatform') ?? execution.workflowId.split('/')[1];
    if (kind === undefined || platform === undefined) continue;
    const phase = attribute('RekindlePhase') ?? 'starting';
    runs.push({ run: execution.workflowId, platform, kind, phase, startedAt: execution.startTime.toISOString() });
    if (runs.length >= most) break;
  }
  return runs;
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
