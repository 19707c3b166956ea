import os from 'node:os';
import { Argument, Option } from 'commander';
import { roles, type Role } from '../../domain/access.ts';
import { Failure } from '../../domain/failures.ts';
import { text, type Command, type CommandContext, type CommandResult, type Options } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { expiryOf } from '../expiry.ts';
import { table } from '../render/table.ts';

const actions = ['create', 'list', 'revoke'] as const;
type Action = (typeof actions)[number];
const optionsOf: Record<Action, readonly string[]> = { create: ['name', 'role', 'expires'], list: [], revoke: [] };

export const token: Command = {
  usage: 'token',
  description: "who may use the gateway and its page: create, list and revoke tokens, on the gateway's machine",
  example: 'rekindle token create --name alice --role approver --expires 90d',
  arguments: [
    new Argument('<action>', 'what to do').choices(actions),
    new Argument('[name]', "revoke: the token's name"),
  ],
  options: [
    new Option('--name <name>', 'create: of the person or the program; approvals carry it'),
    new Option('--role <role>', 'create: what it may do; each may do what the one before it may').choices(roles),
    new Option('--expires <when>', 'create: a time (ISO 8601), or how long: 12h, 90d; default: never'),
  ],
  async run(context, [given = '', name], options) {
    const action = given as Action;
    refuseWhatDoesNotFit(action, name, options);
    switch (action) {
      case 'create':
        return create(context, options);
      case 'list':
        return list(context);
      case 'revoke':
        return revoke(context, name);
    }
  },
};

async function create(context: CommandContext, options: Options): CommandResult {
  const { environment, output } = context;
  const name = validName(text(options['name']));
  const role = text(options['role']) as Role | undefined;
  if (role === undefined) throw missing('--role', `one of ${roles.join(', ')}`);
  const expiresAt = expiryOf(text(options['expires']), Date.now());
  const { openTokens } = await import('../../operations/access/tokens.ts');
  const tokens = openTokens(environment.stateFolder);
  const first = !(await tokens.exist());
  const secret = await tokens.create({ name, role, expiresAt });
  await record(context, 'create token', `${name}, ${role}`);
  const until = expiresAt === undefined ? 'until it is revoked' : `until ${expiresAt}`;
  output.reveal(secret, { name, role, expiresAt, token: secret });
  output.wait(`The token of ${name}, ${role}, valid ${until}. It is shown this once: keep it like a password`);
  if (first) output.wait('It is the first one: from now on the gateway asks everybody to log in');
  return exitCodes.passed;
}

async function list({ environment, output }: CommandContext): CommandResult {
  const { openTokens } = await import('../../operations/access/tokens.ts');
  const kept = await openTokens(environment.stateFolder).list();
  const tokens = kept.map(({ hash: _, ...shown }) => shown);
  output.document({ tokens });
  const rows = tokens.map(({ name, role, createdAt, expiresAt, lastUsedAt }) => [
    ...[name, role, createdAt],
    expiresAt === undefined ? 'never' : `${expiresAt}${Date.parse(expiresAt) <= Date.now() ? ' (expired)' : ''}`,
    lastUsedAt ?? 'never',
  ]);
  output.say(
    rows.length === 0
      ? `No token in ${environment.stateFolder}`
      : table([['NAME', 'ROLE', 'CREATED', 'EXPIRES', 'LAST USED'], ...rows]).join('\n'),
  );
  return exitCodes.passed;
}

async function revoke(context: CommandContext, name: string | undefined): CommandResult {
  const { environment, output } = context;
  if (name === undefined) throw missing('The name of the token', 'one that "rekindle token list" shows');
  const { openTokens } = await import('../../operations/access/tokens.ts');
  await openTokens(environment.stateFolder).revoke(name);
  await record(context, 'revoke token', name);
  output.document({ revoked: name });
  output.say(`The token of ${name} and its sessions are no longer valid`);
  return exitCodes.passed;
}

/** Whoever can write the state folder could write the file as well: the name is that of the machine's user. */
async function record({ environment }: CommandContext, action: string, subject: string): Promise<void> {
  const { openAuditLog } = await import('../../operations/access/audit.ts');
  const name = `${os.userInfo().username}@${os.hostname()}`;
  const caller = { name, role: 'approver', method: 'none' } as const;
  await openAuditLog(environment.stateFolder).append({ caller, action, subject, outcome: 'done' });
}

/** Failure: InvalidArgument. */
function validName(name: string | undefined): string {
  if (name === undefined) throw missing('--name', 'the name of the person or the program that uses the token');
  if (/^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/.test(name)) return name;
  throw new Failure('InvalidArgument', {
    message: `--name "${name}" is not a name for a token`,
    remedy: 'Begin with a letter or digit, then letters, digits, ".", "_", "@" and "-", 64 at most',
  });
}

function refuseWhatDoesNotFit(action: Action, name: string | undefined, options: Options): void {
  const stray = optionsOf.create.find((option) => option in options && !optionsOf[action].includes(option));
  if (stray !== undefined)
    throw new Failure('InvalidArgument', {
      message: `--${stray} cannot be used with "token ${action}"`,
      remedy: '"rekindle token --help" says which option goes with which action',
    });
  if (name !== undefined && action !== 'revoke')
    throw new Failure('InvalidArgument', {
      message: `"token ${action}" takes no "${name}"`,
      remedy: action === 'create' ? `Name the token with --name ${name}` : 'Leave it out',
    });
}

function missing(what: string, remedy: string): Failure {
  return new Failure('InvalidArgument', { message: `${what} is missing`, remedy: `Give ${remedy}` });
}
