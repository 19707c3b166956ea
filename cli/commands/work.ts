import { overallVerdict } from '../../domain/checks.ts';
import { Failure } from '../../domain/failures.ts';
import type { QueueEntry } from '../../domain/queue/job-table.ts';
import type { RebuildInput, RestoreInput } from '../../domain/runs/run.ts';
import type { CommandContext, CommandResult } from '../command-context.ts';
import { exitCodes } from '../exit-codes.ts';
import { followToEnd } from '../follow.ts';
import { renderQueuePreview } from '../render/queue.ts';
import { renderChecks, renderPlan } from '../render/report.ts';
import { startRun } from '../../client/runs.ts';
import { withTemporal } from '../../client/connection.ts';

export async function backupCommand({ environment, output, toolbox }: CommandContext, platform: string): CommandResult {
  await toolbox.validatePlatform(platform);
  return withTemporal(environment, async (client) => {
    const handle = await startRun(client, 'backup', environment.taskQueue, { platform });
    return followToEnd(client, handle, output);
  });
}

export async function rebuildCommand(
  { environment, output, toolbox }: CommandContext,
  input: RebuildInput,
  { dryRun, list }: { dryRun: boolean; list: boolean },
): CommandResult {
  const plan = await toolbox.planRebuild(input);
  if (list && !dryRun)
    throw new Failure('InvalidArgument', {
      message: '--list shows what a rebuild would queue; it goes with --dry-run only',
      remedy: `rekindle rebuild ${input.platform} --dry-run --list`,
    });
  if (dryRun) {
    const queues = await toolbox.previewQueues(input, { list });
    output.document({ plan, queues });
    output.say([renderPlan(plan, output), ...queues.map(renderQueuePreview)].join('\n\n'));
    for (const queue of queues) for (const line of 'list' in queue ? jobLines(queue.list ?? []) : []) output.say(line);
    return exitCodes.passed;
  }
  return withTemporal(environment, async (client) => {
    const handle = await startRun(client, 'rebuild', environment.taskQueue, input);
    return followToEnd(client, handle, output);
  });
}

const linesAtOnce = 5000;

/** Priority, state and value of each job, in the order of the queue; many lines in one text. */
function* jobLines(jobs: readonly QueueEntry[]): Generator<string> {
  for (let start = 0; start < jobs.length; start += linesAtOnce)
    yield jobs
      .slice(start, start + linesAtOnce)
      .map(
        ({ value, priority, running }) => `${String(priority).padStart(3)}  ${running ? 'ran   ' : 'waited'}  ${value}`,
      )
      .join('\n');
}

/** Could we restore now? Preflight alone. */
export async function checkCommand({ toolbox, output }: CommandContext, input: RestoreInput): CommandResult {
  const { checks } = await toolbox.assessRestore(input, output.wait);
  const verdict = overallVerdict(checks);
  output.document({ platform: input.platform, verdict, checks });
  output.say(`${renderChecks(checks, output)}\nVerdict: ${verdict}`);
  return verdict === 'pass' ? exitCodes.passed : exitCodes.refused;
}
