// Follows a trace block by block: each must be a legal successor of the one before, given the program and the calls that are open.
import type { VirtualProgram } from "../../../dist/src/trace/virtual.js";

/**
 * What is wrong with a trace, the first of it; undefined where nothing is.
 * @param handlers addresses at which exceptions may arrive
 */
export function misstep(program: VirtualProgram, blocks: readonly number[], handlers: ReadonlySet<number> = new Set()): string | undefined {
  /** Addresses to which open calls return. */
  const returns: number[] = [];
  for (let i = 0; i + 1 < blocks.length; i++) {
    const last = program.blockStart(blocks[i]) + program.blockLength(blocks[i]) - 1;
    const next = program.blockStart(blocks[i + 1]);
    const flow = program.flowAt(last);
    const target = program.targetAt(last);
    const name = program.opcodes[program.opcodeAt(last)].name;
    const wrong = (): string => `step ${i}: ${name} at ${last} (${flow}) leads to ${next}, not ${target < 0 ? "there" : target}`;
    if (program.leftByHost(blocks[i])) {
      if (flow === "return") returns.pop();
      continue;
    }
    if (handlers.has(next) && (flow === "raise" || flow === "return" || name.includes("call"))) {
      while (returns.length > 0 && !sameFunction(program, returns[returns.length - 1], next) && !sameFunction(program, last, next))
        returns.pop();
      continue;
    }
    switch (flow) {
      case "next":
        if (next !== last + 1) return wrong();
        break;
      case "jump":
        if (next !== target) return wrong();
        break;
      case "conditional":
        if (next !== target && next !== last + 1) return wrong();
        break;
      case "switch":
        if (!program.enteredAt(next)) return wrong();
        break;
      case "call":
        if (next !== target) return wrong();
        returns.push(last + 1);
        break;
      case "indirect-call":
        if (!program.enteredAt(next)) return wrong();
        returns.push(last + 1);
        break;
      case "tail-call":
        if (target >= 0 ? next !== target : !program.enteredAt(next)) return wrong();
        break;
      case "return":
        if (returns.pop() !== next) return wrong();
        break;
      default:
        return wrong();
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
