// WAMR's classic interpreter has more bodies than WebAssembly has instructions: its loader writes other bytes into the code, by the
// width of an operand and by what it names. Instructions with a prefix are dispatched twice: by the prefix, and by what follows it.
import { type Instruction, instructions as plain } from "../instructions.ts";

/** A further body of an instruction. */
export interface Variant {
  readonly name: string;
  /** The instruction in the module. */
  readonly of: string;
  /** What the loader writes in its place. */
  readonly byte: number;
}

const variant = (of: string, what: string, byte: number): Variant => ({ name: `${of} (${what})`, of, byte });

export const VARIANTS: readonly Variant[] = [
  variant("local.get", "far", 0x20),
  variant("local.set", "far", 0x21),
  variant("local.tee", "far", 0x22),
  variant("drop", "64 bits", 0xc5),
  variant("select", "64 bits", 0xc6),
  variant("global.get", "64 bits", 0x1d),
  variant("global.set", "64 bits", 0x1e),
  variant("global.set", "stack pointer", 0x1f),
  variant("block", "with a type", 0xd7),
  variant("loop", "with a type", 0xd8),
  variant("if", "with a type", 0xd9),
  variant("br_table", "cached", 0xda),
];

/** Dispatches by prefix: saturating conversions and bulk operations, threads. */
export const PREFIXES: ReadonlyMap<number, string> = new Map([
  [0xfc, "(prefix 0xfc)"],
  [0xfe, "(prefix 0xfe)"],
]);

const named = (name: string): Instruction => {
  const found = plain.find((instruction) => instruction.name === name);
  if (found === undefined) throw new Error(`no such instruction: ${name}`);
  return found;
};

/** All instructions, those that are WAMR's alone last. */
export const wamrInstructions: readonly Instruction[] = [
  ...plain,
  ...VARIANTS.map(({ name, of }) => ({ ...named(of), name })),
  ...[...PREFIXES.values()].map((name): Instruction => ({ name, immediates: "none", flow: "next", structural: false })),
];

/** The opcode of an instruction, by its name. */
export function wamrOpcode(name: string): number {
  const opcode = wamrInstructions.findIndex((instruction) => instruction.name === name);
  if (opcode < 0) throw new Error(`no such instruction: ${name}`);
  return opcode;
}
