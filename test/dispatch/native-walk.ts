// Follows native control flow through a layout, one executed virtual instruction after the other, without the lowering: what
// executes must be where control is.
import { CALL, CONDITIONAL, INDIRECT_CALL, RETURN } from "../../dist/src/branch.js";
import { type NativeCode, NEXT, type Place, type Site } from "../../dist/src/dispatch/native-code.js";
import type { VirtualProgram } from "../../dist/src/trace/virtual.js";

export interface NativeWalk {
  /** Executed branches that dispatch, the entry included, and all executed branches. */
  dispatches: number;
  branches: number;
  /** Indirect ones among the dispatches. */
  indirectDispatches: number;
  nativeInstructions: number;
  calls: number;
  returns: number;
  /** Returns that went elsewhere than behind the call on top of the native stack, and returns on an empty one. */
  strayReturns: number;
  emptyReturns: number;
  /** Indirect branches whose target is not the one that their site had last, and returns that a boundless return stack misses. */
  indirectMisses: number;
  returnMisses: number;
  /** Every site that executed, and every range of code. */
  readonly sites: Map<number, Site>;
  readonly ranges: Map<string, Place>;
  /** The opcode that each native entry executes. */
  readonly opcodeOf: Map<number, number>;
}

/**
 * @param addresses virtual addresses of executed instructions, as the layout sees them
 * @throws Error where control could not have come to what executes next
 */
export function walkNative(program: VirtualProgram, code: NativeCode, addresses: readonly number[]): NativeWalk {
  const walk: NativeWalk = {
    dispatches: 0,
    branches: 0,
    indirectDispatches: 0,
    nativeInstructions: 0,
    calls: 0,
    returns: 0,
    strayReturns: 0,
    emptyReturns: 0,
    indirectMisses: 0,
    returnMisses: 0,
    sites: new Map(),
    ranges: new Map(),
    opcodeOf: new Map(),
  };
  const stack: number[] = [];
  const lastTarget = new Map<number, number>();
  /** Where control is; -1 once the host has taken it. */
  let pc = -1;
  let ranges: readonly Place[] = [];
  const reach = (to: number, what: string): void => {
    const straight = pc === to || ranges.some(({ start, end }) => start <= pc && pc <= to && to <= end);
    if (pc >= 0 && !straight) throw new Error(`control is at 0x${pc.toString(16)}, and ${what} is at 0x${to.toString(16)}`);
  };
  const execute = (site: Site, next: number, transferred: boolean): boolean => {
    const taken = site.when === "always" || (site.when === "taken" && transferred) || (site.when === "fall-through" && !transferred);
    if (!taken && site.kind !== CONDITIONAL) return false;
    if (site !== code.entry) reach(site.address, `a branch of ${site.owner}`);
    const target = taken ? (site.target === NEXT ? next : site.target) : site.after;
    walk.branches++;
    walk.sites.set(site.address, site);
    if (site.dispatch) {
      walk.dispatches++;
      if (site.kind & (4 | 16)) walk.indirectDispatches++;
    }
    if (site.kind & (4 | 16)) {
      if (lastTarget.get(site.address) !== target) walk.indirectMisses++;
      lastTarget.set(site.address, target);
    }
    if (site.kind & (CALL | INDIRECT_CALL)) {
      walk.calls++;
      stack.push(site.after);
    }
    if (site.kind === RETURN) {
      walk.returns++;
      const top = stack.pop();
      if (top === undefined) walk.emptyReturns++;
      else if (top !== target) walk.strayReturns++;
      if (top !== target) walk.returnMisses++;
    }
    pc = target;
    return site.target === NEXT;
  };

  addresses.forEach((address, i) => {
    const instruction = code.at(address);
    const { entry, arrival = [], sites } = instruction;
    if (i === 0) execute(code.entry, entry, true);
    ranges = [...ranges, ...instruction.code];
    for (const site of arrival) execute(site, entry, false);
    // a compare tree is entered by a jump to its head
    if (arrival.length === 0 || i > 0) reach(entry, `instruction ${i}`);
    pc = entry;
    ranges = instruction.code;
    for (const range of instruction.code) walk.ranges.set(`${range.start}-${range.end}`, range);
    const opcode = program.opcodeAt(address);
    const known = walk.opcodeOf.get(entry);
    if (known !== undefined && program.opcodes[known].name !== program.opcodes[opcode]?.name) {
      throw new Error(`0x${entry.toString(16)} executes ${program.opcodes[known].name} and ${program.opcodes[opcode]?.name}`);
    }
    walk.opcodeOf.set(entry, opcode);
    walk.nativeInstructions += instruction.nativeInstructions;
    if (i === addresses.length - 1) return;
    const following = addresses[i + 1];
    const transferred = following !== address + 1;
    const next = code.at(following).entry;
    const went = sites.map((site) => execute(site, next, transferred)).includes(true);
    if (transferred && !went && program.flowAt(address) === "next") execute(code.entry, next, true);
  });
  return walk;
}
