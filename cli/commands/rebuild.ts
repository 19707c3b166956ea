import { Option } from 'commander';
import { Failure } from '../../domain/failures.ts';
import type { QueueEntry } from '../../domain/queue/job-table.ts';
import type { RebuildInput } from '../../domain/runs/run.ts';
import { by, byOption, startedHere, type Command, type CommandContext, type CommandResult } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { graphAsked, graphOption, type Draw } from '../graph.ts';
import { openPlatform } from '../open-platform.ts';
import { renderQueuePreview } from '../render/queue.ts';
import { renderPlan } from '../render/report.ts';

export const rebuild: Command = {
  usage: 'rebuild <platform> [store]',
  description: 'make a derived store anew from its source',
  example: 'rekindle rebuild nuvla jobs',
  options: [
    new Option('--dry-run', 'show the plan and what each queue would get, change nothing'),
    graphOption,
    new Option('--list', 'with --dry-run: every job, in the order of the queue'),
    new Option('--remove-extra', 'also remove entries that stand for no job, unless a consumer holds them'),
    byOption,
  ],
  async run(context, [platform = '', store], options) {
    const removeExtra = options['removeExtra'] === true ? true : undefined;
    const input = { platform, store, removeExtra };
    const list = options['list'] === true;
    const draw = graphAsked(options, context.output, { command: `rekindle rebuild ${platform}` });
    if (options['dryRun'] === true) return dryRun(context, input, { list, draw });
    if (list)
      throw new Failure('InvalidArgument', {
        message: '--list shows what a rebuild would queue; it needs --dry-run',
        remedy: `rekindle rebuild ${platform} --dry-run --list`,
      });
    await planNow(context, input);
    const { startAndFollow } = await import('../start-and-follow.ts');
    return startAndFollow(context, 'rebuild', input, startedHere(by(options)));
  },
};

async function dryRun(
  context: CommandContext,
  input: RebuildInput,
  { list, draw }: { list: boolean; draw: Draw },
): CommandResult {
  const { output } = context;
  const { open, plan } = await planNow(context, input);
  const { previewQueues } = await import('../../operations/queue/preview-queues.ts');
  const queues = await previewQueues(open, { only: input.store, list });
  await draw(plan);
  output.document({ plan, queues });
  output.say([renderPlan(plan, output), ...queues.map(renderQueuePreview)].join('\n\n'));
  for (const queue of queues) for (const line of 'list' in queue ? jobLines(queue.list ?? []) : []) output.say(line);
  return exitCodes.passed;
}

/** Also before a run is started: an unknown store is bad input. */
async function planNow({ environment }: CommandContext, input: RebuildInput) {
  const open = await openPlatform(environment, input.platform);
  const { prepareRebuild } = await import('../../operations/queue/prepare-rebuild.ts');
  return { open, plan: prepareRebuild(open, input) };
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
