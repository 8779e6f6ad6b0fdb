// Reads the instructions in the code of a module, one after the other.
import type { UsageError } from "../../errors.ts";
import { IMMEDIATES, instructions, opcodePages } from "./instructions.ts";
import { type BinaryReader, hexByte } from "./reader.ts";

const PAGES = opcodePages();
const PLAIN = PAGES.get(0) as Int16Array;
const IMMEDIATES_OF = Uint8Array.from(instructions, ({ immediates }) => IMMEDIATES[immediates]);

/** Reads an opcode; its immediates follow. @throws UsageError for one that is in no finished proposal */
export function readOpcode(from: BinaryReader): number {
  const at = from.at;
  const byte = from.byte();
  const plain = PLAIN[byte];
  if (plain >= 0) return plain;
  const page = PAGES.get(byte);
  if (page === undefined) throw unknownInstruction(from, hexByte(byte), at);
  const code = from.u32();
  const opcode = code < page.length ? page[code] : -1;
  if (opcode < 0) throw unknownInstruction(from, `${hexByte(byte)} ${hexByte(code)}`, at);
  return opcode;
}
const unknownInstruction = (from: BinaryReader, what: string, at: number): UsageError =>
  from.wrong(`there is an instruction that no finished proposal has: ${what}`, at);

/** Skips the immediates of an instruction, block types included, except labels and clauses. */
export function skipImmediates(from: BinaryReader, opcode: number): void {
  switch (IMMEDIATES_OF[opcode]) {
    case IMMEDIATES.none:
      return;
    case IMMEDIATES.block:
    case IMMEDIATES.heapType:
      from.s33OrReference();
      return;
    case IMMEDIATES.index:
    case IMMEDIATES.label:
      from.u32();
      return;
    case IMMEDIATES.indices:
      from.u32();
      from.u32();
      return;
    case IMMEDIATES.memory:
    case IMMEDIATES.memoryLane: {
      const alignment = from.u32();
      if (alignment & 0x40) from.u32();
      from.skipNumber(10);
      if (IMMEDIATES_OF[opcode] === IMMEDIATES.memoryLane) from.skip(1);
      return;
    }
    case IMMEDIATES.i32:
      from.skipNumber(5);
      return;
    case IMMEDIATES.i64:
      from.skipNumber(10);
      return;
    case IMMEDIATES.f32:
      from.skip(4);
      return;
    case IMMEDIATES.f64:
      from.skip(8);
      return;
    case IMMEDIATES.types:
      for (let count = from.count(); count > 0; count--) from.skipValueType();
      return;
    case IMMEDIATES.byte:
      from.skip(1);
      return;
    case IMMEDIATES.bytes16:
      from.skip(16);
      return;
  }
}
