// Which proposals a module uses, and which Node.js has them: for modules that this one cannot compile.
import { instructions } from "./instructions.ts";

/** From which Node.js on a proposal is on without a flag. */
const SINCE: Readonly<Record<string, string>> = {
  "relaxed vectors": "22",
  "multiple memories": "22",
  "typed references": "22",
  "garbage collection": "22",
  memory64: "24",
  "exceptions by try_table": "25",
};

const MARKS: readonly (readonly [feature: string, names: RegExp])[] = [
  ["relaxed vectors", /relaxed/],
  ["typed references", /^(return_)?call_ref$|^ref\.as_non_null$|^br_on_(non_)?null$/],
  ["garbage collection", /^(struct|array|i31|any|extern)\.|^ref\.(test|cast|i31|eq)|^br_on_cast/],
  ["exceptions by try_table", /^(try_table|throw_ref)$/],
];

/** The proposals of which opcodes are in use, with those of sections. */
export function featuresOf(used: Uint8Array, ofSections: ReadonlySet<string>): readonly string[] {
  const names = instructions.filter((_, opcode) => used[opcode] === 1).map(({ name }) => name);
  const ofCode = MARKS.filter(([, mark]) => names.some((name) => mark.test(name))).map(([feature]) => feature);
  return [...new Set([...ofSections, ...ofCode])].filter((feature) => SINCE[feature] !== undefined);
}

/** One clause for each: "garbage collection (Node.js 22 or later)". */
export const needs = (features: readonly string[]): string =>
  features.map((feature) => `${feature} (Node.js ${SINCE[feature]} or later)`).join(", ");
