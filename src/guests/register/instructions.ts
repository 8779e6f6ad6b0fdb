// The instruction set of the register machine: twelve instructions on 256 registers, those of the virtual machine in
// "Virtual machine dispatch experiments in Rust" (pliniker); names, types and the order of operands are our own. A row's
// place in the table is its opcode number, which machine.ts executes.
//
// The native bodies are borrowed: no interpreter of this machine has been measured. Each is that of the nearest opcode of
// a stack machine with 64 opcodes, written in C with computed gotos and disassembled (x86-64, gcc 12 -O2, Debian 12). It
// pops and pushes where this machine would read operands and registers, so counts of native instructions are estimates.
import type { Flow, Opcode } from "../../trace/virtual.ts";

/** The form of an operand in the source. */
export type OperandKind = "register" | "integer" | "boolean" | "label";

export interface Instruction {
  readonly name: string;
  readonly operands: readonly OperandKind[];
  /** What it does; a, b and c are its operands. */
  readonly does: string;
  readonly flow: Flow;
  /** The opcode of the measured stack machine whose body it borrows. */
  readonly body: keyof typeof measured;
}

/** The dispatch that ends every one of the bodies: load, advance, indirect jump. */
const DISPATCH = { bytes: 9, instructions: 3 } as const;

// opcode: [bytes up to the end of its dispatch, instructions with the dispatch, conditional branches, calls, branches that
// leave the body without its dispatch]
const measured = {
  ADD: [17, 5, 0, 0, 0],
  DIV: [48, 13, 2, 0, 2],
  EQ: [23, 7, 0, 0, 0],
  GETL: [28, 8, 0, 0, 0],
  GT: [23, 7, 0, 0, 0],
  HOSTCALL: [35, 10, 0, 1, 0],
  JMP: [10, 3, 0, 0, 0],
  JNZ: [32, 10, 1, 0, 1],
  MOD: [48, 13, 2, 0, 2],
  RET: [26, 7, 0, 0, 0],
  SETL: [25, 7, 0, 0, 0],
} as const;

const three: readonly OperandKind[] = ["register", "register", "register"];

// Loads borrow SETL, which stores into a numbered slot, and not LIT, whose body leaves its work to a tail that it shares.
// Halt borrows RET, because the measured HALT holds the tails of other bodies.
export const instructions: readonly Instruction[] = [
  { name: "halt", operands: [], does: "ends the program", flow: "halt", body: "RET" },
  { name: "jump", operands: ["label"], does: "goes to a", flow: "jump", body: "JMP" },
  { name: "jump-if", operands: ["register", "label"], does: "goes to b if the boolean a is true", flow: "conditional", body: "JNZ" },
  { name: "move", operands: ["register", "register"], does: "a = b, of either type", flow: "next", body: "GETL" },
  { name: "load-integer", operands: ["register", "integer"], does: "a = the integer b", flow: "next", body: "SETL" },
  { name: "load-boolean", operands: ["register", "boolean"], does: "a = the boolean b", flow: "next", body: "SETL" },
  { name: "add", operands: three, does: "a = b + c", flow: "next", body: "ADD" },
  { name: "divide", operands: three, does: "a = b / c, rounded towards zero", flow: "next", body: "DIV" },
  { name: "modulo", operands: three, does: "a = the remainder of b / c, with the sign of b", flow: "next", body: "MOD" },
  { name: "equal", operands: three, does: "a = whether b and c, of the same type, are equal", flow: "next", body: "EQ" },
  { name: "greater", operands: three, does: "a = whether the integer b is greater than c", flow: "next", body: "GT" },
  { name: "random", operands: ["register"], does: "a = the next pseudo-random integer, 0 to 2147483647", flow: "next", body: "HOSTCALL" },
];

/** The facts of every instruction, by opcode number. */
export const opcodes: readonly Opcode[] = instructions.map(({ name, operands, flow, body }) => {
  const [bytes, nativeInstructions, conditionalBranches, helperCalls, leaving] = measured[body];
  return {
    name,
    operands: operands.length,
    flow,
    bodyBytes: bytes - DISPATCH.bytes,
    nativeInstructions: nativeInstructions - DISPATCH.instructions,
    conditionalBranches,
    helperCalls,
    relocatable: helperCalls === 0 && leaving === 0,
  };
});
