// Completion for fish.
import type { KnownCommand } from "./vocabulary.ts";

/** A text in fish's single quotes. */
const quoted = (text: string): string => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;

export function fishCompletion(commands: readonly KnownCommand[]): string {
  const lines = [
    "# Completion of bplab for fish: bplab completion fish | source",
    "complete -c bplab -e",
    ...commands.map(({ name, description }) => `complete -c bplab -n __fish_use_subcommand -f -a ${name} -d ${quoted(description)}`),
  ];
  for (const { name, options, operands } of commands) {
    const begin = `complete -c bplab -n '__fish_seen_subcommand_from ${name}'`;
    if (operands.length > 0) lines.push(`${begin} -a ${quoted(operands.join(" "))}`);
    for (const { flag, description, takesValue, values } of options) {
      // a list goes on after its last comma
      const list = values.length === 0 ? "" : ` -f -a "(__fish_complete_list , 'printf \\"%s\\\\n\\" ${values.join(" ")}')"`;
      lines.push(`${begin} -l ${flag.slice(2)}${takesValue ? " -r" : ""}${list} -d ${quoted(description)}`);
    }
  }
  return `${lines.join("\n")}\n`;
}
