import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { pendingActivities } from '../client/pending.ts';
import type { RunProgress } from '../domain/runs/progress.ts';
import { say, withRekindle, withRig, type Rekindle, type Rig } from './rig.ts';
import { median } from './timeline.ts';

/** Steps in whose middle the worker is killed, spread over the restore. */
const moments = ['start-elasticsearch', 'restore-documents', 'start-api', 'start-job-executor'];
const limitSeconds = 10;

/**
 * Restores a platform, kills the worker (SIGKILL) in the middle of one step after the other, starts another at once, and
 * measures from that start until the step's activity runs again or is done. The runs must pass.
 */
export async function benchResume(rounds: number): Promise<void> {
  await withRig({ seed: { incompressibleBytes: 0.3e9 } }, (rig) =>
    withRekindle(rig, async (rekindle) => {
      await rekindle.rekindle(['backup', rig.platform.project, '--json']);
      const measured: number[] = [];
      for (let round = 1; round <= rounds; round++) measured.push(...(await restoreWithKills(rig, rekindle)));
      const [middle, worst] = [median(measured), Math.max(...measured)];
      say(`goes on after ${middle.toFixed(1)} s (median of ${measured.length}), ${worst.toFixed(1)} s at worst`);
      say(`within ${limitSeconds} s: ${worst <= limitSeconds ? 'yes' : 'no'}`);
    }),
  );
}

async function restoreWithKills({ platform, signal }: Rig, rekindle: Rekindle): Promise<number[]> {
  const connection = await Connection.connect({ address: rekindle.temporalAddress });
  const client = new Client({ connection });
  try {
    const { project } = platform;
    const ended = rekindle.rekindle(['restore', project, '--yes', '--json']);
    ended.catch(() => undefined);
    const handle = client.workflow.getHandle(await runningRestore(client, project, signal));
    const measured: number[] = [];
    for (const step of moments) {
      if (!(await untilRunning(client, handle, step, signal))) continue;
      await rekindle.worker.kill();
      const began = Date.now();
      rekindle.worker = await rekindle.startWorker();
      const ready = (Date.now() - began) / 1000;
      await untilGoesOn(client, handle, step, began, signal);
      const seconds = (Date.now() - began) / 1000;
      say(
        `killed in ${step}: the new worker is ready after ${ready.toFixed(1)} s, the run goes on after ${seconds.toFixed(1)} s`,
      );
      measured.push(seconds);
    }
    const report = JSON.parse((await ended).stdout) as RunProgress;
    if (report.verdict !== 'pass') throw new Error(`The verdict of ${report.run} is ${String(report.verdict)}`);
    return measured;
  } finally {
    await connection.close();
  }
}

async function runningRestore(client: Client, platform: string, signal: AbortSignal): Promise<string> {
  const query = `WorkflowType = 'restore' AND ExecutionStatus = 'Running' AND RekindlePlatform = '${platform}'`;
  for (;;) {
    for await (const { workflowId } of client.workflow.list({ query })) return workflowId;
    await pause(signal);
  }
}

const hasEnded = async (handle: WorkflowHandle) => (await handle.describe()).status.name !== 'RUNNING';

/** False: the run ended, or the step was over before it was seen. */
async function untilRunning(
  client: Client,
  handle: WorkflowHandle,
  step: string,
  signal: AbortSignal,
): Promise<boolean> {
  for (;;) {
    const pending = await pendingActivities(client, handle);
    if (pending.some((activity) => activity.step === step && activity.startedAt !== undefined)) return true;
    if (await hasEnded(handle)) return false;
    await pause(signal);
  }
}

/** Until an attempt of the step that began after `since` runs, or the step is no longer pending. */
async function untilGoesOn(
  client: Client,
  handle: WorkflowHandle,
  step: string,
  since: number,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    const activity = (await pendingActivities(client, handle)).find((pending) => pending.step === step);
    // Temporal's seconds are whole here: an attempt of the second before may be the old one.
    if (!activity || (activity.attempt > 1 && Date.parse(activity.startedAt ?? '') >= since - 1000)) return;
    if (await hasEnded(handle)) return;
    await pause(signal);
  }
}

async function pause(signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await new Promise((resolve) => setTimeout(resolve, 50));
}
