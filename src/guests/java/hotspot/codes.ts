// HotSpot's own opcodes, which it writes into code beside those of class files (bytecodes.hpp of JDK 17; its successors to 22 have the
// same list). Zero, the interpreter in C++, and the template interpreter number them alike, but neither uses all of them.
import { MEDIAN_BODY } from "../../../bodies/median-body.ts";
import type { Flow, Opcode } from "../../../trace/virtual.ts";
import { instructions, operandSlots } from "../instructions.ts";
import { SLOW_NAMES } from "../quickening.ts";

/** The oldest and the newest JDK whose HotSpot numbers its own opcodes so: 17 has been tried. */
export const NUMBERED_SO = { oldest: 17, newest: 22 } as const;

/** By number, after the 202 of class files. */
export const HOTSPOT_NAMES: readonly string[] = (
  "breakpoint fast_agetfield fast_bgetfield fast_cgetfield fast_dgetfield fast_fgetfield fast_igetfield fast_lgetfield fast_sgetfield " +
  "fast_aputfield fast_bputfield fast_zputfield fast_cputfield fast_dputfield fast_fputfield fast_iputfield fast_lputfield fast_sputfield " +
  "fast_aload_0 fast_iaccess_0 fast_aaccess_0 fast_faccess_0 fast_iload fast_iload2 fast_icaload fast_invokevfinal fast_linearswitch " +
  "fast_binaryswitch fast_aldc fast_aldc_w return_register_finalizer invokehandle nofast_getfield nofast_putfield nofast_aload_0 " +
  "nofast_iload shouldnotreachhere"
).split(" ");

const NUMBERS: ReadonlyMap<string, number> = new Map(HOTSPOT_NAMES.map((name, i) => [name, instructions.length + i]));

/** The number of one of HotSpot's own opcodes. */
export function hotspotCode(name: string): number {
  const code = NUMBERS.get(name);
  if (code === undefined) throw new Error(`HotSpot has no opcode ${name}`);
  return code;
}

/** Those that execute two instructions of the class file, and go on after the second one. */
export const PAIRS: readonly number[] = ["fast_iaccess_0", "fast_aaccess_0", "fast_faccess_0", "fast_iload2", "fast_icaload"].map(
  hotspotCode,
);

/** What the others stand for, where the name does not say. */
const INSTEAD_OF: Readonly<Record<string, string>> = {
  fast_invokevfinal: "invokevirtual",
  invokehandle: "invokevirtual",
  fast_linearswitch: "lookupswitch",
  fast_binaryswitch: "lookupswitch",
  return_register_finalizer: "return",
  fast_aload_0: "aload_0",
  fast_iload: "iload",
  fast_aldc: "ldc",
  fast_aldc_w: "ldc_w",
};

function flowAndOperands(name: string): { readonly flow: Flow; readonly operands: number } {
  // the address after a pair is known: its second instruction is passed over
  if (PAIRS.includes(hotspotCode(name))) return { flow: "jump", operands: name === "fast_iload2" ? 2 : 1 };
  const [, access] = /^(?:no)?fast_[a-z]??((?:get|put)field)$/.exec(name) ?? [];
  const found = instructions.find((instruction) => instruction.name === (access ?? INSTEAD_OF[name] ?? name.replace("nofast_", "")));
  return found === undefined ? { flow: "next", operands: 0 } : { flow: found.flow, operands: operandSlots(found) };
}

/** Instructions that may have to resolve their operand whenever they execute: their bodies call the virtual machine. */
const RESOLVING: readonly string[] = [...SLOW_NAMES, "fast_aldc", "fast_aldc_w", "invokehandle"];

/** Of them, those that execute once and are then replaced by a form that resolves nothing. */
const REPLACED: readonly string[] = ["getfield", "putfield"];

/** All opcodes under HotSpot's rewriting: those of class files, then its own. */
export const hotspotOpcodes: readonly Opcode[] = [
  ...instructions.map((instruction) => ({ name: instruction.name, flow: instruction.flow, operands: operandSlots(instruction) })),
  ...HOTSPOT_NAMES.map((name) => ({ name, ...flowAndOperands(name) })),
].map((opcode) => ({
  ...MEDIAN_BODY,
  ...opcode,
  ...(RESOLVING.includes(opcode.name) ? { helperCalls: 1, relocatable: false } : {}),
  ...(REPLACED.includes(opcode.name) ? { quickens: true } : {}),
}));
