// The virtual side of everything: a program in its loaded representation, the facts of its instruction set, and the
// stream of executed blocks. A block is a straight run of virtual instructions from where control arrived to the next
// transfer of control. A guest fills these tables and emits block ids; everything after it reads them.

/** How control leaves an instruction. */
export type Flow = "next" | "jump" | "conditional" | "switch" | "call" | "indirect-call" | "return" | "tail-call" | "raise" | "halt";

/** Plain facts of one opcode's native body. Bytes and instructions leave out any dispatch. */
export interface Opcode {
  readonly name: string;
  /** Operand slots that follow it in the virtual code. */
  readonly operands: number;
  readonly flow: Flow;
  readonly bodyBytes: number;
  readonly nativeInstructions: number;
  /** Conditional branches inside the body; the model counts them as facts and does not replay them. */
  readonly conditionalBranches: number;
  /** Direct calls of helper functions inside the body; facts only, like the above. */
  readonly helperCalls: number;
  /** Whether the body may be copied: no call and no branch leaves it. */
  readonly relocatable: boolean;
}

/**
 * A program as its guest loaded it, and the blocks of it that ran. Virtual addresses are dense indices into the loaded
 * instructions. Everything only grows: code that appears while the program runs gets new addresses, and a block id
 * keeps its meaning for ever. An instruction that is rewritten while the program runs (quickening) keeps its address: its
 * guest hands on what ran before, changes what stands there, and gives the blocks that contain it new ids.
 */
export interface VirtualProgram {
  readonly opcodes: readonly Opcode[];
  /** Index into `opcodes` of the instruction at a virtual address; negative where none is loaded. */
  opcodeAt(address: number): number;
  /**
   * How control leaves the instruction at an address: its opcode's flow, except that a single instruction which is
   * executed out of line (Forth: EXECUTE of a primitive) returns to the instruction that executed it.
   */
  flowAt(address: number): Flow;
  /** Virtual addresses in use so far: 0 to this minus 1. */
  readonly addressCount: number;
  /** Where the code says that a jump, a conditional or a call goes when it transfers control; -1 where only running it tells. */
  targetAt(address: number): number;
  /**
   * Whether control may arrive there from elsewhere (a branch target, an entry point, an exception handler), as the loaded
   * code says. Addresses after a transfer of control need no mark.
   */
  enteredAt(address: number): boolean;
  /** Blocks known so far; their ids are 0 to this minus 1. */
  readonly blockCount: number;
  /** First virtual address of a block. */
  blockStart(block: number): number;
  /**
   * Whether the host took over after a block: an exception, or an instruction that was rewritten and executed again. Its
   * last instruction then executed no branch that leads to the next block. Need not be said where that instruction only
   * goes on.
   */
  leftByHost(block: number): boolean;
  /** Instructions in a block. One that was left early by an exception is a block of its own, cut to what ran. */
  blockLength(block: number): number;
}

/**
 * Takes the ids of executed blocks, in order: `ids[0] … ids[count - 1]`, and the block that follows them, or -1 at the
 * end of the trace. The array has room for one more id, and is reused after the call.
 */
export type BlockSink = (ids: Int32Array, count: number, next: number) => void;
