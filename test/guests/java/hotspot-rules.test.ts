// Which opcodes HotSpot's rewriter and its two interpreters give instructions, by what the constant pool says of their operands.
import { describe, expect, it } from "vitest";
import type { ClassFile, Instruction, Method } from "../../../dist/src/guests/java/class-file.js";
import { HOTSPOT_NAMES, hotspotCode } from "../../../dist/src/guests/java/hotspot/codes.js";
import { type FindMember, type Interpreter, mayPair, resolvedOpcode, ruleOf } from "../../../dist/src/guests/java/hotspot/rules.js";
import { codeOf, instructions } from "../../../dist/src/guests/java/instructions.js";

const nameOf = (code: number): string =>
  code < 0 ? "stays" : code < instructions.length ? instructions[code].name : HOTSPOT_NAMES[code - instructions.length];

interface Constant {
  readonly tag?: number;
  readonly owner?: string;
  readonly name?: string;
  readonly descriptor?: string;
}

/** A class whose constant 1 is this. */
function fileWith({ tag = 9, owner = "Some", name = "it", descriptor = "I" }: Constant, ofClass = "Some"): ClassFile {
  return {
    name: ofClass,
    superName: "java/lang/Object",
    flags: 0,
    major: 61,
    fields: [],
    methods: [],
    text: () => "",
    className: () => "",
    tag: () => tag,
    member: () => ({ owner, name, descriptor }),
    bytes: Buffer.alloc(0),
  };
}
const method = (name: string): Method => ({ name, descriptor: "()V", flags: 0, codeAt: 0, codeBytes: 1, handlers: [] });
const instruction = (name: string, cases = 0): Instruction => ({
  offset: 0,
  code: codeOf(name),
  targets: new Array<number>(cases + 1).fill(0),
  constant: 1,
});
const linked = (name: string, constant: Constant, interpreter: Interpreter = "hotspot", cases = 0): string =>
  nameOf(ruleOf(fileWith(constant), method("run"), instruction(name, cases), interpreter).opcode);
const FINAL = 0x10;
const VOLATILE = 0x40;
const PRIVATE = 0x2;
const resolved = (name: string, constant: Constant, interpreter: Interpreter, flags = 0, ofClass = 0): string => {
  const find: FindMember = () => ({ flags, ofClass });
  return nameOf(resolvedOpcode(fileWith(constant), instruction(name), interpreter, find));
};

describe("when a class is linked", () => {
  it("constants that are objects are loaded by opcodes of their own, numbers and classes are not", () => {
    expect(linked("ldc", { tag: 8 })).toBe("fast_aldc");
    expect(linked("ldc_w", { tag: 8 }, "zero")).toBe("fast_aldc_w");
    expect([15, 16].map((tag) => linked("ldc", { tag }))).toEqual(["fast_aldc", "fast_aldc"]);
    expect([3, 4, 7].map((tag) => linked("ldc", { tag }))).toEqual(["ldc", "ldc", "ldc"]);
    expect(linked("ldc", { tag: 17, descriptor: "I" })).toBe("ldc");
    expect(linked("ldc", { tag: 17, descriptor: "[I" })).toBe("fast_aldc");
  });

  it("lookupswitch is searched in line below five cases, by halves from five on, and as it is in Zero", () => {
    expect(linked("lookupswitch", {}, "hotspot", 4)).toBe("fast_linearswitch");
    expect(linked("lookupswitch", {}, "hotspot", 5)).toBe("fast_binaryswitch");
    expect(linked("lookupswitch", {}, "zero", 5)).toBe("lookupswitch");
  });

  it("calls of method handles, and the return of Object's constructor, have opcodes of their own", () => {
    expect(linked("invokevirtual", { tag: 10, owner: "java/lang/invoke/MethodHandle", name: "invokeExact" })).toBe("invokehandle");
    expect(linked("invokevirtual", { tag: 10, owner: "java/lang/invoke/VarHandle", name: "compareAndSet" })).toBe("invokehandle");
    expect(linked("invokevirtual", { tag: 10, owner: "java/lang/invoke/MethodHandle", name: "type" })).toBe("invokevirtual");
    const returned = (ofClass: string, name: string): string =>
      nameOf(ruleOf(fileWith({}, ofClass), method(name), instruction("return"), "zero").opcode);
    expect(returned("java/lang/Object", "<init>")).toBe("return_register_finalizer");
    expect([returned("java/lang/Object", "wait"), returned("Some", "<init>")]).toEqual(["return", "return"]);
  });
});

describe("when an instruction has found its operand", () => {
  it("fields are accessed by type; a boolean is loaded as a byte, and stored by an opcode of its own", () => {
    const forms = (name: string): string[] =>
      ["Z", "B", "C", "S", "I", "J", "F", "D", "LA;", "[I"].map((descriptor) => resolved(name, { descriptor }, "hotspot"));
    expect(forms("getfield")).toEqual("bbcsilfdaa".split("").map((type) => `fast_${type}getfield`));
    expect(forms("putfield")).toEqual("zbcsilfdaa".split("").map((type) => `fast_${type}putfield`));
  });

  it("volatile fields keep their opcode in Zero, and lose it in the template interpreter for x86", () => {
    expect(resolved("getfield", {}, "zero", VOLATILE)).toBe("stays");
    expect(resolved("getfield", {}, "hotspot", VOLATILE)).toBe("fast_igetfield");
  });

  it("methods that cannot be overridden are called by an opcode of their own in Zero alone", () => {
    const call = { tag: 10, descriptor: "()V" };
    expect(resolved("invokevirtual", call, "zero", FINAL)).toBe("fast_invokevfinal");
    expect(resolved("invokevirtual", call, "zero", PRIVATE)).toBe("fast_invokevfinal");
    expect(resolved("invokevirtual", call, "zero", 0, FINAL)).toBe("fast_invokevfinal");
    expect(resolved("invokevirtual", call, "zero")).toBe("stays");
    const { rule } = ruleOf(fileWith(call), method("run"), instruction("invokevirtual"), "hotspot");
    expect(rule).toBe(0);
  });

  it("pairs are aload_0 with a field of type int, float or reference, and iload with iload or caload", () => {
    const pairs = (first: string, second: string, descriptor = "I"): boolean =>
      mayPair(codeOf(first), instruction(second), fileWith({ descriptor }));
    expect(["I", "F", "LA;", "[J"].map((descriptor) => pairs("aload_0", "getfield", descriptor))).toEqual([true, true, true, true]);
    expect(["J", "D", "Z", "C"].map((descriptor) => pairs("aload_0", "getfield", descriptor))).toEqual([false, false, false, false]);
    expect([pairs("iload", "iload"), pairs("iload", "caload"), pairs("iload", "iaload"), pairs("aload_1", "getfield")]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(hotspotCode("fast_icaload")).toBe(202 + 24);
  });
});
