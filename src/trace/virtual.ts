// The virtual side: a program in its loaded representation, facts about its instruction set, and the stream of executed
// blocks. A block is a straight run of virtual instructions from where control arrived to the next transfer of control.
// A guest fills these tables and emits block ids; all later stages read them.

/** How control leaves an instruction. */
export type Flow = "next" | "jump" | "conditional" | "switch" | "call" | "indirect-call" | "return" | "tail-call" | "raise" | "halt";

/** Facts about one opcode's native body. Bytes and instructions exclude any dispatch. */
export interface Opcode {
  readonly name: string;
  /** Operand slots that follow it in the virtual code. */
  readonly operands: number;
  readonly flow: Flow;
  readonly bodyBytes: number;
  readonly nativeInstructions: number;
  /** Conditional branches inside the body; they are not replayed. */
  readonly conditionalBranches: number;
  /** Direct calls of helper functions inside the body; not replayed either. */
  readonly helperCalls: number;
  /** Whether the body may be copied: no call and no branch leaves it. */
  readonly relocatable: boolean;
  /** Set if an instruction with this opcode is rewritten when it has been executed once (quickening): code made at load time leaves room. */
  readonly quickens?: true;
}

/**
 * A program as its guest loaded it, and the blocks of it that ran. Virtual addresses are dense indices into the loaded
 * instructions. Everything only grows: code that appears while the program runs gets new addresses, and a block id
 * never changes its meaning. An instruction that is rewritten while the program runs (quickening) keeps its address: its
 * guest passes on all earlier blocks, changes the instruction, and gives the blocks that contain it new ids.
 */
export interface VirtualProgram {
  readonly opcodes: readonly Opcode[];
  /** Index into `opcodes` of the instruction at a virtual address; negative if none is loaded. */
  opcodeAt(address: number): number;
  /**
   * How control leaves the instruction at an address: its opcode's flow, except that a single instruction which is
   * executed out of line (Forth: EXECUTE of a primitive) returns to the instruction that executed it.
   */
  flowAt(address: number): Flow;
  /** Virtual addresses in use so far: 0 to this minus 1. */
  readonly addressCount: number;
  /** Static target of a jump, a conditional or a call; -1 if it is known only at run time. */
  targetAt(address: number): number;
  /**
   * Whether control may arrive there from elsewhere (a branch target, an entry point, an exception handler), according to the
   * loaded code. Addresses after a transfer of control need no mark.
   */
  enteredAt(address: number): boolean;
  /** Blocks known so far; their ids are 0 to this minus 1. */
  readonly blockCount: number;
  /** First virtual address of a block. */
  blockStart(block: number): number;
  /**
   * Whether the host took over after a block: an exception, or an instruction that was rewritten and executed again. Its
   * last instruction then executed no branch to the next block. May be left out if that instruction always falls through.
   */
  leftByHost(block: number): boolean;
  /** Instructions in a block. A block that was left early by an exception is a separate block, cut to the instructions that ran. */
  blockLength(block: number): number;
}

/**
 * Takes the ids of executed blocks, in order: `ids[0] … ids[count - 1]`, and the block that follows them, or -1 at the
 * end of the trace. The array has room for one more id, and is reused after the call.
 */
export type BlockSink = (ids: Int32Array, count: number, next: number) => void;
