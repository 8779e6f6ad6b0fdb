// Follows a trace block by block: each must be a legal successor of the one before, given the program and the calls that are open.
import type { VirtualProgram } from "../../../dist/src/trace/virtual.js";

const byHost = (address: number): number => -1 - address;

/**
 * What is wrong with a trace, the first of it; undefined where nothing is.
 * @param handlers addresses at which exceptions may arrive
 */
export function misstep(program: VirtualProgram, blocks: readonly number[], handlers: ReadonlySet<number> = new Set()): string | undefined {
  /** Addresses to which open calls return; of calls by the host, negative, where its own call returns. */
  const returns: number[] = [];
  /** Whether a block may lead to an address by itself; opens and closes calls. */
  function leads(last: number, next: number): boolean {
    const target = program.targetAt(last);
    switch (program.flowAt(last)) {
      case "next":
        return next === last + 1;
      case "jump":
        return next === target;
      case "conditional":
        return next === target || next === last + 1;
      case "switch":
        return program.enteredAt(next);
      case "call":
      case "indirect-call":
        if (target >= 0 ? next !== target : !program.enteredAt(next)) return false;
        returns.push(last + 1);
        return true;
      case "tail-call":
        return target >= 0 ? next === target : program.enteredAt(next);
      case "return":
        if (returns[returns.length - 1] !== next) return false;
        returns.pop();
        return true;
      default:
        return false;
    }
  }
  for (let i = 0; i + 1 < blocks.length; i++) {
    const last = program.blockStart(blocks[i]) + program.blockLength(blocks[i]) - 1;
    const next = program.blockStart(blocks[i + 1]);
    if (program.leftByHost(blocks[i])) {
      const flow = program.flowAt(last);
      // an imported function that calls back; it returns, or throws, and all that it called is over
      if (flow === "next" && next !== last + 1 && program.enteredAt(next)) returns.push(byHost(last + 1));
      else if (!program.enteredAt(next) && next !== last + 1) while (returns.length > 0 && returns.pop() !== byHost(next));
    } else if (!leads(last, next)) {
      const name = program.opcodes[program.opcodeAt(last)].name;
      if (!handlers.has(next)) return `step ${i}: ${name} at ${last} (${program.flowAt(last)}) leads to ${next}`;
      // an exception: calls of functions that do not have the handler are over
      for (let at = last; returns.length > 0 && !sameFunction(program, at, next); ) at = returns.pop() as number;
    }
  }
  return undefined;
}

/** Whether no function ends between two addresses. */
function sameFunction(program: VirtualProgram, one: number, other: number): boolean {
  for (let at = Math.min(one, other); at < Math.max(one, other); at++) {
    if (program.opcodes[program.opcodeAt(at)].name === "end" && program.flowAt(at) === "return") return false;
  }
  return true;
}

/** Addresses at which handlers of the form before try_table begin. */
export function handlersOf(program: VirtualProgram): ReadonlySet<number> {
  const handlers = new Set<number>();
  for (let at = 0; at + 1 < program.addressCount; at++) {
    if (program.opcodes[program.opcodeAt(at)].name.startsWith("catch")) handlers.add(at + 1);
  }
  return handlers;
}
