// Globals as WAMR's loader sees them: how wide each is, and which one is the stack pointer of C code.
import { readOpcode, skipImmediates } from "../code-reader.ts";
import { opcodeNamed } from "../instructions.ts";
import { type Module, SECTION } from "../module.ts";
import { BinaryReader } from "../reader.ts";
import { widthOf } from "./operand-widths.ts";

const END = opcodeNamed("end");
const I32_CONST = opcodeNamed("i32.const");
const I32 = 0x7f;

interface OwnGlobal {
  readonly type: number;
  readonly mutable: boolean;
  /** Its first value, if that is a constant of 32 bits. */
  readonly value: number | undefined;
}

function ownGlobals({ sections, bytes, path }: Module): OwnGlobal[] {
  const section = sections.find(({ id }) => id === SECTION.global);
  if (section === undefined) return [];
  const from = new BinaryReader(bytes, path);
  from.at = section.start;
  const globals: OwnGlobal[] = [];
  for (let count = from.count(); count > 0; count--) {
    const type = bytes[from.at];
    from.skipValueType();
    const mutable = from.byte() === 1;
    let value: number | undefined;
    let opcodes = 0;
    for (let opcode = readOpcode(from); opcode !== END; opcode = readOpcode(from)) {
      value = opcode === I32_CONST && opcodes++ === 0 ? from.s33() >>> 0 : undefined;
      if (opcode !== I32_CONST) skipImmediates(from, opcode);
    }
    globals.push({ type, mutable, value });
  }
  return globals;
}

const aligned = (value: number): number => Math.ceil(value / 16) * 16;

export interface Globals {
  /** By index. */
  readonly widths: readonly (32 | 64)[];
  /** The one that WAMR keeps within the stack; undefined if the module does not export where its data ends and its heap begins. */
  readonly stackPointer: number | undefined;
}

export function readGlobals(module: Module): Globals {
  const own = ownGlobals(module);
  const imported = module.importedGlobalTypes;
  const constantOf = (name: string): number | undefined => {
    const index = module.exports.find((exported) => exported.kind === "global" && exported.name === name)?.index ?? -1;
    const global = own[index - imported.length];
    return global === undefined || global.type !== I32 || global.mutable ? undefined : global.value;
  };
  const heapBase = constantOf("__heap_base");
  const dataEnd = constantOf("__data_end");
  const found =
    heapBase === undefined || dataEnd === undefined || aligned(dataEnd) > heapBase
      ? -1
      : own.findIndex(({ type, mutable, value }) => mutable && type === I32 && value !== undefined && value <= heapBase);
  return {
    widths: [...imported.map(widthOf), ...own.map(({ type }) => widthOf(type))],
    // a stack without room is none
    stackPointer: found < 0 || own[found].value === 0 ? undefined : imported.length + found,
  };
}
