import { Failure } from '../../domain/failures.ts';
import { choices, type Choice } from '../../domain/runs/progress.ts';
import { by, byOption, text, type Register } from './register.ts';

// Loaded when asked for: see register.ts.
const messages = () => import('../commands/messages.ts');

/** A person's word to a run. */
export function registerWords(command: Register): void {
  command(
    'approve <run>',
    "approve a run's plan",
    'rekindle approve restore/nuvla/2026-11-21T09:30:00Z',
    async (context, [run = ''], options) =>
      (await messages()).approveCommand(context, run, { hash: text(options['hash']), by: by(options) }),
  )
    .option('--hash <hash>', 'the hash of the plan you read; default: the plan as it stands')
    .addOption(byOption());
  command(
    'reject <run>',
    "reject a run's plan",
    'rekindle reject nuvla --reason "false alarm"',
    async (context, [run = ''], options) =>
      (await messages()).rejectCommand(context, run, { by: by(options), reason: text(options['reason']) }),
  )
    .option('--reason <text>', 'why')
    .addOption(byOption());
  command(
    'decide <run> <choice>',
    'retry, skip or abort a failed step, or roll the restore back',
    'rekindle decide nuvla retry',
    async (context, [run = '', choice = ''], options) =>
      (await messages()).decideCommand(context, run, {
        choice: choiceNamed(choice),
        step: text(options['step']),
        by: by(options),
      }),
  )
    .option('--step <id>', 'which step, when several wait')
    .addOption(byOption());
  command(
    'cancel <run>',
    'end a run; before the point of no return what was stopped is started again',
    'rekindle cancel nuvla',
    async (context, [run = '']) => (await messages()).cancelCommand(context, run),
  );

  command(
    'rollback <run>',
    'bring back the data that a restore set aside, and start what ran before it',
    'rekindle rollback restore/nuvla/2026-11-21T09:30:00Z',
    async (context, [run = ''], options) => (await messages()).rollbackCommand(context, run, by(options)),
  ).addOption(byOption());
  command(
    'release <run>',
    'delete the data that a restore set aside; there is no way back then',
    'rekindle release restore/nuvla/2026-11-21T09:30:00Z',
    async (context, [run = ''], options) => (await messages()).releaseCommand(context, run, by(options)),
  ).addOption(byOption());
}

function choiceNamed(choice: string): Choice {
  const known = choices.find((one) => one === choice);
  if (known) return known;
  throw new Failure('InvalidArgument', {
    message: `"${choice}" is not a choice`,
    remedy: `choose one of ${choices.join(', ')}`,
  });
}
