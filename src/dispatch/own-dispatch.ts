// What token, indirect, direct and tail-call threading and the replicated switch have in common: the source gives every
// body a dispatch of its own. They differ in how the next body's address is found, which is a matter of instructions,
// bytes and tables. What compilers make of such a source, merged or split sites, is the merge map's.
//
//   a site of its own      a tail that is shared          two exits
//   body:  work            body:  work                    body:  work
//          dispatch               jmp tail                       jcc taken
//                          tail:  dispatch                       dispatch
//                                                         taken: dispatch
import { CONDITIONAL, INDIRECT_JUMP, JUMP } from "../branch.ts";
import type { VirtualProgram } from "../trace/virtual.ts";
import { ENTRY, type MergeMap, sharedLabels } from "./merge-map.ts";
import { type LayoutContext, type NativeCode, type NativeInstruction, NEXT, type Place, type Site } from "./native-code.ts";
import { createCodeSpace, OUTSIDE } from "./placement.ts";

/** Bytes of `jmp *%reg`, of `jmp rel32`, of a short `jcc`. */
export const INDIRECT_JUMP_BYTES = 2;
export const JUMP_BYTES = 5;
export const CONDITIONAL_BYTES = 2;

/** How bodies of virtual conditionals are compiled: the parameter of techniques whose bodies end in their own dispatch. */
export const conditionals = {
  conditional: {
    type: "choice",
    choices: ["move", "branch", "two-exits"],
    default: "move",
    description: "bodies of virtual conditionals hold a conditional move, a native branch, or one with a dispatch on either side",
  },
} as const;

export interface Dispatch {
  /** Bytes and native instructions of one dispatch, its jump included. */
  readonly bytes: number;
  readonly instructions: number;
  /** The kind and length of the branch that ends it, if not `jmp *%reg`. */
  readonly kind?: number;
  readonly branchBytes?: number;
  /** Tables that it goes through: one for all sites, or one for each; and bytes of their entries. */
  readonly tables?: { readonly each: "program" | "site"; readonly entryBytes: number };
  /** Where in it a conditional stands that is never taken, a range check: bytes from its start. */
  readonly checkAt?: number;
  /** Bytes behind its branch that belong to the body: where a call returns to. */
  readonly bytesBehind?: number;
}

export interface OwnDispatchOptions {
  readonly align: number;
  readonly dispatch: Dispatch;
  readonly merge: MergeMap;
  readonly conditional: "move" | "branch" | "two-exits";
}

/** One dispatch as it was placed, with the branches that lead through it. */
interface Exit {
  readonly place: Place;
  readonly site: Site;
  readonly sites: (when: Site["when"]) => Site[];
}

export function ownDispatch(
  program: VirtualProgram,
  context: LayoutContext,
  { align, dispatch, merge, conditional }: OwnDispatchOptions,
): NativeCode {
  const { opcodes } = program;
  const { kind = INDIRECT_JUMP, branchBytes = INDIRECT_JUMP_BYTES, bytesBehind = 0, tables } = dispatch;
  const exitBytes = dispatch.bytes + bytesBehind;
  const shared = sharedLabels(opcodes, merge);
  const exitsOf = (opcode: number) => {
    const { name, flow } = opcodes[opcode];
    const { site, takenSite } = merge(name);
    const branches = flow === "conditional" && conditional !== "move";
    const second = takenSite ?? (branches && conditional === "two-exits" ? "" : undefined);
    return { tail: shared(site), second, secondTail: shared(takenSite), branches: branches || second !== undefined };
  };
  const bytesOf = (tail: string | undefined): number => (tail === undefined ? exitBytes : JUMP_BYTES);
  /** The opcode whose body it executes: the first with the same label. */
  const bodyOf = (opcode: number): number => {
    const { body } = merge(opcodes[opcode].name);
    return body === undefined ? opcode : opcodes.findIndex(({ name }) => merge(name).body === body);
  };
  const space = createCodeSpace(program, context, align, (opcode) => {
    if (bodyOf(opcode) !== opcode) return undefined;
    const { tail, second, secondTail, branches } = exitsOf(opcode);
    return (branches ? CONDITIONAL_BYTES : 0) + bytesOf(tail) + (second === undefined ? 0 : bytesOf(secondTail));
  });
  const table = tables === undefined ? undefined : space.table(opcodes.length, tables.entryBytes);
  const ownTables = new Map<number, number>();
  /** The table of a dispatch: the first private one also serves the entry. */
  const tableOf = (id: number): number | undefined => {
    if (tables?.each !== "site") return table;
    let own = id === 0 ? table : ownTables.get(id);
    if (own === undefined) {
      own = space.table(opcodes.length, tables.entryBytes);
      ownTables.set(id, own);
    }
    return own;
  };

  function exitAt(start: number, owner: string, tableId: number): Exit {
    const end = start + dispatch.bytes;
    const site: Site = {
      address: end - branchBytes,
      kind,
      target: NEXT,
      after: end,
      dispatch: true,
      when: "always",
      owner,
      table: tableOf(tableId),
    };
    const check = dispatch.checkAt === undefined ? [] : [checkAt(start + dispatch.checkAt, owner)];
    return { site, place: { start, end: start + exitBytes }, sites: (when) => [...check, { ...site, when }] };
  }
  const tails = new Map<string, Exit>();
  const tailAt = (label: string): Exit => {
    let tail = tails.get(label);
    if (tail === undefined) {
      tail = exitAt(space.shared(exitBytes).start, `tail ${label}`, -2 - tails.size);
      tails.set(label, tail);
    }
    return tail;
  };
  const entryTail = shared(merge(ENTRY).site);
  const entry = entryTail === undefined ? exitAt(space.shared(exitBytes).start, "entry", 0) : tailAt(entryTail);
  for (let opcode = 0; opcode < opcodes.length; opcode++) {
    const { tail, secondTail } = exitsOf(opcode);
    for (const label of [tail, secondTail]) if (label !== undefined) tailAt(label);
  }

  /** The branches from `at` on through one exit, and the bytes that they take. */
  function leave(at: number, tail: string | undefined, owner: string, tableId: number): { end: number; exit: Exit; places: Place[] } {
    if (tail === undefined) {
      const exit = exitAt(at, owner, tableId);
      return { end: exit.place.end, exit, places: [] };
    }
    const end = at + JUMP_BYTES;
    const { site, place, sites } = tailAt(tail);
    const jump: Site = { address: at, kind: JUMP, target: place.start, after: end, dispatch: false, when: "always", owner };
    return { end, exit: { site, place, sites: (when) => [{ ...jump, when }, ...sites(when)] }, places: [place] };
  }
  function layOut(opcode: number): NativeInstruction {
    const { name, nativeInstructions } = opcodes[opcode];
    const { tail, second, secondTail, branches } = exitsOf(opcode);
    const { start, workEnd, end } = space.bodyOf(opcode);
    const first = leave(workEnd + (branches ? CONDITIONAL_BYTES : 0), tail, name, opcode);
    const other = second === undefined ? undefined : leave(first.end, secondTail, name, opcode + 0.5);
    const sites = first.exit.sites(other === undefined ? "always" : "fall-through");
    if (branches) {
      sites.unshift({
        address: workEnd,
        kind: CONDITIONAL,
        target: other === undefined ? workEnd + CONDITIONAL_BYTES : first.end,
        after: workEnd + CONDITIONAL_BYTES,
        dispatch: false,
        when: "taken",
        owner: name,
      });
    }
    if (other !== undefined) sites.push(...other.exit.sites("taken"));
    return {
      entry: start,
      nativeInstructions: nativeInstructions + dispatch.instructions + (branches ? 1 : 0) + (tail === undefined ? 0 : 1),
      sites,
      code: [{ start, end }, ...first.places, ...(other?.places ?? [])],
    };
  }
  const byOpcode: NativeInstruction[] = [];
  return {
    entry: entry.site,
    tableEntryBytes: tables?.entryBytes,
    at(address) {
      const opcode = program.opcodeAt(address);
      byOpcode[opcode] ??= layOut(bodyOf(opcode));
      return byOpcode[opcode];
    },
    pieces() {
      for (let opcode = 0; opcode < opcodes.length; opcode++) layOut(bodyOf(opcode));
      return space.pieces();
    },
  };
}

/** A range check: a conditional branch that is never taken. */
export function checkAt(address: number, owner: string): Site {
  return { address, kind: CONDITIONAL, target: OUTSIDE, after: address + CONDITIONAL_BYTES, dispatch: false, when: "never", owner };
}
