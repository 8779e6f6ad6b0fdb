// Stacks as addresses (SP@, RP@, LP@): above all memory, growing down as in Gforth; the cell at SP@ is the top.
import { ForthException } from "../exceptions.ts";
import { GUARD, RETURN_BASE, RETURN_CELLS, RETURN_TOP, STACK_BASE, STACK_CELLS, STACK_TOP } from "./layout.ts";
import type { Machine } from "./machine.ts";

/** SP@ and RP@. */
export function stackAddress(machine: Machine, stack: "data" | "return"): number {
  return stack === "data" ? STACK_TOP - machine.cell.bytes * machine.depth : RETURN_TOP - machine.cell.bytes * (machine.rp - RETURN_BASE);
}

/** SP! and RP!. @throws ForthException -4, -3, -6 or -5 where the stack does not reach */
export function moveStack(machine: Machine, stack: "data" | "return", address: number): void {
  const depth = Math.floor(((stack === "data" ? STACK_TOP : RETURN_TOP) - address) / machine.cell.bytes);
  if (stack === "data") {
    if (depth < 0) throw new ForthException(-4);
    if (depth > STACK_CELLS - GUARD - STACK_BASE) throw new ForthException(-3);
    machine.sp = STACK_BASE + depth;
  } else {
    if (depth < 0) throw new ForthException(-6);
    if (depth > RETURN_CELLS - GUARD - RETURN_BASE) throw new ForthException(-5);
    machine.rp = RETURN_BASE + depth;
  }
}

/** LP!. */
export function moveLocals(machine: Machine, address: number): void {
  if (address <= machine.heapEnd || address > machine.memoryBytes || address % machine.cell.bytes !== 0)
    throw new ForthException(-9, `no address of locals: ${address}`);
  machine.lp = address;
}
