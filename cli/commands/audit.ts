import { Argument, Option } from 'commander';
import type { AuditEntry } from '../../domain/access.ts';
import { Failure } from '../../domain/failures.ts';
import { text, type Command, type CommandContext, type CommandResult } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { table } from '../render/table.ts';

const actions = ['show', 'verify'] as const;

export const audit: Command = {
  usage: 'audit',
  description: "who did what through the gateway: show the log, or verify its chain; on the gateway's machine",
  example: 'rekindle audit verify',
  arguments: [new Argument('[action]', 'what to do').choices(actions).default('show')],
  options: [new Option('--limit <count>', 'show: so many of the newest entries').default('50')],
  async run(context, [action], options) {
    return action === 'verify' ? verify(context) : show(context, countOf(text(options['limit'])));
  },
};

async function show({ environment, output }: CommandContext, limit: number): CommandResult {
  const { openAuditLog } = await import('../../operations/access/audit.ts');
  const log = openAuditLog(environment.stateFolder);
  const entries = await log.newest(limit);
  output.document({ entries });
  output.say(entries.length === 0 ? nothingIn(log.file) : table([heading, ...entries.map(rowOf)]).join('\n'));
  return exitCodes.passed;
}

const nothingIn = (file: string) => `Nothing in ${file} yet`;
const heading = ['NUMBER', 'AT', 'WHO', 'LOGGED IN BY', 'ACTION', 'SUBJECT', 'OUTCOME'];

function rowOf({ number, at, caller, action, subject, outcome, text }: AuditEntry): string[] {
  const who = caller.name === '' ? '-' : caller.name;
  return [
    String(number),
    at,
    who,
    caller.method,
    action,
    subject,
    text === undefined ? outcome : `${outcome}: ${text}`,
  ];
}

async function verify({ environment, output }: CommandContext): CommandResult {
  const { openAuditLog } = await import('../../operations/access/audit.ts');
  const log = openAuditLog(environment.stateFolder);
  const verdict = await log.verify();
  const { entries, faults, lastHash } = verdict;
  output.document({ file: log.file, verdict: faults.length === 0 ? 'pass' : 'fail', ...verdict });
  output.say(
    faults.length === 0
      ? lastHash === undefined
        ? nothingIn(log.file)
        : `${log.file}: ${entries} ${entries === 1 ? 'entry' : 'entries'}, none changed, none removed before the newest. Its hash: ${lastHash}`
      : `${log.file} was changed:\n${faults.map((fault) => `  ${fault}`).join('\n')}`,
  );
  return faults.length === 0 ? exitCodes.passed : exitCodes.failed;
}

/** Failure: InvalidArgument. */
function countOf(given = ''): number {
  if (/^[1-9]\d{0,5}$/.test(given)) return Number(given);
  throw new Failure('InvalidArgument', {
    message: `--limit "${given}" is not a number of entries`,
    remedy: 'Give a whole number from 1 to 999999',
  });
}
