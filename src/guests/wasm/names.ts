// Names of functions, for messages: from the name section, else from exports.
import { type Module, SECTION } from "./module.ts";
import { BinaryReader } from "./reader.ts";

const FUNCTIONS = 1;

/** Names by index of function. What is damaged there is nothing that a run depends on: it ends the list. */
function namedFunctions({ sections, bytes, path }: Module): Map<number, string> {
  const names = new Map<number, string>();
  const section = sections.find(({ id, name }) => id === SECTION.custom && name === "name");
  if (section === undefined) return names;
  const from = new BinaryReader(bytes.subarray(0, section.end), path);
  from.at = section.start;
  try {
    from.name();
    while (from.at < section.end) {
      const kind = from.byte();
      const end = from.u32() + from.at;
      if (kind === FUNCTIONS) for (let count = from.count(); count > 0; count--) names.set(from.u32(), from.name());
      from.at = end;
    }
  } catch {
    return names;
  }
  return names;
}

/** What a function is called in messages. */
export function functionName(module: Module, index: number): string {
  const named = namedFunctions(module).get(index);
  if (named !== undefined) return named;
  return module.exports.find((exported) => exported.kind === "function" && exported.index === index)?.name ?? `function ${index}`;
}
