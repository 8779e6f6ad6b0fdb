// Bytecode executables written by hand: instructions by name, labels, and the sections that a program must have.
import { instructions } from "../../../dist/src/guests/ocaml/instructions.js";
import { PREDEFINED_EXCEPTIONS } from "../../../dist/src/guests/ocaml/value.js";

/** An instruction with its operands: numbers, or labels ("name"). A line that ends in ":" is a label. */
export type Line = string | readonly [name: string, ...operands: (number | string)[]];

/** Words of code. Labels count from their own word, those of SWITCH and CLOSUREREC from the first of them. */
export function assemble(lines: readonly Line[]): number[] {
  const words: number[] = [];
  const labels = new Map<string, number>();
  const uses: { readonly at: number; readonly base: number; readonly label: string }[] = [];
  for (const line of lines) {
    if (typeof line === "string" && line.endsWith(":")) {
      labels.set(line.slice(0, -1), words.length);
      continue;
    }
    const [name, ...operands] = typeof line === "string" ? [line] : line;
    const opcode = instructions.findIndex((instruction) => instruction.name === name);
    if (opcode < 0) throw new Error(`no instruction ${name}`);
    words.push(opcode);
    const list = words.length + instructions[opcode].operands.length;
    for (const operand of operands) {
      const at = words.length;
      if (typeof operand === "string") uses.push({ at, base: Math.min(at, list), label: operand });
      words.push(typeof operand === "number" ? operand : 0);
    }
  }
  for (const { at, base, label } of uses) {
    const to = labels.get(label);
    if (to === undefined) throw new Error(`no label ${label}`);
    words[at] = to - base;
  }
  return words;
}

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

/** What Marshal writes: a header, and the items of a value. */
export function marshalled(items: Buffer, items64 = 0): Buffer {
  return Buffer.concat([uint32(0x8495a6be), uint32(items.length), uint32(items64), uint32(0), uint32(0), items]);
}

/** A block's header with room for many fields. */
export const blockHeader = (tag: number, size: number): Buffer => Buffer.concat([Buffer.from([0x08]), uint32(((size << 10) | tag) >>> 0)]);
const text = (value: string): Buffer => Buffer.concat([Buffer.from([0x20 | value.length]), Buffer.from(value)]);

/** Global data: the runtime's exceptions, then more globals, each 0. */
export function globalData(more = 4): Buffer {
  const exceptions = PREDEFINED_EXCEPTIONS.flatMap((name, i) => [blockHeader(248, 2), text(name), Buffer.from([0x00, 0xff - i])]);
  const size = PREDEFINED_EXCEPTIONS.length + more;
  // none of them is referred to, but ocamlrun wants to know how many items and words there are
  const items = Buffer.concat([blockHeader(0, size), ...exceptions, Buffer.alloc(more, 0x40)]);
  const header = [0x8495a6be, items.length, 1 + 2 * PREDEFINED_EXCEPTIONS.length, 500, 500].map(uint32);
  return Buffer.concat([...header, items]);
}

export interface Parts {
  readonly code: readonly number[] | Buffer;
  readonly data?: Buffer;
  readonly primitives?: readonly string[];
  readonly magic?: string;
}

/** A whole file. */
export function executable({ code, data = globalData(), primitives = ["caml_sys_exit"], magic = "Caml1999X030" }: Parts): Buffer {
  const words = Buffer.isBuffer(code) ? code : Buffer.from(Int32Array.from(code).buffer);
  const sections: [string, Buffer][] = [
    ["CODE", words],
    ["PRIM", Buffer.from(primitives.map((name) => `${name}\0`).join(""))],
    ["DATA", data],
  ];
  return Buffer.concat([
    Buffer.from("#!/usr/bin/ocamlrun\n"),
    ...sections.map(([, bytes]) => bytes),
    ...sections.flatMap(([name, bytes]) => [Buffer.from(name), uint32(bytes.length)]),
    uint32(sections.length),
    Buffer.from(magic),
  ]);
}
