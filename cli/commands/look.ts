import { Failure } from '../../domain/failures.ts';
import { finalPhases } from '../../domain/runs/progress.ts';
import type { CommandContext, CommandResult } from '../command-context.ts';
import { exitCodes, exitCodeOfRun } from '../exit-codes.ts';
import { followToEnd } from '../follow.ts';
import { pendingActivities } from '../../client/pending.ts';
import { renderRun } from '../render/progress.ts';
import { renderChecks, renderEnd } from '../render/report.ts';
import { table } from '../render/table.ts';
import { elapsed } from '../render/units.ts';
import { askProgress, findRun, listRuns, type RunLine } from '../../client/runs.ts';
import { withTemporal } from '../../client/connection.ts';

export async function runsCommand(
  { environment, output }: CommandContext,
  platform: string | undefined,
  limit: number,
): CommandResult {
  return withTemporal(environment, async (client) => {
    const runs: RunLine[] = [];
    for await (const run of listRuns(client, platform)) {
      runs.push(run);
      if (runs.length >= limit) break;
    }
    output.document({ runs });
    const rows = runs.map((run) => [
      run.id,
      run.startedAt.slice(0, 19) + 'Z',
      elapsed(run.startedAt, run.closedAt, Date.now()),
      run.phase || run.status,
      run.verdict,
    ]);
    output.say(
      runs.length === 0 ? 'no run yet' : table([['run', 'started', 'took', 'phase', 'verdict'], ...rows]).join('\n'),
    );
    return exitCodes.passed;
  });
}

export async function statusCommand({ environment, output }: CommandContext, reference: string): CommandResult {
  return withTemporal(environment, async (client) => {
    const handle = await findRun(client, reference);
    const progress = await askProgress(client, handle);
    const pending = await pendingActivities(client, handle);
    if (progress === undefined) {
      output.document({ run: handle.workflowId, pending, note: 'no worker answers' });
      output.say(`no worker answers for ${handle.workflowId}; it goes on when one runs ("rekindle worker")`);
      return exitCodes.failed;
    }
    output.document({ ...progress, pending });
    output.say(
      renderRun(progress, pending, output, {
        width: output.interactive ? process.stdout.columns : 240,
        now: Date.now(),
      }),
    );
    if (!finalPhases.has(progress.phase))
      return progress.phase.startsWith('waiting for a') || progress.phase.startsWith('waiting for d')
        ? exitCodes.waitsForPerson
        : exitCodes.passed;
    output.say(renderEnd(progress, output));
    return exitCodeOfRun(progress);
  });
}

export async function watchCommand({ environment, output }: CommandContext, reference: string): CommandResult {
  return withTemporal(environment, async (client) => {
    const handle = await findRun(client, reference);
    return followToEnd(
      client,
      handle,
      output,
      output.json ? { onChange: (progress) => output.document(progress) } : {},
    );
  });
}

export async function reportCommand(
  { toolbox, output }: CommandContext,
  platform: string,
  run: string,
  { running }: { running: boolean },
): CommandResult {
  if (running) {
    const lists = await toolbox.readRunningJobs(platform, run);
    output.document({ run, running: lists });
    if (lists.length === 0) output.say(`${run} queued no job again that had run`);
    for (const { store, jobs } of lists)
      output.say(`Jobs of ${store} that had run, with their priority:\n${jobs.trimEnd()}`);
    return exitCodes.passed;
  }
  const progress = await toolbox.readReport(platform, run);
  if (progress === undefined)
    throw new Failure('RunNotFound', {
      message: `the catalogue of ${platform} holds no report of a run "${run}"`,
      remedy: 'a report is written when a run ends; "rekindle runs" lists the runs and their ids',
    });
  output.document(progress);
  output.say(
    renderRun(progress, [], output, { width: output.interactive ? process.stdout.columns : 240, now: Date.now() }),
  );
  output.say(`\nChecks\n${renderChecks(progress.checks, output)}\n\n${renderEnd(progress, output)}`);
  return exitCodeOfRun(progress);
}
