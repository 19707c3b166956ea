import { Argument, Option } from 'commander';
import type { FoundRun } from '../../client/find-run.ts';
import { Failure } from '../../domain/failures.ts';
import { haveOneCause } from '../../domain/runs/choices.ts';
import { choices, type Choice, type RunProgress } from '../../domain/runs/progress.ts';
import { by, byOption, text, type Command } from '../command.ts';

export const decide: Command = {
  usage: 'decide <run>',
  description: 'retry, skip or abort a failed step, or roll the restore back',
  example: 'rekindle decide nuvla retry',
  arguments: [new Argument('<choice>', 'what happens with the step that failed').choices(choices)],
  options: [new Option('--step <id>', 'which step, when several wait'), byOption],
  async run(context, [reference = '', choice = ''], options) {
    const { tellRun } = await import('../tell-run.ts');
    const messages = await import('../../workflows/messages.ts');
    const decision = async ({ handle }: FoundRun) => {
      const step = text(options['step']) ?? onlyPendingStep(await handle.query(messages.progress));
      return handle.executeUpdate(messages.decide, { args: [{ step, choice: choice as Choice, by: by(options) }] });
    };
    return tellRun(context, reference, decision, 'waiting for decision');
  },
};

function onlyPendingStep({ run, phase, pendingDecisions }: RunProgress): string {
  const [first, ...others] = pendingDecisions;
  // One answer serves all that failed for one cause.
  if (first !== undefined && others.every((other) => haveOneCause(first, other))) return first.step;
  throw new Failure('InvalidArgument', {
    message:
      first === undefined
        ? `No step of ${run} waits for a decision: its phase is "${phase}"`
        : `Several steps of ${run} wait for a decision`,
    remedy:
      first === undefined
        ? `"rekindle status ${run}" shows where it stands`
        : `Name one with --step: ${pendingDecisions.map(({ step }) => step).join(', ')}`,
  });
}
