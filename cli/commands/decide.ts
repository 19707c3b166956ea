import { Argument, Option } from 'commander';
import type { WorkflowHandle } from '@temporalio/client';
import { Failure } from '../../domain/failures.ts';
import { choices, type Choice } from '../../domain/runs/progress.ts';
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
    return tellRun(context, reference, async (handle) => {
      const step = text(options['step']) ?? (await onlyPendingStep(handle));
      return handle.executeUpdate(messages.decide, { args: [{ step, choice: choice as Choice, by: by(options) }] });
    });
  },
};

async function onlyPendingStep(handle: WorkflowHandle): Promise<string> {
  const { pendingDecisions } = await handle.query<{ pendingDecisions: { step: string }[] }>('progress');
  const [first, ...others] = pendingDecisions;
  if (first !== undefined && others.length === 0) return first.step;
  throw new Failure('InvalidArgument', {
    message: first === undefined ? 'no step of this run waits for a decision' : 'several steps wait for a decision',
    remedy:
      first === undefined
        ? '"rekindle status" shows where it stands'
        : `name one with --step: ${pendingDecisions.map(({ step }) => step).join(', ')}`,
  });
}
