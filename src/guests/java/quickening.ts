// Quickening: an instruction with an operand in the constant pool resolves it at its first execution, and its opcode is replaced by
// one that finds everything resolved. Which instruction becomes what follows from its operand's type; when, from the stream.
import type { ClassFile, Instruction } from "./class-file.ts";
import { codeOf, instructions } from "./instructions.ts";

export const QUICKENINGS = ["none", "sablevm", "hotspot", "zero"] as const;
export type Quickening = (typeof QUICKENINGS)[number];

/** Kinds of values that fields are accessed by: one form of the instruction for each. */
const TYPES: Readonly<Record<string, string>> = {
  Z: "boolean",
  B: "byte",
  C: "char",
  S: "short",
  I: "int",
  J: "long",
  F: "float",
  D: "double",
  L: "reference",
  "[": "reference",
};
const TYPE_NAMES = [...new Set(Object.values(TYPES))];

const FIELDS = ["getstatic", "putstatic", "getfield", "putfield"];
/** The others: one form each, except constants, whose form depends on what is loaded. */
const OTHERS = [
  "invokevirtual",
  "invokespecial",
  "invokestatic",
  "invokeinterface",
  "invokedynamic",
  "new",
  "anewarray",
  "checkcast",
  "instanceof",
  "multianewarray",
];
const CONSTANTS = ["ldc", "ldc_w"];
/** Tags of constants that need resolving: texts, classes, method handles and types, computed ones. */
const RESOLVED = [7, 8, 15, 16, 17];

const quickName = (name: string, type?: string): string => `${name}_quick${type === undefined ? "" : `_${type}`}`;

/** Names of the quick forms, after all other opcodes. */
export const QUICK_NAMES: readonly string[] = [
  ...FIELDS.flatMap((name) => TYPE_NAMES.map((type) => quickName(name, type))),
  ...[...OTHERS, ...CONSTANTS].map((name) => quickName(name)),
];

/**
 * The opcodes of instructions that have a quick form whatever their operand is. Under quickening they execute once at each place, and
 * resolve the operand: their bodies call the class loader, and cannot be copied. (An ldc of a number stays what it is.)
 */
export const SLOW_NAMES: readonly string[] = [...FIELDS, ...OTHERS];

const NUMBERS: ReadonlyMap<string, number> = new Map(QUICK_NAMES.map((name, i) => [name, instructions.length + i]));
const FIELD_CODES = FIELDS.map(codeOf);
const OTHER_CODES = OTHERS.map(codeOf);
const CONSTANT_CODES = CONSTANTS.map(codeOf);

/** The opcode that replaces an instruction at its first execution; -1 if it stays. */
export function quickFormOf(file: ClassFile, { code, constant }: Instruction): number {
  const { name } = instructions[code];
  let quick: string | undefined;
  if (FIELD_CODES.includes(code)) quick = quickName(name, TYPES[file.member(constant).descriptor[0]]);
  else if (OTHER_CODES.includes(code) || (CONSTANT_CODES.includes(code) && RESOLVED.includes(file.tag(constant)))) quick = quickName(name);
  return quick === undefined ? -1 : (NUMBERS.get(quick) ?? -1);
}
