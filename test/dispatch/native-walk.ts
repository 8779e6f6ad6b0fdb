// Follows native control flow through a layout, one executed virtual instruction after the other, without the lowering: what
// executes must be where control is.
import { CALL, CONDITIONAL, INDIRECT_CALL, INDIRECT_JUMP, JUMP, RETURN } from "../../dist/src/branch.js";
import { type NativeCode, type NativeInstruction, NEXT, type Place, type Site } from "../../dist/src/dispatch/native-code.js";
import type { Flow, VirtualProgram } from "../../dist/src/trace/virtual.js";

export interface NativeWalk {
  /** Executed branches that dispatch, the entry included, and all executed branches. */
  dispatches: number;
  branches: number;
  nativeInstructions: number;
  calls: number;
  returns: number;
  /** Returns that went elsewhere than behind the call on top of the native stack, and returns on an empty one. */
  strayReturns: number;
  emptyReturns: number;
  /** Indirect branches whose target is not the one that their site had last, and returns that a boundless return stack misses. */
  indirectMisses: number;
  returnMisses: number;
  /** The most that the native stack held. */
  deepest: number;
  /** Every site that executed, and every range of code. */
  readonly sites: Map<number, Site>;
  readonly ranges: Map<string, Place>;
  /** The opcode that each native entry executes. */
  readonly opcodeOf: Map<number, string>;
}

/** One executed instruction, with its code as it was then. */
export interface Step {
  readonly address: number;
  readonly opcode: string;
  readonly flow: Flow;
  readonly instruction: NativeInstruction;
  /** The host took over behind it: none of its branches executed. */
  readonly leftByHost?: boolean;
}

/** Branches whose target stands in the code. */
const DIRECT = CONDITIONAL | JUMP | CALL;

export interface Walker {
  /** @throws Error where control could not have come to what executes next */
  step(next: Step): void;
  readonly walk: NativeWalk;
}

export function startWalk(code: NativeCode): Walker {
  const walk: NativeWalk = {
    dispatches: 0,
    branches: 0,
    nativeInstructions: 0,
    calls: 0,
    returns: 0,
    strayReturns: 0,
    emptyReturns: 0,
    indirectMisses: 0,
    returnMisses: 0,
    deepest: 0,
    sites: new Map(),
    ranges: new Map(),
    opcodeOf: new Map(),
  };
  const stack: number[] = [];
  const lastTarget = new Map<number, number>();
  /** Where control is; -1 once the host has taken it. */
  let pc = -1;
  let ranges: readonly Place[] = [];
  const known = new Set<Place>();
  let previous: Step | undefined;
  let extraOfTransfer = 0;
  const reach = (to: number, what: string): void => {
    let at = pc;
    // straight on, through ranges that touch
    for (;;) {
      const range = ranges.find(({ start, end }) => start <= at && at < end);
      if (at === to || range === undefined || (at < to && to <= range.end)) break;
      at = range.end;
    }
    const straight = at === to || ranges.some(({ start, end }) => start <= at && at <= to && to <= end);
    if (pc >= 0 && !straight) throw new Error(`control is at 0x${pc.toString(16)}, and ${what} is at 0x${to.toString(16)}`);
  };
  const execute = (site: Site, next: number, transferred: boolean): void => {
    const taken = site.when === "always" || (site.when === "taken" && transferred) || (site.when === "fall-through" && !transferred);
    if (!taken && site.kind !== CONDITIONAL) return;
    // where the entry site is shared, it is reached like any other; an entry of its own the host comes to
    if (site.address !== code.entry.address || ranges.some(({ start, end }) => start <= site.address && site.address < end)) {
      reach(site.address, `a branch of ${site.owner}`);
    }
    const target = taken ? (site.target === NEXT ? next : site.target) : site.after;
    walk.branches++;
    walk.sites.set(site.address, site);
    if (site.dispatch) walk.dispatches++;
    if (site.kind & (INDIRECT_JUMP | INDIRECT_CALL)) {
      if (lastTarget.get(site.address) !== target) walk.indirectMisses++;
      lastTarget.set(site.address, target);
    }
    if (site.kind & (CALL | INDIRECT_CALL)) {
      walk.calls++;
      stack.push(site.after);
      walk.deepest = Math.max(walk.deepest, stack.length);
    }
    if (site.kind === RETURN) {
      walk.returns++;
      const top = stack.pop();
      if (top === undefined) walk.emptyReturns++;
      else if (top !== target) walk.strayReturns++;
      if (top !== target) walk.returnMisses++;
    }
    pc = target;
  };

  const leadsOn = ({ target }: Site): boolean => target === NEXT || target === code.entry.target;

  return {
    walk,
    step(next) {
      const { entry, arrival = [], code: places, nativeInstructions, transferInstructions } = next.instruction;
      // a dispatch may stand in code that belongs to what it dispatches
      ranges = [...ranges, ...places];
      if (previous === undefined) execute(code.entry, entry, true);
      else {
        const transferred = next.address !== previous.address + 1;
        if (transferred) walk.nativeInstructions += extraOfTransfer;
        const { sites } = previous.instruction;
        const executes = (site: Site): boolean => site.when === "always" || (site.when === "taken") === transferred;
        // an indirect branch may lead wherever the host went, a direct one does not
        const byHost =
          (previous.leftByHost || (transferred && previous.flow === "next")) &&
          !sites.some((site) => executes(site) && leadsOn(site) && !(site.target === NEXT && site.kind & DIRECT));
        for (const site of sites) if (!(byHost && site.target === NEXT)) execute(site, entry, transferred);
        if (byHost) {
          pc = -1;
          execute(code.entry, entry, true);
        }
      }
      if (arrival.length === 0) reach(entry, `the code of ${next.opcode}`);
      for (const site of arrival) execute(site, entry, false);
      // branches of arrival lead to the work; a shared entry is where they begin
      if (arrival.length === 0) pc = entry;
      ranges = places;
      for (const range of places) {
        if (known.has(range)) continue;
        known.add(range);
        walk.ranges.set(`${range.start}-${range.end}`, range);
      }
      const before = walk.opcodeOf.get(entry);
      if (before !== undefined && before !== next.opcode) throw new Error(`0x${entry.toString(16)} executes ${before} and ${next.opcode}`);
      walk.opcodeOf.set(entry, next.opcode);
      walk.nativeInstructions += nativeInstructions;
      extraOfTransfer = (transferInstructions ?? nativeInstructions) - nativeInstructions;
      previous = next;
    },
  };
}

/**
 * Walks executed virtual addresses, as the layout sees them, of a program that does not rewrite itself.
 * @param epilogue what executes once the last instruction is done
 */
export function walkNative(
  program: VirtualProgram,
  code: NativeCode,
  addresses: readonly number[],
  epilogue: readonly number[] = [],
): NativeWalk {
  const stepAt = (address: number): Step => {
    const opcode = program.opcodes[program.opcodeAt(address)]?.name ?? "the caller";
    return { address, opcode, flow: program.flowAt(address), instruction: code.at(address) };
  };
  /** Code does not change while the program does not: it is asked for once, as the lowering does. */
  const steps = new Map<number, Step>();
  const { step, walk } = startWalk(code);
  addresses.forEach((address, i) => {
    const now = steps.get(address) ?? stepAt(address);
    steps.set(address, now);
    // the last instruction of the run does not call another one: it returns
    const last = epilogue.length > 0 && i === addresses.length - 1;
    step(last ? { ...now, flow: "return", instruction: { ...now.instruction, sites: [] } } : now);
  });
  epilogue.forEach((address) => {
    const now = stepAt(address);
    step({ ...now, opcode: `${now.opcode} returning` });
  });
  return walk;
}
