// HotSpot's interpreter in C++ (Zero) as a compiler left it in libjvm.so: where its bodies are, how large, and through which indirect
// jumps they leave. It is one function, with a table of 256 addresses of labels. Calls and returns leave the function; its frame manager
// enters it again, and the first dispatch there goes to the callee's first instruction, or to what follows the call.
import { hexadecimal } from "../branch.ts";
import { RunError } from "../errors.ts";
import { hotspotOpcodes } from "../guests/java/hotspot/codes.ts";
import { type Binary, type DisassembledInstruction, isIndirectJump, jumpOf, readBinary } from "./binary.ts";
import { measureBodies, writeBodies } from "./body-sizes.ts";
import { sitesFrom } from "./dispatch-sites.ts";
import { jumpTable } from "./jump-table.ts";
import { relativeRelocations } from "./relative-relocations.ts";
import { runTool } from "./tools.ts";

/** The variant that runs when nothing debugs the program: BytecodeInterpreter::run<false, true>, which rewrites code. */
export const ZERO_INTERPRETER = "_ZN19BytecodeInterpreter3runILb0ELb1EEEvPS_";
const TABLE = new RegExp(`^([0-9a-f]+) [0-9a-f]+ \\w _ZZ${ZERO_INTERPRETER.slice(2)}E14opclabels_data$`, "m");
const TABLE_SIZE = 256;

/** Opcodes that class files and HotSpot have, and that it never dispatches: they have the body that ends it. */
const NEVER = /^(breakpoint|nofast_.*|shouldnotreachhere|fast_(linear|binary)switch)$/;

export interface ZeroBinary {
  readonly binary: Binary;
  /** Addresses of bodies by opcode: 256. */
  readonly entries: readonly number[];
  /** Addresses of the indirect jumps that dispatch. */
  readonly sites: readonly number[];
}

/** Whether it dispatches: it reads its target from the table of bodies. All others are switches inside bodies. */
const dispatches = ({ text }: DisassembledInstruction): boolean => /^(notrack )?jmpq?\s+\*\(%\w+,%\w+,8\)/.test(text);

/** @throws RunError when it has no such table, UsageError when binutils are not installed */
export function readZero(path: string): ZeroBinary {
  const binary = readBinary(path, (symbol) => symbol === ZERO_INTERPRETER);
  const [, address] = TABLE.exec(runTool("nm", ["-S", "--defined-only", path])) ?? [];
  if (address === undefined) throw new RunError(`${path}: expected opclabels_data, the table of its bodies, found none: is it stripped?`);
  const start = Number.parseInt(address, 16);
  const entries: number[] = [];
  for (const { slot, target } of relativeRelocations(path)) {
    if (slot >= start && slot < start + 8 * TABLE_SIZE) entries[(slot - start) / 8] = target;
  }
  if (Object.keys(entries).length !== TABLE_SIZE)
    throw new RunError(`${path}: expected a table of ${TABLE_SIZE} bodies, found one of ${Object.keys(entries).length}`);
  return { binary, entries, sites: binary.instructions.filter(dispatches).map(({ address }) => address) };
}

/** The opcodes that it dispatches, by number, those of one body once each. */
const opcodesIn = ({ entries }: ZeroBinary): { readonly name: string; readonly entry: number }[] =>
  hotspotOpcodes.flatMap(({ name }, code) => (NEVER.test(name) ? [] : [{ name, entry: entries[code] }]));

/** Where the jumps of switches inside bodies go; empty for a dispatch. */
const casesIn =
  ({ binary }: ZeroBinary) =>
  (site: number): readonly number[] => {
    const instruction = binary.instructions.find(({ address }) => address === site);
    return instruction === undefined || dispatches(instruction) ? [] : jumpTable(binary, site);
  };

/** Where the part of a body that begins at its entry ends: after it there may be parts of others, which are needed rarely. */
function endOf(entry: number, bound: number, zero: ZeroBinary, cases: (site: number) => readonly number[]): number {
  const { instructions } = zero.binary;
  const first = instructions.findIndex(({ address }) => address === entry);
  const seen = new Set<number>();
  const waiting = [first];
  let last = first;
  for (let from = waiting.pop(); from !== undefined; from = waiting.pop()) {
    for (let i = from; i < instructions.length && instructions[i].address < bound && !seen.has(i); i++) {
      seen.add(i);
      last = Math.max(last, i);
      const instruction = instructions[i];
      const jump = jumpOf(instruction);
      const targets = isIndirectJump(instruction) ? cases(instruction.address) : jump === undefined ? [] : [jump.target];
      for (const target of targets) {
        if (target > entry && target < bound) waiting.push(instructions.findIndex(({ address }) => address === target));
      }
      if (isIndirectJump(instruction) || jump?.conditional === false || /^ret/.test(instruction.text)) break;
    }
  }
  return Math.min(bound, instructions[last + 1]?.address ?? bound);
}

/**
 * Sizes of the bodies, in the form of native-code/*.csv.
 * @param comments comments for the file, its title first
 */
export function zeroBodies(zero: ZeroBinary, comments: readonly string[]): string {
  const { binary, entries } = zero;
  const withoutSwitches = {
    ...binary,
    instructions: binary.instructions.map((instruction) =>
      isIndirectJump(instruction) && !dispatches(instruction) ? { ...instruction, text: `switch ${instruction.text}` } : instruction,
    ),
  };
  const cases = casesIn(zero);
  const bodies = [...new Set(entries)].sort((a, b) => a - b);
  const [{ end }] = binary.ranges;
  const all = [...new Set(bodies.flatMap((entry, i) => [entry, endOf(entry, bodies[i + 1] ?? end, zero, cases)]))];
  const measured = measureBodies(withoutSwitches, all);
  const of = (entry: number) => measured[all.indexOf(entry)];
  const nop = of(entries[0]);
  const opcodes = opcodesIn(zero);
  return writeBodies(
    opcodes.map(({ name }) => name),
    opcodes.map(({ entry }) => of(entry)),
    { bytes: nop.toDispatch ?? 0, instructions: nop.code.length },
    [
      ...comments,
      "Bytes and native instructions of each body from its entry to the end of what it can reach before the next entry, its dispatch included.",
      "Padding that control never comes to counts as bytes alone. Empty bytes_to_own_dispatch: the body leaves the function (calls, returns,",
      "athrow), or through code that it shares with others. The dispatch is nop's body: add the length; load the opcode; jmp *(table,opcode,8).",
      "What bodies need rarely (an exception, a class to be resolved) lies elsewhere, and is left out.",
    ],
  );
}

const CALLS = /^(invoke|fast_invoke)/;
const LEAVES = /^([ilfda]?return|return_register_finalizer|athrow)$/;

/**
 * Where the straight way is the rare one, as recordings show: an object that the thread's own memory has no room for; a frame that has a
 * place for the lock already. Without it monitorenter leaves the function, and the frame manager makes one.
 */
const RARE_FIRST = ["new", "monitorenter"];

/**
 * Which bodies share a dispatch, in the form of native-code/*.sites.csv.
 * @param comments comments for the file, its title first
 */
export function zeroSites(zero: ZeroBinary, comments: readonly string[]): string {
  const { binary } = zero;
  const cases = casesIn(zero);
  const [{ start }] = binary.ranges;
  // straight on from its beginning there is a switch on the frame manager's message, all of whose cases come to the first dispatch
  const [entrySite] = sitesFrom(start, binary, cases);
  const rows = opcodesIn(zero).map(({ name, entry }) => {
    const found = sitesFrom(entry, binary, cases);
    if (RARE_FIRST.includes(name)) found.splice(0, 2, found[1], found[0]);
    const [site, ...others] = CALLS.test(name) || LEAVES.test(name) ? [entrySite] : found;
    return [name, hexadecimal(site), hexadecimal(entry), others.map(hexadecimal).join(" ")].join(",");
  });
  const sites = zero.sites.length;
  const bodies = new Set(opcodesIn(zero).map(({ entry }) => entry)).size;
  return [
    ...comments.map((line) => `# ${line}`),
    `# ${rows.length} opcodes, ${bodies} bodies, ${sites} indirect jumps that dispatch (${binary.sites.length - binary.calls - sites} more are switches inside bodies).`,
    "# dispatch_site: the one that control comes to along the straight way (of new and monitorenter the next one, which is mostly used);",
    "# other_sites: those after conditionals that jump. Calls, returns and athrow leave the function, and what comes next is dispatched by",
    "# (entry). Rows with one body_address are one body.",
    "opcode,dispatch_site,body_address,other_sites",
    `(entry),${hexadecimal(entrySite)},,`,
    ...rows,
    "",
  ].join("\n");
}
