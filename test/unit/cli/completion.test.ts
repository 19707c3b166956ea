import { execFile, spawnSync } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { completion } from '../../../cli/commands/completion.ts';
import { bashScript } from '../../../cli/completion/bash.ts';
import { fishScript } from '../../../cli/completion/fish.ts';
import { completedCommands } from '../../../cli/completion/words.ts';
import { zshScript } from '../../../cli/completion/zsh.ts';
import { makeProgram } from '../../../cli/program.ts';
import type { Toolbox } from '../../../cli/toolbox.ts';
import { runCommand } from '../../run-command.ts';

const run = promisify(execFile);
const program = makeProgram({} as Toolbox, () => undefined, '1.2.3');
const commands = completedCommands(program);
const scripts = { bash: bashScript(commands), zsh: zshScript(commands), fish: fishScript(commands) };
const isThere = (shell: string) => spawnSync(shell, ['--version']).status === 0;

let folder: string;
/** Stands in for the program, as far as the scripts ask it. */
let rekindle: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rekindle-completion-'));
  rekindle = join(folder, 'rekindle');
  const names = 'nuvla\nnuvla-test';
  await writeFile(
    rekindle,
    `#!/bin/sh\ncase "$*" in\n*platforms) echo '${names}' ;;\n*runs) printf '%s\\n' '${names}' restore/nuvla/2026-11-21T09:30:00Z restore/nuvla/2026-11-21T09:31:00Z ;;\nesac\n`,
  );
  await chmod(rekindle, 0o755);
  for (const [shell, script] of Object.entries(scripts)) await writeFile(join(folder, shell), script);
});
afterAll(() => rm(folder, { recursive: true }));

describe.each(Object.keys(scripts))('%s', (shell) => {
  (isThere(shell) ? test : test.skip)('accepts the script', async () => {
    await run(shell, ['-n', join(folder, shell)]);
  });

  test('every command is in it, with each of its options', () => {
    const script = scripts[shell as keyof typeof scripts];
    for (const command of program.commands) {
      expect(script).toContain(command.name());
      for (const { long } of command.options.filter(({ hidden }) => !hidden))
        expect(script).toContain((long ?? '').replace('--', shell === 'fish' ? '' : '--'));
    }
  });
});

/** What bash offers for a line, split into words as bash splits it: the last one is being typed. */
async function offers(...words: string[]): Promise<string[]> {
  const quoted = [rekindle, ...words].map((word) => `'${word}'`).join(' ');
  const script = `
    COMP_WORDBREAKS=$' \\t\\n"\\'><=;|&(:'
    source '${join(folder, 'bash')}'
    COMP_WORDS=(${quoted}); COMP_CWORD=${words.length}; _rekindle
    [[ \${#COMPREPLY[@]} -gt 0 ]] && printf '%s\\n' "\${COMPREPLY[@]}"
    complete -p rekindle >&2`;
  const { stdout, stderr } = await run('bash', ['--norc', '-c', script]);
  expect(stderr).toContain('-F _rekindle rekindle');
  return stdout.split('\n').filter((line) => line !== '');
}

describe('bash completes', () => {
  test('commands', async () => {
    expect(await offers('re')).toEqual(['restore', 'rebuild', 'release', 'reject', 'report', 'restore-self']);
    expect(await offers('--v')).toEqual(['--version']);
  });

  test('platforms, and options wherever they stand', async () => {
    expect(await offers('restore', '')).toEqual(['nuvla', 'nuvla-test']);
    expect(await offers('restore', '--yes', 'nuvla-')).toEqual(['nuvla-test']);
    expect(await offers('restore', 'nuvla', '--')).toEqual(expect.arrayContaining(['--point', '--dry-run', '--json']));
    expect(await offers('restore', 'nuvla', '')).toEqual([]);
  });

  test('what an option takes, with a space or an equal sign', async () => {
    expect(await offers('restore', 'nuvla', '--point', 'p')).toEqual(['proven']);
    expect(await offers('restore', 'nuvla', '--volumes', '=', '')).toEqual(['quarantine', 'remove']);
    expect(await offers('restore', '--by', 'x', '')).toEqual(['nuvla', 'nuvla-test']);
  });

  test('choices of an argument', async () => {
    expect(await offers('decide', 'nuvla', 'r')).toEqual(['retry', 'rollback']);
    expect(await offers('schedule', 'nuvla', '')).toEqual(['apply', 'show', 'pause', 'resume', 'backfill']);
  });

  test('runs by platform first; ids, with their colons, when one was begun', async () => {
    expect(await offers('status', '')).toEqual(['nuvla', 'nuvla-test']);
    expect(await offers('status', 'restore/')).toEqual([
      'restore/nuvla/2026-11-21T09:30:00Z',
      'restore/nuvla/2026-11-21T09:31:00Z',
    ]);
    // bash replaces what follows the last colon only.
    expect(await offers('status', 'restore/nuvla/2026-11-21T09', ':', '31')).toEqual(['31:00Z']);
    expect(await offers('decide', 'restore/nuvla/2026-11-21T09', ':', '31', ':', '00Z', 'ab')).toEqual(['abort']);
  });
});

test('names come from the folder of platform files; of runs none while Temporal is away', async () => {
  await writeFile(join(folder, 'nuvla.yaml'), '');
  const variables = { REKINDLE_PLATFORMS: folder, TEMPORAL_ADDRESS: '127.0.0.1:1' };
  for (const list of ['platforms', 'runs'])
    expect((await runCommand(variables, completion, [], { list })).said).toBe('nuvla');
});
