// A buffer of generated code: copies of bodies, and the few x86-64 instructions that a technique puts between them. It lists the
// technique's own branches, without those in bodies.
import { CALL, CONDITIONAL, INDIRECT_CALL, INDIRECT_JUMP, JUMP, RETURN } from "../../branch.ts";
import type { Stencil } from "./stencils.ts";

/** An address that may not be known yet. */
export type Label = () => number;

/** A copy's constants: the operand, and the virtual address after the instruction. */
export interface Constants {
  readonly operand: number;
  readonly here: number;
}

export interface CodeBuffer {
  /** The current address. */
  here(): number;
  /** Appends a copy of a body; control falls through at its end. */
  body(stencil: Stencil, constants?: Constants): void;
  /** Goes to the virtual instruction that the virtual program counter points to: load, jmp *. */
  dispatch(): void;
  /** The same by a call. */
  callNext(): void;
  /** Leaves a called body for the next virtual instruction: the return address is dropped. */
  leave(): void;
  jump(to: Label): void;
  call(to: Label): void;
  /** Goes to a label if the preceding body transferred control, or, for `unless`, if it did not. */
  branch(when: "transferred" | "unless", to: Label): void;
  ret(): void;
  /** Replaces the return address by the next virtual instruction's address, for programs that return elsewhere. */
  setReturn(): void;
  /** Pushes an address. */
  push(address: Label): void;
  /** Moves the stack pointer down: room above it for programs that return more often than they call. */
  reserve(bytes: number): void;
  /** An illegal instruction: where control must never arrive. */
  trap(): void;
  /** Goes to the opcode's address in a table: load the opcode from a table of words, jmp *. */
  switchOn(opcodes: Label, table: Label): void;
  /** Loads the opcode for comparisons. */
  loadOpcode(opcodes: Label): void;
  /** Goes to a label if the opcode is a value or more. */
  branchFrom(value: number, to: Label): void;
  /** Data: numbers of 4 bytes, addresses of 8. */
  words(values: readonly number[]): void;
  addresses(labels: readonly Label[]): void;
  finish(): Buffer;
  /** The kinds of its own branches, by address. */
  readonly branches: ReadonlyMap<number, number>;
}

/** @param start of the code; @param bodyTable address of the table of virtual instructions' addresses, 8 bytes each */
export function createCodeBuffer(start: number, bodyTable: number): CodeBuffer {
  let bytes = Buffer.alloc(1 << 16);
  let length = 0;
  const branches = new Map<number, number>();
  const open: { readonly at: number; readonly to: Label; readonly relative: boolean }[] = [];
  const here = (): number => start + length;
  function reserve(count: number): void {
    if (length + count <= bytes.length) return;
    bytes = Buffer.concat([bytes, Buffer.alloc(Math.max(count, bytes.length))]);
  }
  function put(...code: readonly number[]): void {
    reserve(code.length);
    for (const byte of code) bytes[length++] = byte;
  }
  function word(value: number): void {
    reserve(4);
    length = bytes.writeInt32LE(value | 0, length);
  }
  /** Four bytes that are filled in at the end: an address, or the distance to it from the byte after them. */
  function label(to: Label, relative: boolean): void {
    open.push({ at: length, to, relative });
    word(0);
  }
  /** A branch of the technique's own. */
  function own(kind: number, ...code: readonly number[]): void {
    branches.set(here(), kind);
    put(...code);
  }
  // the virtual program counter, in %rdi, is one ahead: mov bodyTable - 8(,%rdi,8), %rax
  function load(): void {
    put(0x48, 0x8b, 0x04, 0xfd);
    word(bodyTable - 8);
  }
  // movslq opcodes - 4(,%rdi,4), %rax
  function loadOpcode(opcodes: Label): void {
    put(0x48, 0x63, 0x04, 0xbd);
    label(() => opcodes() - 4, false);
  }
  return {
    here,
    body({ code, relative, ends, operands, here: places }, constants) {
      const at = length;
      reserve(code.length);
      code.copy(bytes, at);
      length += code.length;
      for (const { offset, value } of relative) bytes.writeInt32LE(value - (start + at + offset), at + offset);
      for (const offset of ends) bytes.writeInt32LE(length - (at + offset + 4), at + offset);
      if (constants === undefined) return;
      for (const offset of operands) bytes.writeInt32LE(constants.operand | 0, at + offset);
      for (const offset of places) bytes.writeInt32LE(constants.here | 0, at + offset);
    },
    dispatch() {
      load();
      own(INDIRECT_JUMP, 0xff, 0xe0);
    },
    callNext() {
      load();
      own(INDIRECT_CALL, 0xff, 0xd0);
    },
    leave() {
      put(0x48, 0x83, 0xc4, 0x08);
      load();
      own(INDIRECT_JUMP, 0xff, 0xe0);
    },
    jump(to) {
      own(JUMP, 0xe9);
      label(to, true);
    },
    call(to) {
      own(CALL, 0xe8);
      label(to, true);
    },
    branch(when, to) {
      // test %r9d, %r9d: the sixth argument
      put(0x45, 0x85, 0xc9);
      own(CONDITIONAL, 0x0f, when === "transferred" ? 0x85 : 0x84);
      label(to, true);
    },
    ret() {
      own(RETURN, 0xc3);
    },
    setReturn() {
      load();
      put(0x48, 0x89, 0x04, 0x24);
    },
    push(address) {
      put(0x68);
      label(address, false);
    },
    reserve(count) {
      put(0x48, 0x81, 0xec);
      word(count);
    },
    trap() {
      put(0x0f, 0x0b);
    },
    switchOn(opcodes, table) {
      loadOpcode(opcodes);
      own(INDIRECT_JUMP, 0xff, 0x24, 0xc5);
      label(table, false);
    },
    loadOpcode,
    branchFrom(value, to) {
      put(0x3d);
      word(value);
      own(CONDITIONAL, 0x0f, 0x83);
      label(to, true);
    },
    words(values) {
      for (const value of values) word(value);
    },
    addresses(labels) {
      for (const to of labels) {
        label(to, false);
        word(0);
      }
    },
    finish() {
      for (const { at, to, relative } of open) bytes.writeInt32LE(relative ? to() - (start + at + 4) : to(), at);
      return bytes.subarray(0, length);
    },
    branches,
  };
}
