// What HotSpot writes into code, instruction by instruction: its rewriter when a class is linked (rewriter.cpp), and its interpreters
// when an instruction has been executed (templateTable_x86.cpp; bytecodeInterpreter.cpp for Zero). Read in the sources of JDK 17.
import { type ClassFile, FLAGS, type Instruction, type Member, type Method } from "../class-file.ts";
import { codeOf } from "../instructions.ts";
import { hotspotCode } from "./codes.ts";

/** HotSpot's two interpreters: made of templates, or in C++. */
export type Interpreter = "hotspot" | "zero";

/**
 * What happens to an instruction at its executions:
 * stays · resolves: it gets another opcode once it has found its operand · aload and iload: it depends on the next instruction, too.
 */
export const RULES = { stays: 0, resolves: 1, aload: 2, iload: 3 } as const;

/** Where an instruction begins. */
export interface Ruled {
  /** Its opcode when its class has been linked. */
  readonly opcode: number;
  /** One of RULES. */
  readonly rule: number;
}

/** The flags of a member and of its class; undefined where the class is not known. */
export type FindMember = (kind: "fields" | "methods", member: Member) => { readonly flags: number; readonly ofClass: number } | undefined;

const [TEXT, METHOD_HANDLE, METHOD_TYPE, DYNAMIC] = [8, 15, 16, 17];
/** Fewer cases than this are searched one after the other. */
const BINARY_SWITCH = 5;
const POLYMORPHIC: Readonly<Record<string, RegExp>> = {
  "java/lang/invoke/MethodHandle": /^(invoke|invokeExact|invokeBasic)$/,
  "java/lang/invoke/VarHandle":
    /^(get|set)(Volatile|Opaque|Acquire|Release)?$|^(weakC|c)ompareAnd(Set|Exchange)(Plain|Acquire|Release)?$|^getAnd(Set|Add|Bitwise(Or|And|Xor))(Acquire|Release)?$/,
};

const [ALOAD_0, ILOAD, LDC, LDC_W, LOOKUPSWITCH, RETURN] = ["aload_0", "iload", "ldc", "ldc_w", "lookupswitch", "return"].map(codeOf);
const [GETFIELD, PUTFIELD, INVOKEVIRTUAL] = ["getfield", "putfield", "invokevirtual"].map(codeOf);
const [FAST_ALDC, FAST_ALDC_W, INVOKEHANDLE] = ["fast_aldc", "fast_aldc_w", "invokehandle"].map(hotspotCode);
const [LINEAR, BINARY, REGISTERS] = ["fast_linearswitch", "fast_binaryswitch", "return_register_finalizer"].map(hotspotCode);
const INVOKE_FINAL = hotspotCode("fast_invokevfinal");

const isReference = (descriptor: string): boolean => /^[L[]/.test(descriptor);

/** The opcode of an instruction when its class has been linked. */
function linked(file: ClassFile, method: Method, { code, constant, targets }: Instruction, interpreter: Interpreter): number {
  if (code === LDC || code === LDC_W) {
    const tag = file.tag(constant);
    const fast =
      tag === TEXT || tag === METHOD_HANDLE || tag === METHOD_TYPE || (tag === DYNAMIC && isReference(file.member(constant).descriptor));
    return !fast ? code : code === LDC ? FAST_ALDC : FAST_ALDC_W;
  }
  // its targets are the default one and one for each case
  if (code === LOOKUPSWITCH && interpreter === "hotspot") return targets.length - 1 < BINARY_SWITCH ? LINEAR : BINARY;
  if (code === RETURN && file.name === "java/lang/Object" && method.name === "<init>") return REGISTERS;
  if (code === INVOKEVIRTUAL) {
    const { owner, name } = file.member(constant);
    if (POLYMORPHIC[owner]?.test(name)) return INVOKEHANDLE;
  }
  return code;
}

/** Where an instruction begins. */
export function ruleOf(file: ClassFile, method: Method, instruction: Instruction, interpreter: Interpreter): Ruled {
  const opcode = linked(file, method, instruction, interpreter);
  if (opcode === ALOAD_0) return { opcode, rule: RULES.aload };
  if (opcode === ILOAD) return { opcode, rule: RULES.iload };
  const resolves = opcode === GETFIELD || opcode === PUTFIELD || (opcode === INVOKEVIRTUAL && interpreter === "zero");
  return { opcode, rule: resolves ? RULES.resolves : RULES.stays };
}

/**
 * The opcode of an instruction that has found its operand; -1 if it stays what it is. Zero leaves volatile fields alone, and has an
 * opcode for methods that cannot be overridden.
 */
export function resolvedOpcode(file: ClassFile, { code, constant }: Instruction, interpreter: Interpreter, find: FindMember): number {
  if (code === INVOKEVIRTUAL) {
    const found = find("methods", file.member(constant));
    if (found === undefined) return -1;
    const bound = (found.flags & (FLAGS.final | FLAGS.private)) !== 0 || (found.ofClass & FLAGS.final) !== 0;
    return bound ? INVOKE_FINAL : -1;
  }
  if (interpreter === "zero" && ((find("fields", file.member(constant))?.flags ?? 0) & FLAGS.volatile) !== 0) return -1;
  const [kind] = file.member(constant).descriptor;
  const type = isReference(kind) ? "a" : kind === "Z" && code === GETFIELD ? "b" : kind === "J" ? "l" : kind.toLowerCase();
  return hotspotCode(`fast_${type}${code === GETFIELD ? "get" : "put"}field`);
}

const [CALOAD, FAST_ILOAD, FAST_ILOAD2, FAST_ICALOAD] = [
  codeOf("caload"),
  ...["fast_iload", "fast_iload2", "fast_icaload"].map(hotspotCode),
];
const FAST_ALOAD_0 = hotspotCode("fast_aload_0");
/** aload_0 and the instruction after it, by the latter's opcode. */
const ACCESSES: ReadonlyMap<number, number> = new Map(
  ["i", "a", "f"].map((type) => [hotspotCode(`fast_${type}getfield`), hotspotCode(`fast_${type}access_0`)]),
);

/**
 * The opcode that an aload_0 gets when it is executed, by the one that the next instruction has then; -1 if it stays for now.
 */
export const afterAload = (next: number): number => (next === GETFIELD ? -1 : (ACCESSES.get(next) ?? FAST_ALOAD_0));

/** The same for an iload: the last of several is replaced first. */
export function afterIload(next: number): number {
  if (next === ILOAD) return -1;
  return next === FAST_ILOAD ? FAST_ILOAD2 : next === CALOAD ? FAST_ICALOAD : FAST_ILOAD;
}

/** Whether two instructions may become one: the address after them is then one where control may arrive. */
export function mayPair(first: number, second: Instruction, file: ClassFile): boolean {
  if (first === ILOAD) return second.code === ILOAD || second.code === CALOAD;
  return first === ALOAD_0 && second.code === GETFIELD && /^[IFL[]/.test(file.member(second.constant).descriptor);
}
