import type { CompletedCommand, CompletedOption, Values } from './words.ts';

/** A script for zsh: to be sourced, or kept as `_rekindle` in a folder of $fpath. */
export function zshScript(commands: readonly CompletedCommand[]): string {
  return `#compdef rekindle
_rekindle_look() {
  local what=$1
  [[ $what == runs && $PREFIX != */* ]] && what=platforms
  local -a found
  found=(\${(f)"$($words_program completion --list $what 2>/dev/null)"})
  compadd -a found
}
_rekindle() {
  local words_program=$words[1] line state
  typeset -A opt_args
  local -a commands
  commands=(
${commands.map(({ name, description }) => `    ${quote(`${escape(name)}:${description}`)}`).join('\n')}
  )
  _arguments -C '--json[print one JSON document]' '(- *)'{-V,--version}'[show the version]' '(- *)'{-h,--help}'[show help]' \\
    '1:command:{_describe command commands}' '*::argument:->command' && return
  [[ $state == command ]] || return
  case $line[1] in
${commands.map(caseOf).join('\n')}
  esac
}
if [[ $funcstack[1] == _rekindle ]]; then _rekindle "$@"; else compdef _rekindle rekindle; fi
`;
}

function caseOf({ name, arguments: args, options }: CompletedCommand): string {
  const specs = [
    ...options.flatMap(optionSpecs),
    ...args.map((values, index) => quote(`${index + 1}:${nameOf(values)}:${actionOf(values)}`)),
  ];
  return `    ${name}) _arguments ${specs.join(' ')} ;;`;
}

function optionSpecs({ names, description, value }: CompletedOption): string[] {
  const explained = `[${description.replaceAll(/[[\\]:]/g, ' ')}]`;
  return names.map((name) => quote(`${name}${explained}${value ? `:${nameOf(value)}:${actionOf(value)}` : ''}`));
}

const nameOf = ({ look }: Values) => (look === undefined ? 'value' : look.replace(/s$/, ''));

function actionOf({ words, look }: Values): string {
  if (look !== undefined) return `{_rekindle_look ${look}}`;
  return words.length === 0 ? ' ' : `(${words.join(' ')})`;
}

/** A colon ends the name in what `_describe` is given. */
const escape = (text: string) => text.replaceAll(':', String.raw`\:`);
const quote = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`;
