// Completion for bash.
import type { KnownCommand } from "./vocabulary.ts";

/** A branch of a `case` for each list of words. */
const cases = (entries: readonly (readonly [pattern: string, words: readonly string[]])[]): string =>
  entries
    .filter(([, words]) => words.length > 0)
    .map(([pattern, words]) => `    ${JSON.stringify(pattern)}) words=${JSON.stringify(words.join(" "))} ;;`)
    .join("\n");

export function bashCompletion(commands: readonly KnownCommand[]): string {
  const values = commands.flatMap(({ name, options }) => options.map((option) => [`${name} ${option.flag}`, option.values] as const));
  return `# Completion of bplab for bash: eval "$(bplab completion bash)"
_bplab() {
  local line="\${COMP_LINE:0:COMP_POINT}" command= previous= words= current before= word
  # the line's own words: bash splits them at = and :, too
  current="\${line##*[[:space:]]}"
  for word in \${line% *}; do
    [[ $previous && ! $command && $word != -* ]] && command="$word"
    previous="$word"
  done
  if [[ $command == "" ]]; then
    if [[ $current == -* ]]; then words="--help --version"; else words=${JSON.stringify(["help", ...commands.map(({ name }) => name)].join(" "))}; fi
  elif [[ $current == --*=* ]]; then
    _bplab_values "$command \${current%%=*}"
    before="\${current%%=*}="
    current="\${current#*=}"
  elif [[ $current == -* ]]; then
    case "$command" in
${cases(commands.map(({ name, options }) => [name, options.map(({ flag }) => flag)]))}
    esac
  else
    [[ $previous == --* ]] && _bplab_values "$command $previous"
    if [[ ! $words ]]; then
      case "$command" in
${cases(commands.map(({ name, operands }) => [name, operands]))}
      esac
    fi
  fi
  # a list goes on after its last comma
  local list="\${current%"\${current##*,}"}"
  [[ $COMP_WORDBREAKS == *=* ]] && before=
  COMPREPLY=($(compgen -P "$before$list" -W "$words" -- "\${current##*,}"))
}
_bplab_values() {
  case "$1" in
${cases(values)}
  esac
}
complete -o default -F _bplab bplab
`;
}
