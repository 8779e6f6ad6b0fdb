// Probes: pieces of code that say the number of the block which executes next, by a call through a table of our own.
import type { ModuleOutput } from "../output.ts";
import { CODE } from "./codes.ts";

/** Where the rewritten code finds what it calls. */
export interface ProbeTargets {
  /** The type of functions that take a block's number. */
  readonly pushType: number;
  /** The table, with `push` at 0 and `replace` at 1. */
  readonly table: number;
  /** The index of a type from parameters to results: bytes of value types. */
  functionType(parameters: Uint8Array, parameterCount: number, results: Uint8Array, resultCount: number): number;
}

export class ProbeWriter {
  readonly #out: ModuleOutput;
  readonly #targets: ProbeTargets;
  /** The function's local for conditions. */
  condition = 0;

  constructor(out: ModuleOutput, targets: ProbeTargets) {
    this.#out = out;
    this.#targets = targets;
  }

  #call(entry: number): void {
    const out = this.#out;
    out.byte(CODE.i32Const);
    out.byte(entry);
    out.byte(CODE.callIndirect);
    out.unsigned(this.#targets.pushType);
    out.unsigned(this.#targets.table);
  }
  #constant(value: number): void {
    this.#out.byte(CODE.i32Const);
    this.#out.constant(value);
  }
  #local(code: number): void {
    this.#out.byte(code);
    this.#out.unsigned(this.condition);
  }

  push(block: number): void {
    this.#constant(block);
    this.#call(0);
  }
  /** Says another block in the place of the last one. */
  replace(block: number): void {
    this.#constant(block);
    this.#call(1);
  }
  /** Says one of two blocks, by the condition on the stack, which stays there. */
  pushEither(ifTrue: number, ifFalse: number): void {
    this.#local(CODE.localSet);
    this.#constant(ifTrue);
    this.#constant(ifFalse);
    this.#local(CODE.localGet);
    this.#out.byte(CODE.select);
    this.#call(0);
    this.#local(CODE.localGet);
  }
  /** Says one of the blocks from `first` on, by the number on the stack, or the one after `count` of them. */
  pushOneOf(first: number, count: number): void {
    if (count === 0) {
      this.push(first);
      return;
    }
    this.#local(CODE.localSet);
    this.#constant(first);
    this.#local(CODE.localGet);
    this.#constant(count);
    this.#local(CODE.localGet);
    this.#constant(count);
    this.#out.byte(CODE.i32LessUnsigned);
    this.#out.byte(CODE.select);
    this.#out.byte(CODE.i32Add);
    this.#call(0);
    this.#local(CODE.localGet);
  }
}
