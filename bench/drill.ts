import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { platformLabel } from '../domain/drills/scene.ts';
import { forecastError, outcomeOf } from '../domain/runs/outcome.ts';
import type { RunProgress } from '../domain/runs/progress.ts';
import { engine, nameOf } from '../stack/engine.ts';
import { say, withRekindle, withRig, type Rekindle, type Rig } from './rig.ts';
import { searchDuring, type Latencies } from './search-latency.ts';
import { median } from './timeline.ts';

const BEFORE_SECONDS = 15;
const LIMIT_SECONDS = 60;
const ROUNDS = 3;
const LIMIT_PERCENT = 20;
/** In whose middle a drill is killed, in turns. */
const MOMENTS = ['openScene', 'startService', 'awaitStore', 'restoreIndices', 'rebuildQueue', 'closeScene'] as const;

/**
 * Drills of the demo platform next to the living one: how long they take, and how long the living platform's searches take before and
 * during them, and by how much the forecasts of as many more were wrong. Then `drills` more, every other one killed in the middle:
 * its worker by SIGKILL, and of these every other run is
 * lost for good. Counts what is left on the engine afterwards.
 */
export async function benchDrill(drills: number): Promise<void> {
  await withRig({}, (rig) =>
    withRekindle(rig, async (rekindle) => {
      await rekindle.rekindle(['backup', rig.platform.project, '--json']);
      await measure(rig, rekindle);
      if (drills > 0) await kill(rig, rekindle, drills);
    }),
  );
}

async function measure({ platform, signal }: Rig, rekindle: Rekindle): Promise<void> {
  const seconds: number[] = [];
  const ratios: number[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    const [, before] = await searchDuring(platform, () => pause(BEFORE_SECONDS * 1000, undefined, { signal }));
    const [report, during] = await searchDuring(platform, () => drillOnce(rekindle, platform.project));
    seconds.push(secondsOf(report));
    ratios.push(during.p95 / before.p95);
    say(
      `round ${round}: drill ${secondsOf(report).toFixed(1)} s; searches before ${words(before)}, during ${words(during)}`,
    );
  }
  const took = median(seconds);
  say(
    `drill: ${took.toFixed(1)} s (median of ${ROUNDS}); within ${LIMIT_SECONDS} s: ${took <= LIMIT_SECONDS ? 'yes' : 'no'}`,
  );
  const ratio = median(ratios);
  say(`p95 of searches during a drill to before it: ${ratio.toFixed(2)}; at most twice: ${ratio <= 2 ? 'yes' : 'no'}`);
  const errors: number[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    signal.throwIfAborted();
    errors.push(forecastErrorOf(await drillOnce(rekindle, platform.project)));
  }
  const error = median(errors);
  say(
    `forecasts after ${ROUNDS} drills and more: wrong by ${errors.join(', ')} %, median ${error} %; under ${LIMIT_PERCENT} %: ${error < LIMIT_PERCENT ? 'yes' : 'no'}`,
  );
}

const words = ({ searches, median: middle, p95 }: Latencies) =>
  `p95 ${p95.toFixed(1)} ms (median ${middle.toFixed(1)} ms of ${searches})`;

const secondsOf = ({ startedAt, finishedAt = '' }: RunProgress) =>
  (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;

async function drillOnce({ rekindle }: Rekindle, platform: string): Promise<RunProgress> {
  const report = JSON.parse((await rekindle(['drill', platform, '--json'])).stdout) as RunProgress;
  if (report.verdict !== 'pass') throw new Error(`The verdict of ${report.run} is ${String(report.verdict)}`);
  return report;
}

async function kill({ platform, signal }: Rig, rekindle: Rekindle, drills: number): Promise<void> {
  const { project } = platform;
  const connection = await Connection.connect({ address: rekindle.temporalAddress });
  const client = new Client({ connection });
  let killed = 0;
  try {
    for (let drill = 0; drill < drills; drill++) {
      signal.throwIfAborted();
      if (drill % 2 === 0) {
        await drillOnce(rekindle, project);
        continue;
      }
      const moment = MOMENTS[killed % MOMENTS.length] ?? 'restoreIndices';
      const lost = killed % 2 === 1;
      killed++;
      // A drill that passed too soon to be killed counts as killed all the same: its moment was over.
      const ended = rekindle.rekindle(['drill', project, '--json']).catch(() => undefined);
      const run = await runningDrill(client, project, signal);
      await untilRunning(client, run, moment, signal);
      await rekindle.worker.kill();
      if (lost)
        await client.workflow
          .getHandle(run)
          .terminate('killed by the bench')
          .catch(() => undefined);
      rekindle.worker = await rekindle.startWorker();
      await ended;
      say(`drill ${drill + 1} of ${drills}: killed in ${moment}${lost ? ', and its run is lost' : ''}`);
    }
    // The last one finds what the lost ones left.
    await drillOnce(rekindle, project);
    const left = await leftOf(project);
    say(
      `${drills} drills, ${killed} of them killed: ${left.length} leftovers${left.length > 0 ? ` (${left.join(', ')})` : ''}`,
    );
    if (left.length > 0) throw new Error('Drills left something behind');
  } finally {
    await connection.close();
  }
}

function forecastErrorOf(report: RunProgress): number {
  const recovery = outcomeOf(report)?.recovery;
  if (recovery === undefined) throw new Error(`${report.run} says nothing of its forecast`);
  return forecastError(recovery);
}

async function runningDrill(client: Client, platform: string, signal: AbortSignal): Promise<string> {
  for (;;) {
    signal.throwIfAborted();
    const query = `WorkflowType = 'drill' AND ExecutionStatus = 'Running' AND RekindlePlatform = '${platform}'`;
    for await (const { workflowId } of client.workflow.list({ query })) {
      // The list lags behind.
      if ((await client.workflow.getHandle(workflowId).describe()).status.name === 'RUNNING') return workflowId;
    }
    await pause(50);
  }
}

async function untilRunning(client: Client, run: string, action: string, signal: AbortSignal): Promise<void> {
  const handle = client.workflow.getHandle(run);
  for (;;) {
    signal.throwIfAborted();
    const { steps, finishedAt } = await handle.query<RunProgress>('progress');
    if (finishedAt !== undefined || steps.some((step) => step.action === action && step.status !== 'waiting')) return;
    await pause(50);
  }
}

async function leftOf(platform: string): Promise<string[]> {
  const filters = { label: [`${platformLabel}=${platform}`] };
  const containers = await engine().listContainers({ all: true, filters });
  const { Volumes } = (await engine().listVolumes({ filters: JSON.stringify(filters) as never })) as unknown as {
    Volumes: { Name: string }[] | null;
  };
  const networks = await engine().listNetworks({ filters });
  return [...containers.map(nameOf), ...[...(Volumes ?? []), ...networks].map(({ Name }) => Name)];
}
