// Reads OCaml's bytecode interpreter from an ocamlrun binary: addresses and sizes of its bodies, and the indirect jumps through which
// they leave. The interpreter is one function; a table in the file's data holds the address of each opcode's body.
import { hexadecimal } from "../branch.ts";
import { RunError } from "../errors.ts";
import { EFFECT_INSTRUCTIONS, instructions } from "../guests/ocaml/instructions.ts";
import { type Binary, type DisassembledInstruction, readBinary } from "./binary.ts";
import { type BodyCode, measureBodies, writeBodies } from "./body-sizes.ts";
import { loaded, sitesFrom } from "./dispatch-sites.ts";
import { relativeRelocations } from "./relative-relocations.ts";

/** The function that interprets. */
export const INTERPRETER = "caml_interprete";

export interface OcamlrunBinary {
  readonly binary: Binary;
  /** Addresses of bodies, by opcode. */
  readonly entries: readonly number[];
  /** Names of opcodes, by number: OCaml 4's, or those of OCaml 5, which has a few more. */
  readonly names: readonly string[];
}

const NAMES = instructions.map(({ name }) => name);
const COUNTS = [NAMES.length - EFFECT_INSTRUCTIONS, NAMES.length];

/** @throws RunError when it has no such table, UsageError when binutils are not installed */
export function readOcamlrun(path: string): OcamlrunBinary {
  const binary = readBinary(path, (symbol) => symbol === INTERPRETER, "dynamic");
  const [{ start, end }] = binary.ranges;
  // the table is filled when the program is loaded: a series of relocations, all of which point into the function
  const table: number[] = [];
  let next = -1;
  for (const { slot, target } of relativeRelocations(path)) {
    if (target < start || target >= end) continue;
    if (slot !== next) table.length = 0;
    table.push(target);
    next = slot + 8;
  }
  if (!COUNTS.includes(table.length))
    throw new RunError(`${path}: expected a table of ${COUNTS.join(" or ")} bodies, found one of ${table.length}`);
  return { binary, entries: table, names: NAMES.slice(0, table.length) };
}

/** An instruction's text without parts that depend on its address. */
const placeless = ({ text }: DisassembledInstruction): string => text.replace(/-?0x[0-9a-f]+\(%rip\).*/, "(%rip)");

/** The dispatch: the common part of the shortest bodies, ACC0 and ACC1, which load from different slots. */
function dispatchOf(acc0: BodyCode, acc1: BodyCode): { readonly bytes: number; readonly instructions: number } {
  const other = new Set(acc1.code.map(placeless));
  const work = acc0.code.filter((instruction) => !other.has(placeless(instruction)));
  const bytesOf = (instruction: DisassembledInstruction): number => {
    const behind = acc0.code[acc0.code.indexOf(instruction) + 1];
    return behind.address - instruction.address;
  };
  return {
    bytes: acc0.bytes - work.reduce((sum, instruction) => sum + bytesOf(instruction), 0),
    instructions: acc0.code.length - work.length,
  };
}

/**
 * Sizes of the bodies, in the form of native-code/*.csv.
 * @param comments comments for the file, its title first
 */
export function ocamlrunBodies({ binary, entries, names }: OcamlrunBinary, comments: readonly string[]): string {
  // code words are offsets from one address, which every dispatch loads
  const [acc0] = measureBodies(binary, [entries[names.indexOf("ACC0")]]);
  const base = acc0.code.map(loaded).find((address) => address !== undefined);
  const bodies = measureBodies(binary, entries, (instruction) => base !== undefined && loaded(instruction) === base);
  const dispatch = dispatchOf(bodies[names.indexOf("ACC0")], bodies[names.indexOf("ACC1")]);
  return writeBodies(names, bodies, dispatch, [
    ...comments,
    "Bytes and native instructions of each body from its entry to the next one's, its dispatch included. Padding that control never",
    "comes to counts as bytes alone. Empty bytes_to_own_dispatch: the body leaves through code that it shares with others, by a jump",
    "(direct_jumps) or by falling into it. The dispatch is what ACC0 and ACC1 have in common: mov the program counter; lea base(%rip);",
    "lea 4(pc); movslq (pc); add; jmp *. Behind the last body stands everybody's out-of-line code, so that it ends with its dispatch here.",
  ]);
}

/**
 * Which bodies share a dispatch, in the form of native-code/*.sites.csv.
 * @param comments comments for the file, its title first
 */
export function ocamlrunSites({ binary, entries, names }: OcamlrunBinary, comments: readonly string[]): string {
  const sites = entries.map((entry) => sitesFrom(entry, binary));
  const rows = names.flatMap((name, opcode) => {
    // STOP returns
    const [site, ...others] = sites[opcode];
    return site === undefined ? [] : [[name, hexadecimal(site), hexadecimal(entries[opcode]), others.map(hexadecimal).join(" ")].join(",")];
  });
  return [
    ...comments.map((line) => `# ${line}`),
    `# ${names.length} opcodes, ${new Set(entries).size} bodies, ${binary.sites.length - binary.calls} indirect jumps. dispatch_site: the one that control comes to along the straight`,
    "# way, on which no conditional jumps; other_sites: those behind conditionals that jump (signals and finalisers that wait).",
    "opcode,dispatch_site,body_address,other_sites",
    ...rows,
    "",
  ].join("\n");
}
