// The instruction set of class files, as a table: code, name, operands, how control leaves. Two instructions have lengths of their own
// (tableswitch, lookupswitch), and `wide` lengthens the one that it comes with.
import type { Flow } from "../../trace/virtual.ts";

/** Operands: the data after an opcode, in bytes; "switch" and "wide" depend on the place and on the instruction. */
type Operands =
  | "none"
  | "byte"
  | "short"
  | "index"
  | "two bytes"
  | "short and byte"
  | "jump"
  | "far jump"
  | "interface"
  | "switch"
  | "wide";

/** Bytes of the operands, where every instruction of the kind has as many. */
export const OPERAND_BYTES: Readonly<Record<Operands, number>> = {
  none: 0,
  byte: 1,
  short: 2,
  index: 2,
  "two bytes": 2,
  "short and byte": 3,
  jump: 2,
  "far jump": 4,
  interface: 4,
  switch: 0,
  wide: 0,
};

/** Operands as an interpreter counts them: one slot each. */
const SLOTS: Readonly<Record<Operands, number>> = {
  none: 0,
  byte: 1,
  short: 1,
  index: 1,
  "two bytes": 2,
  "short and byte": 2,
  jump: 1,
  "far jump": 1,
  interface: 1,
  switch: 1,
  wide: 1,
};

export interface Instruction {
  readonly name: string;
  readonly operands: Operands;
  readonly flow: Flow;
}

type Row = readonly [names: string, operands?: Operands, flow?: Flow];

// biome-ignore format: consecutive codes in columns
const ROWS: readonly Row[] = [
  ["nop aconst_null iconst_m1 iconst_0 iconst_1 iconst_2 iconst_3 iconst_4 iconst_5"],
  ["lconst_0 lconst_1 fconst_0 fconst_1 fconst_2 dconst_0 dconst_1"],
  ["bipush", "byte"],
  ["sipush", "short"],
  ["ldc", "byte"],
  ["ldc_w ldc2_w", "index"],
  ["iload lload fload dload aload", "byte"],
  ["iload_0 iload_1 iload_2 iload_3 lload_0 lload_1 lload_2 lload_3 fload_0 fload_1 fload_2 fload_3"],
  ["dload_0 dload_1 dload_2 dload_3 aload_0 aload_1 aload_2 aload_3"],
  ["iaload laload faload daload aaload baload caload saload"],
  ["istore lstore fstore dstore astore", "byte"],
  ["istore_0 istore_1 istore_2 istore_3 lstore_0 lstore_1 lstore_2 lstore_3 fstore_0 fstore_1 fstore_2 fstore_3"],
  ["dstore_0 dstore_1 dstore_2 dstore_3 astore_0 astore_1 astore_2 astore_3"],
  ["iastore lastore fastore dastore aastore bastore castore sastore"],
  ["pop pop2 dup dup_x1 dup_x2 dup2 dup2_x1 dup2_x2 swap"],
  ["iadd ladd fadd dadd isub lsub fsub dsub imul lmul fmul dmul idiv ldiv fdiv ddiv irem lrem frem drem ineg lneg fneg dneg"],
  ["ishl lshl ishr lshr iushr lushr iand land ior lor ixor lxor"],
  ["iinc", "two bytes"],
  ["i2l i2f i2d l2i l2f l2d f2i f2l f2d d2i d2l d2f i2b i2c i2s"],
  ["lcmp fcmpl fcmpg dcmpl dcmpg"],
  ["ifeq ifne iflt ifge ifgt ifle if_icmpeq if_icmpne if_icmplt if_icmpge if_icmpgt if_icmple if_acmpeq if_acmpne", "jump", "conditional"],
  ["goto jsr", "jump", "jump"],
  ["ret", "byte", "switch"],
  ["tableswitch lookupswitch", "switch", "switch"],
  ["ireturn lreturn freturn dreturn areturn return", "none", "return"],
  ["getstatic putstatic getfield putfield", "index"],
  ["invokevirtual invokespecial invokestatic", "index", "indirect-call"],
  ["invokeinterface invokedynamic", "interface", "indirect-call"],
  ["new", "index"],
  ["newarray", "byte"],
  ["anewarray", "index"],
  ["arraylength"],
  ["athrow", "none", "raise"],
  ["checkcast instanceof", "index"],
  ["monitorenter monitorexit"],
  ["wide", "wide"],
  ["multianewarray", "short and byte"],
  ["ifnull ifnonnull", "jump", "conditional"],
  ["goto_w jsr_w", "far jump", "jump"],
];

/** By code. */
export const instructions: readonly Instruction[] = ROWS.flatMap(([names, operands = "none", flow = "next"]) =>
  names.split(" ").map((name) => ({ name, operands, flow })),
);

const CODES: ReadonlyMap<string, number> = new Map(instructions.map(({ name }, code) => [name, code]));

/** The code of an instruction. */
export function codeOf(name: string): number {
  const code = CODES.get(name);
  if (code === undefined) throw new Error(`no such instruction: ${name}`);
  return code;
}

export const operandSlots = (instruction: Instruction): number => SLOTS[instruction.operands];
