// Sizes and marks of the Forth machine: where things are in memory, on the stacks and in code.

export const CODE_SIZE = 1 << 20;
/** Data memory unless a program asks for more or less; half of it is the dictionary, the rest heap and locals. */
export const MEMORY_BYTES = 64 << 20;
/** Addresses below are never valid: a null pointer, a small number taken for an address. */
export const LOWEST = 4096;
export const dictionaryEnd = (memoryBytes: number): number => memoryBytes / 2;
export const heapEnd = (memoryBytes: number): number => memoryBytes - (256 << 10);
export const STACK_CELLS = 1 << 16;
export const RETURN_CELLS = 1 << 18;
export const STACK_BASE = 64;
/** Cells below the first return address, so that I and J of a program gone wrong read something. */
export const RETURN_BASE = 16;
/** Room above the limits for what a block does between two checks. */
export const GUARD = 8192;
/** Where programs see the stacks that have no place in memory: the addresses after their bottoms. */
export const STACK_TOP = 0x5000_0000;
export const RETURN_TOP = 0x6000_0000;
export const BLOCK_LIMIT = GUARD / 2 - 1;
export const TRACE_SIZE = 1 << 16;
/** credit[ip] is this minus the depth that the block at ip needs; 0 where no block is known yet. */
export const CREDIT = 1 << 30;

/** Where the first virtual addresses are: where a primitive run by the text interpreter ends, CATCH's end, where RUN's code returns. */
export const PRIMITIVE_END = 0;
export const CATCH_END = 1;
export const RUN_END = 2;

export const HALT = 0;
export const RESUME = 1;
export const TRAP = 2;
/** Opcode numbers of the machine's own marks; real opcodes follow. */
export const MARKS = 3;
