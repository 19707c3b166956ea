import { makeProgram } from '../../../cli/program.ts';
import type { Toolbox } from '../../../cli/toolbox.ts';
import { textOf } from '../../markdown.ts';

const page = textOf('docs/reference/commands.md');
const commands = makeProgram({} as Toolbox, () => undefined, '0.0.0').commands.map((command) => ({
  name: command.name(),
  options: command.options
    .filter(({ hidden }) => !hidden)
    .map(({ long }) => long ?? '')
    .filter((option) => option !== '--json'),
}));

test.each(commands)('the reference lists $name with all its options', ({ name, options }) => {
  expect(page).toMatch(new RegExp(`^\\| \`${name}[ \`]`, 'm'));
  // A row of options names the option, then the commands that it belongs to.
  const rows = page.split('\n').filter((line) => line.startsWith('| `--'));
  const missing = options.filter((option) => !rows.some((row) => row.includes(`\`${option}`) && belongs(row, name)));
  expect(missing).toEqual([]);
});

function belongs(row: string, name: string): boolean {
  const [, , of = ''] = row.replaceAll('\\|', '/').split('|');
  if (of.trim().startsWith('all but')) return !of.includes(`\`${name}\``);
  return new RegExp(`\`${name}[ \`]`).test(of);
}
