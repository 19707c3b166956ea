import type { Command } from 'commander';
import { exitCodes } from '../../../cli/exit-codes.ts';
import { makeProgram } from '../../../cli/program.ts';
import type { Toolbox } from '../../../cli/toolbox.ts';

const program = makeProgram({} as Toolbox, () => undefined, '1.2.3');

function helpOf(command: Command): string {
  let help = '';
  command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
  return help;
}

test('the overview names every command and the exit codes', () => {
  const overview = helpOf(program);
  for (const code of Object.values(exitCodes)) expect(overview).toMatch(new RegExp(`\\b${code} `));
  const names = [...overview.matchAll(/^ {2}([a-z-]+) (?:\[|<|\S)/gm)].map(([, name = '']) => name);
  for (const command of program.commands) expect(names).toContain(command.name());
  expect(program.commands.length).toBeGreaterThan(30);
});

test.each(program.commands.map((command) => [command.name(), command] as const))(
  '%s shows an example',
  (name, command) => {
    expect(helpOf(command)).toMatch(new RegExp(`\nExample: .*rekindle ${name}`));
  },
);
