import type { CompletedCommand, CompletedOption, Values } from './words.ts';

/** A script for fish, to be sourced. */
export function fishScript(commands: readonly CompletedCommand[]): string {
  return `# rekindle completion fish
function __rekindle_at
    set -l words (commandline -opc)
    set -l plain (string match -v -- '-*' $words[2..])
    test (count $plain) -eq $argv[2]; and test "$plain[1]" = $argv[1]
end
function __rekindle_look
    set -l program (commandline -opc)[1]
    set -l what $argv[1]
    if test $what = runs; and not string match -q '*/*' -- (commandline -ct)
        set what platforms
    end
    $program completion --list $what 2>/dev/null
end
complete -c rekindle -f
complete -c rekindle -n __fish_use_subcommand -l json -d 'print one JSON document'
complete -c rekindle -n __fish_use_subcommand -s V -l version -d 'show the version'
${commands.flatMap(linesOf).join('\n')}
`;
}

function linesOf({ name, description, arguments: args, options }: CompletedCommand): string[] {
  const here = `complete -c rekindle -n '__fish_seen_subcommand_from ${name}'`;
  return [
    `complete -c rekindle -n __fish_use_subcommand -a ${name} -d ${quote(description)}`,
    ...args.flatMap((values, index) =>
      hasNone(values) ? [] : [`complete -c rekindle -n '__rekindle_at ${name} ${index + 1}' -a ${wordsOf(values)}`],
    ),
    ...options.map((option) => `${here} ${namesOf(option)} -d ${quote(option.description)}${valueOf(option)}`),
  ];
}

function namesOf({ names }: CompletedOption): string {
  return names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`)).join(' ');
}

function valueOf({ value }: CompletedOption): string {
  if (value === undefined) return '';
  return hasNone(value) ? ' -r' : ` -x -a ${wordsOf(value)}`;
}

const hasNone = ({ words, look }: Values) => words.length === 0 && look === undefined;
const wordsOf = ({ words, look }: Values) =>
  look === undefined ? quote(words.join(' ')) : `'(__rekindle_look ${look})'`;
const quote = (text: string) => `'${text.replaceAll(/[\\']/g, String.raw`\$&`)}'`;
