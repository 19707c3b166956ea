import type { Client } from '@temporalio/client';
import pLimit from 'p-limit';
import type { PlatformName } from '../domain/platform.ts';
import { readinessOf, type Readiness } from '../domain/readiness/readiness.ts';
import { lineOf, listExecutions, type Listed } from './runs.ts';

/** The newest evaluations that are looked through: the cost of a look is bounded. */
const most = 1000;
const atOnce = 16;
const answerWithinMs = 4000;

/** The standing answer of each platform that was ever evaluated, as far back as Temporal remembers. */
export type ReadinessReader = (client: Client) => Promise<ReadonlyMap<PlatformName, Readiness>>;

/**
 * Reads the newest evaluations from Temporal: only those that are new since the last look are read in full. Failures:
 * TemporalUnreachable; MissingKey, where results are encrypted.
 */
export function readinessReader(): ReadinessReader {
  const known = new Map<PlatformName, { run: string; closedAt: number; readiness: Readiness }>();
  const limit = pLimit(atOnce);
  const look = async (client: Client) => {
    const newest = new Map<PlatformName, Listed>();
    let seen = 0;
    // The newest come first.
    for await (const execution of listExecutions(client, query)) {
      const { platform } = lineOf(execution);
      if (platform !== '' && !newest.has(platform)) newest.set(platform, execution);
      if (++seen >= most) break;
    }
    const reading = [...newest].map(([platform, execution]) =>
      limit(async () => {
        const before = known.get(platform);
        const closedAt = execution.closeTime?.getTime() ?? 0;
        if (before && (before.run === execution.runId || before.closedAt > closedAt)) return;
        const readiness = readinessOf(await resultOf(client, execution));
        if (readiness) known.set(platform, { run: execution.runId, closedAt, readiness });
      }),
    );
    await Promise.all(reading);
    return new Map([...known].map(([platform, { readiness }]) => [platform, readiness]));
  };
  return (client) => within(client, () => look(client));
}

/** Of one platform. Failures: as of `readinessReader`. */
export function readReadiness(client: Client, platform: PlatformName): Promise<Readiness | undefined> {
  return within(client, async () => {
    for await (const execution of listExecutions(client, `${query} AND RekindlePlatform = "${platform}"`, 1))
      return readinessOf(await resultOf(client, execution));
    return undefined;
  });
}

const within = <T>({ connection }: Client, work: () => Promise<T>): Promise<T> =>
  connection.withDeadline(Date.now() + answerWithinMs, work);

const query = 'WorkflowType = "readiness" AND ExecutionStatus = "Completed"';

/** Of one that has completed, so nothing is waited for. */
function resultOf({ workflow }: Client, { workflowId, runId }: Listed): Promise<unknown> {
  return workflow.getHandle(workflowId, runId).result();
}
