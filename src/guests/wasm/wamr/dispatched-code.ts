// A function's code as WAMR's loader leaves it: which body each of its instructions is dispatched to.
import { UsageError } from "../../../errors.ts";
import { readOpcode, skipImmediates } from "../code-reader.ts";
import { instructions, opcodeNamed } from "../instructions.ts";
import type { Module, Range } from "../module.ts";
import { BinaryReader } from "../reader.ts";
import { readGlobals } from "./globals.ts";
import { VARIANTS, wamrOpcode } from "./instructions.ts";
import { EFFECT_OF, OperandStack, type Width, widthOf } from "./operand-widths.ts";

/** What the interpreter does not have as it is built by default. */
const MISSING =
  /^(try|catch|catch_all|throw|rethrow|delegate|throw_ref|try_table|call_ref|return_.*|ref\.(eq|as_non_null|test.*|cast.*)|br_on_.*|(struct|array|i31|any|extern)\..*|v128\..*|[if]\d+x\d+\..*)$/;
const IS_MISSING = instructions.map(({ name }) => MISSING.test(name));

/** Bytes of a frame that the short form of local instructions reaches, in words of 32 bits. */
const NEAR = 0x80;
/** The longest way out that a branch table can hold in a byte. */
const SHORT = 255;

const BLOCK_TYPES: Readonly<Record<number, readonly Width[]>> = { [-64]: [] };

/** The kinds of instructions that are more than an effect on the stack. */
const KINDS = [
  "",
  "block",
  "loop",
  "if",
  "else",
  "end",
  "br",
  "br_if",
  "br_table",
  "return",
  "unreachable",
  "call",
  "call_indirect",
  "drop",
  "select",
  "select_t",
  "local.get",
  "local.set",
  "local.tee",
  "global.get",
  "global.set",
] as const;
type Kind = (typeof KINDS)[number];
const KIND_OF: readonly Kind[] = instructions.map(({ name }) => KINDS.find((kind) => kind === name) ?? "");

/** Opcodes of variants, by their names: "drop (64 bits)". */
const OPCODES = new Map(VARIANTS.map(({ name }) => [name, wamrOpcode(name)]));
const END = opcodeNamed("end");

/**
 * Reads functions as the loader does.
 * @returns the opcodes of a function's instructions in the order of its code, wamrInstructions' indices
 */
export function createWamrLoader(module: Module): (index: number) => readonly number[] {
  const { bytes, bodies, types, functionTypes, importedFunctions, path } = module;
  const globals = readGlobals(module);
  const from = new BinaryReader(bytes, path);

  const widthsIn = ({ start, end }: Range): Width[] => Array.from(bytes.subarray(start, end), widthOf);
  const signature = (type: number): { readonly parameters: readonly Width[]; readonly results: readonly Width[] } => {
    const found = types[type];
    return found === undefined
      ? { parameters: [], results: [] }
      : { parameters: widthsIn(found.parameterBytes), results: widthsIn(found.resultBytes) };
  };

  /** Of each local: how wide it is, and whether it is far away in the frame. */
  function locals(parameters: readonly Width[]): { readonly widths: Uint8Array; readonly far: Uint8Array } {
    const groups: { readonly count: number; readonly width: Width }[] = parameters.map((width) => ({ count: 1, width }));
    for (let count = from.u32(); count > 0; count--) {
      const inGroup = from.u32();
      groups.push({ count: inGroup, width: widthOf(bytes[from.at]) });
      from.skipValueType();
    }
    const all = groups.reduce((sum, { count }) => sum + count, 0);
    const widths = new Uint8Array(all);
    const far = new Uint8Array(all);
    let local = 0;
    let offset = 0;
    for (const { count, width } of groups) {
      for (let i = 0; i < count; i++, local++) {
        widths[local] = width ?? 32;
        far[local] = offset < NEAR ? 0 : 1;
        offset += width === 64 ? 2 : 1;
      }
    }
    return { widths, far };
  }

  return (index) => {
    const { parameters, results } = signature(functionTypes[importedFunctions + index]);
    from.at = bodies[index].start;
    const { widths, far } = locals(parameters);
    const stack = new OperandStack();
    stack.open([], results);
    const opcodes: number[] = [];

    /** Returns what the instruction is, if it is another one than in the module. */
    function step(opcode: number): string | undefined {
      const name = KIND_OF[opcode];
      const effect = EFFECT_OF[opcode];
      switch (name) {
        case "block":
        case "loop":
        case "if": {
          const type = from.s33OrReference();
          if (name === "if") stack.pop();
          const own = type >= 0 ? signature(type) : { parameters: [], results: BLOCK_TYPES[type] ?? [widthOf(type & 0x7f)] };
          stack.open(own.parameters, own.results);
          return type >= 0 ? `${name} (with a type)` : undefined;
        }
        case "else":
          stack.turn();
          return undefined;
        case "end":
          stack.close();
          return undefined;
        case "br_if":
          stack.pop();
          skipImmediates(from, opcode);
          return undefined;
        case "br_table": {
          let longest = 0;
          for (let left = from.count(); left >= 0; left--) longest = Math.max(longest, from.u32());
          stack.leave();
          return longest > SHORT ? "br_table (cached)" : undefined;
        }
        case "br":
        case "return":
        case "unreachable":
          skipImmediates(from, opcode);
          stack.leave();
          return undefined;
        case "call":
        case "call_indirect": {
          const called = from.u32();
          if (name === "call_indirect") {
            from.u32();
            stack.pop();
          }
          const type = signature(name === "call" ? functionTypes[called] : called);
          stack.popMany(type.parameters.length);
          stack.pushAll(type.results);
          return undefined;
        }
        case "drop":
          return stack.pop() === 64 ? "drop (64 bits)" : undefined;
        case "select": {
          stack.popMany(2);
          const width = stack.pop();
          stack.push(width);
          return width === 64 ? "select (64 bits)" : undefined;
        }
        case "select_t": {
          from.count();
          stack.popMany(3);
          stack.push(widthOf(bytes[from.at]));
          from.skipValueType();
          return undefined;
        }
        case "local.get":
        case "local.set":
        case "local.tee": {
          const local = from.u32();
          if (name === "local.get") stack.push(widths[local] as Width);
          else if (name === "local.set") stack.pop();
          return far[local] === 1 ? `${name} (far)` : undefined;
        }
        case "global.get": {
          const width = globals.widths[from.u32()];
          stack.push(width);
          return width === 64 ? "global.get (64 bits)" : undefined;
        }
        case "global.set": {
          const global = from.u32();
          stack.pop();
          if (globals.widths[global] === 64) return "global.set (64 bits)";
          return global === globals.stackPointer ? "global.set (stack pointer)" : undefined;
        }
        case "":
          skipImmediates(from, opcode);
          stack.popMany(effect?.pops ?? 0);
          if (effect?.push !== undefined) stack.push(effect.push);
          return undefined;
      }
    }
    while (stack.depth > 0) {
      const opcode = readOpcode(from);
      if (IS_MISSING[opcode])
        throw new UsageError(
          `${path}: WAMR's classic interpreter as it is built by default has no ${instructions[opcode].name}: expected another --form`,
        );
      const other = step(opcode);
      opcodes.push(other === undefined ? opcode : (OPCODES.get(other) ?? opcode));
      if (from.at > bodies[index].end || (opcode === END && from.at === bodies[index].end)) break;
    }
    return opcodes;
  };
}
