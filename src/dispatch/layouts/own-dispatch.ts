// The layout of token, indirect, direct and tail-call threading and the replicated switch: the source gives every body its own
// dispatch. They differ in how the next body's address is found, that is, in instructions, bytes and tables. A merge map
// describes how compilers merge or split the sites.
//
//   its own site           a shared tail                  two exits
//   body:  work            body:  work                    body:  work
//          dispatch               jmp tail                       jcc taken
//                          tail:  dispatch                       dispatch
//                                                         taken: dispatch
import { INDIRECT_JUMP } from "../../branch.ts";
import type { Opcode, VirtualProgram } from "../../trace/virtual.ts";
import { type LayoutContext, type NativeCode, type NativeInstruction, NEXT, type Place, type Site } from "../native-code.ts";
import { ofOpcode } from "./by-opcode.ts";
import { ENTRY, type MergeMap, merging, readMergeMap, sharedLabels } from "./merge-map.ts";
import { alignment, createCodeSpace } from "./placement.ts";
import { BYTES, bodyConditional, checkBranch, instructionOf, jump, siteOf } from "./sites.ts";

/** How bodies of virtual conditionals are compiled: the parameter of techniques whose bodies end in their own dispatch. */
export const conditionals = {
  conditional: {
    type: "choice",
    choices: ["move", "branch", "two-exits"],
    default: "move",
    description: "bodies of virtual conditionals hold a conditional move, a native branch, or one with a dispatch on either side",
  },
} as const;

export interface DispatchCode {
  /** Bytes and native instructions of one dispatch, its branch included. */
  readonly bytes: number;
  readonly instructions: number;
  /** Kind and length of the branch that ends it, if not `jmp *%reg`. */
  readonly kind?: number;
  readonly branchBytes?: number;
  /** Tables that it goes through: one for all sites, or one for each; and bytes of their entries. */
  readonly tables?: { readonly private: boolean; readonly entryBytes: number };
  /** Offset of a range check in bytes from its start. */
  readonly checkAt?: number;
  /** Bytes after its branch that belong to it, to which a call returns. */
  readonly bytesBehind?: number;
}

export interface OwnDispatchOptions {
  readonly align: number;
  readonly dispatch: DispatchCode;
  readonly merge: MergeMap;
  readonly conditional: (typeof conditionals)["conditional"]["choices"][number];
}

/** Parameters and layout of a technique whose dispatch is always the same. */
export const dispatchedBy = (dispatch: DispatchCode) => ({
  parameters: { ...alignment, ...merging, ...conditionals },
  layout: (
    program: VirtualProgram,
    {
      align,
      merge,
      conditional,
    }: { readonly align: number; readonly merge: string; readonly conditional: OwnDispatchOptions["conditional"] },
    context: LayoutContext,
  ): NativeCode => ownDispatch(program, context, { align, conditional, merge: readMergeMap(merge), dispatch }),
});

/** The same for a technique whose source gives all bodies one dispatch, with a name. */
export const dispatchedThrough = (site: string, dispatch: DispatchCode) => ({
  parameters: { ...alignment, ...conditionals },
  layout: (
    program: VirtualProgram,
    { align, conditional }: { readonly align: number; readonly conditional: OwnDispatchOptions["conditional"] },
    context: LayoutContext,
  ): NativeCode => ownDispatch(program, context, { align, conditional, merge: () => ({ site }), dispatch }),
});

/** How control leaves a body: through shared tails, if any; through a second exit when it transfers control, if it has one. */
interface BodyExits {
  readonly tail: string | undefined;
  readonly second: boolean;
  readonly secondTail: string | undefined;
  /** Whether a native conditional decides. */
  readonly branches: boolean;
}

/** One placed dispatch. */
interface Tail {
  readonly place: Place;
  /** Its branches, the one that goes to NEXT last. */
  readonly sites: readonly Site[];
}

export function ownDispatch(program: VirtualProgram, context: LayoutContext, options: OwnDispatchOptions): NativeCode {
  const { align, dispatch, merge, conditional } = options;
  const { opcodes } = program;
  const { kind = INDIRECT_JUMP, branchBytes = BYTES.indirectJump, bytesBehind = 0, tables, checkAt } = dispatch;
  const dispatchBytes = dispatch.bytes + bytesBehind;
  const shared = sharedLabels(opcodes, merge);
  const exitsOf = ({ name, flow }: Opcode): BodyExits => {
    const { site, takenSite } = merge(name);
    const branches = flow === "conditional" && conditional !== "move";
    const second = takenSite !== undefined || (branches && conditional === "two-exits");
    // without its own site, a second exit uses that of the first
    return { tail: shared(site), second, secondTail: shared(takenSite ?? site), branches: branches || second };
  };
  /** The opcode whose body is executed: the first with the same label. */
  const bodyOf = (opcode: number): number => {
    const { body } = merge(opcodes[opcode].name);
    return body === undefined ? opcode : opcodes.findIndex(({ name }) => merge(name).body === body);
  };
  const leavingBytes = (tail: string | undefined): number => (tail === undefined ? dispatchBytes : BYTES.jump);
  const space = createCodeSpace(program, context, align, (opcode) => {
    if (bodyOf(opcode) !== opcode) return undefined;
    const { tail, second, secondTail, branches } = exitsOf(opcodes[opcode]);
    return (branches ? BYTES.shortConditional : 0) + leavingBytes(tail) + (second ? leavingBytes(secondTail) : 0);
  });

  const newTable = (): number | undefined => (tables === undefined ? undefined : space.table(opcodes.length, tables.entryBytes));
  const firstTable = newTable();
  let dispatches = 0;
  function dispatchAt(start: number, owner: string): Tail {
    const end = start + dispatch.bytes;
    // with private tables, the entry and the first dispatch share one
    const table = tables?.private && dispatches++ > 1 ? newTable() : firstTable;
    const site = siteOf(kind, end - branchBytes, NEXT, end, true, "always", owner, undefined, table);
    return {
      place: { start, end: start + dispatchBytes },
      sites: checkAt === undefined ? [site] : [checkBranch(start + checkAt, owner), site],
    };
  }
  const tails = new Map<string, Tail>();
  const tailAt = (label: string): Tail => {
    let tail = tails.get(label);
    if (tail === undefined) {
      tail = dispatchAt(space.shared(dispatchBytes).start, `tail ${label}`);
      tails.set(label, tail);
    }
    return tail;
  };
  const entryTail = shared(merge(ENTRY).site);
  const entry = entryTail === undefined ? dispatchAt(space.shared(dispatchBytes).start, "entry") : tailAt(entryTail);
  for (const { tail, secondTail } of opcodes.map(exitsOf)) {
    for (const label of [tail, secondTail]) if (label !== undefined) tailAt(label);
  }

  /** Leaves a body at `start`: through a dispatch there, or by a jump to a tail. */
  function leave(start: number, label: string | undefined, owner: string): Tail {
    if (label === undefined) return dispatchAt(start, owner);
    const tail = tailAt(label);
    return { place: tail.place, sites: [jump(start, tail.place.start, owner), ...tail.sites] };
  }
  function layOut(opcode: number): NativeInstruction {
    const { name, nativeInstructions } = opcodes[opcode];
    const { tail, second, secondTail, branches } = exitsOf(opcodes[opcode]);
    const { start: entered, workEnd, end } = space.bodyOf(opcode);
    const start = workEnd + (branches ? BYTES.shortConditional : 0);
    const secondStart = start + leavingBytes(tail);
    const first = leave(start, tail, name);
    const other = second ? leave(secondStart, secondTail, name) : undefined;
    const taken = nativeInstructions + dispatch.instructions + (branches ? 1 : 0);
    const sites = other === undefined ? [...first.sites] : first.sites.map((site): Site => ({ ...site, when: "fall-through" }));
    if (branches) sites.unshift(bodyConditional(workEnd, other === undefined ? start : secondStart, name));
    if (other !== undefined) sites.push(...other.sites.map((site): Site => ({ ...site, when: "taken" })));
    const apart = [first, other].flatMap((exit) =>
      exit === undefined || (exit.place.end <= end && exit.place.start >= entered) ? [] : exit.place,
    );
    return instructionOf(
      entered,
      taken + (tail === undefined ? 0 : 1),
      sites,
      [{ start: entered, end: tail === undefined ? end - bytesBehind : end }, ...apart],
      taken + ((other === undefined ? tail : secondTail) === undefined ? 0 : 1),
    );
  }
  /** The code of opcodes whose body is executed. */
  const ofBody = ofOpcode(layOut);
  const codeOf = ofOpcode((opcode) => ofBody(bodyOf(opcode)));
  return {
    entry: entry.sites[entry.sites.length - 1],
    tableEntryBytes: tables?.entryBytes,
    at: (address) => codeOf(program.opcodeAt(address)),
    pieces() {
      // each dispatch has a table of its own
      if (tables?.private) for (let opcode = 0; opcode < opcodes.length; opcode++) codeOf(opcode);
      return space.pieces();
    },
  };
}
