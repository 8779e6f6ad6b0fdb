// Completion for zsh.
import type { KnownCommand } from "./vocabulary.ts";

/** Words in a shell's single quotes. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** A branch of a `case` for each list of words. */
const cases = (entries: readonly (readonly [pattern: string, words: readonly string[]])[]): string =>
  entries
    .filter(([, words]) => words.length > 0)
    .map(([pattern, words]) => `    ${quoted(pattern)}) known=(${words.map(quoted).join(" ")}) ;;`)
    .join("\n");

export function zshCompletion(commands: readonly KnownCommand[]): string {
  const values = commands.flatMap(({ name, options }) => options.map((option) => [`${name} ${option.flag}`, option.values] as const));
  const described = commands.map(({ name, description }) => quoted(`${name}:${description}`));
  return `#compdef bplab
# Completion of bplab for zsh: source <(bplab completion zsh)
_bplab_values() {
  case "$1" in
${cases(values)}
  esac
}
_bplab() {
  local -a known
  local command=\${words[2]}
  if (( CURRENT == 2 )); then
    known=(${described.join(" ")})
    _describe command known
  elif [[ $PREFIX == --*=* ]]; then
    _bplab_values "$command \${PREFIX%%=*}"
    compset -P '*='
    if (( $#known )); then compset -P '*,'; compadd -S '' -a known; else _files; fi
  elif [[ $PREFIX == -* ]]; then
    case "$command" in
${cases(commands.map(({ name, options }) => [name, options.map(({ flag }) => flag)]))}
    esac
    compadd -a known
  else
    [[ \${words[CURRENT-1]} == --* ]] && _bplab_values "$command \${words[CURRENT-1]}"
    if (( $#known )); then
      compset -P '*,'
      compadd -S '' -a known
    else
      case "$command" in
${cases(commands.map(({ name, operands }) => [name, operands]))}
      esac
      compadd -a known
      _files
    fi
  fi
}
compdef _bplab bplab
`;
}
