import type { CompletedCommand, Values } from './words.ts';

// POSIX tools and bash 3.2 suffice. Words are matched in the script itself; only names of platforms and runs are asked
// for, from the very program that is being typed.

/** A script for bash, to be sourced. */
export function bashScript(commands: readonly CompletedCommand[]): string {
  return `# rekindle completion bash
_rekindle() {
  local words=() word cur="" command="" position=0 value="" options="" look="" index
  # bash splits words at colons and equal signs; a run's id has colons.
  for ((index = 1; index <= COMP_CWORD; index++)); do
    word=\${COMP_WORDS[index]}
    if [[ \${#words[@]} -gt 0 && ( $word == :* || \${words[\${#words[@]}-1]} == *: ) ]]; then
      words[\${#words[@]}-1]+=$word
    elif [[ $word == "=" ]]; then
      [[ $index -eq $COMP_CWORD ]] && words+=("")
    else
      words+=("$word")
    fi
  done
  cur=\${words[\${#words[@]}-1]}
  for ((index = 0; index < \${#words[@]} - 1; index++)); do
    word=\${words[index]}
    if [[ -n $value ]]; then value=""
    elif [[ $word == -* ]]; then
      case "$command $word" in
        ${optionPatterns(commands) || "' '"}) value=$word ;;
      esac
    elif [[ -z $command ]]; then command=$word
    else position=$((position + 1))
    fi
  done
  case "$command \${value:-$position}" in
    " 0") options=${quote(commands.map(({ name }) => name).join(' '))} ;;
${commands.flatMap(casesOf).join('\n')}
  esac
  if [[ $cur == -* && -z $value ]]; then
    look=""
    case "$command" in
      "") options="--json --version --help" ;;
${commands.map(optionCase).join('\n')}
    esac
  fi
  [[ $look == runs && $cur != */* ]] && look=platforms
  [[ -n $look ]] && options=$("\${COMP_WORDS[0]}" completion --list "$look" 2>/dev/null)
  COMPREPLY=()
  while IFS= read -r word; do [[ -n $word ]] && COMPREPLY+=("$word"); done < <(compgen -W "$options" -- "$cur")
  # What stands before the last colon is typed already.
  if [[ $cur == *:* && $COMP_WORDBREAKS == *:* ]]; then
    word=\${cur%"\${cur##*:}"}
    COMPREPLY=("\${COMPREPLY[@]#"$word"}")
  fi
}
complete -o default -F _rekindle rekindle
`;
}

/** `restore --point|restore --before`: the options that take a value. */
function optionPatterns(commands: readonly CompletedCommand[]): string {
  return commands
    .flatMap(({ name, options }) =>
      options.filter(({ value }) => value !== undefined).flatMap(({ names }) => names.map((one) => `${name} ${one}`)),
    )
    .map(quote)
    .join(' | ');
}

function casesOf({ name, arguments: args, options }: CompletedCommand): string[] {
  return [
    ...args.map((values, position) => [`${name} ${position}`, values] as const),
    ...options.flatMap(({ names, value }) => (value ? names.map((one) => [`${name} ${one}`, value] as const) : [])),
  ].flatMap(([where, { words, look }]) =>
    words.length === 0 && look === undefined ? [] : [`    ${quote(where)}) ${assignments({ words, look })} ;;`],
  );
}

function assignments({ words, look }: Values): string {
  return look === undefined ? `options=${quote(words.join(' '))}` : `look=${look}`;
}

function optionCase({ name, options }: CompletedCommand): string {
  return `      ${name}) options=${quote(options.flatMap(({ names }) => names).join(' '))} ;;`;
}

const quote = (text: string) => `"${text}"`;
