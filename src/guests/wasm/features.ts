// Proposals that a module uses and Node.js 20 lacks, for modules that cannot be compiled. Each was compiled and run with Node.js 22.23
// and 24.22.
import { instructions } from "./instructions.ts";

const MARKS: readonly (readonly [feature: string, names: RegExp])[] = [
  ["relaxed vectors", /relaxed/],
  ["typed references", /^(return_)?call_ref$|^ref\.as_non_null$|^br_on_(non_)?null$/],
  ["garbage collection", /^(struct|array|i31|any|extern)\.|^ref\.(test|cast|i31|eq)|^br_on_cast/],
  ["exceptions by try_table", /^(try_table|throw_ref)$/],
];

/** The proposals whose opcodes or sections are used. */
export function featuresOf(used: Uint8Array, ofSections: ReadonlySet<string>): readonly string[] {
  const names = instructions.filter((_, opcode) => used[opcode] === 1).map(({ name }) => name);
  const ofCode = MARKS.filter(([, mark]) => names.some((name) => mark.test(name))).map(([feature]) => feature);
  return [...new Set([...ofSections, ...ofCode])];
}
