// Recorded branches as if they came from a virtual program, so that replay and census take them as they take all others.
// Block 0 has none: it follows the last one.
import { INDIRECT, JUMP, NONE } from "../branch.ts";
import type { BranchRecord, Lowering, NumberedSite } from "../dispatch/lowering.ts";
import type { Site } from "../dispatch/native-code.ts";
import { unsignedOf } from "../recordings/addresses.ts";
import type { EventSite } from "../recordings/distinct-branches.ts";
import type { RecordedBlocks } from "../recordings/recorded-run.ts";
import { namedAddress, type SymbolTable } from "../recordings/symbols.ts";
import type { VirtualProgram } from "../trace/virtual.ts";

/** It never executes. */
const ENTRY: Site = { address: 0, kind: JUMP, target: NONE, after: 0, dispatch: false, when: "always", owner: "" };

const NOTHING: readonly BranchRecord[] = [];
const NO_TAILS = [NOTHING, NOTHING] as const;

/** Whether a branch is an interpreter's dispatch. */
export type IsDispatch = (address: bigint, kind: number) => boolean;

/** A class: there are many, and with getters of its own an object takes 1 µs to make, one of a class 0.04. */
class RecordedSite implements NumberedSite {
  readonly id: number;
  readonly address: number;
  readonly kind: number;
  readonly target = NONE;
  readonly after: number;
  readonly when = "always";
  readonly #site: EventSite;
  readonly #symbols: SymbolTable;
  readonly #isDispatch: IsDispatch;

  constructor(site: EventSite, id: number, symbols: SymbolTable, isDispatch: IsDispatch) {
    this.id = id;
    this.address = site.address;
    this.kind = site.kind;
    this.after = site.address;
    this.#site = site;
    this.#symbols = symbols;
    this.#isDispatch = isDispatch;
  }
  // names may come behind the branch
  get dispatch(): boolean {
    return (this.kind & INDIRECT) !== 0 && this.#isDispatch(this.#whole(), this.kind);
  }
  // spelled out only for those that are shown
  get owner(): string {
    const found = this.#symbols.find(this.#whole());
    return found === undefined ? `0x${this.#whole().toString(16)}` : namedAddress(found);
  }
  #whole(): bigint {
    return unsignedOf(this.#site.pc, this.#site.pcHigh);
  }
}

/** A program without code. */
export function programOf(blocks: RecordedBlocks): VirtualProgram {
  return {
    opcodes: [],
    opcodeAt: () => NONE,
    flowAt: () => "jump",
    addressCount: 0,
    targetAt: () => NONE,
    enteredAt: () => true,
    get blockCount() {
      return blocks.count;
    },
    blockStart: () => 0,
    blockLength: () => 1,
    leftByHost: () => false,
  };
}

export function lowerRecorded(blocks: RecordedBlocks, isDispatch: IsDispatch = () => false): Lowering {
  const entry: NumberedSite = { ...ENTRY, id: 0 };
  const sites: NumberedSite[] = [entry];
  /** The site behind an index of the recording's, one later: the entry comes first. */
  const siteOf = (index: number): NumberedSite => {
    for (let id = sites.length; id <= index + 1; id++) sites.push(new RecordedSite(blocks.sites[id - 1], id, blocks.symbols, isDispatch));
    return sites[index + 1];
  };
  /** By number of the branch. */
  const records: (readonly BranchRecord[])[] = [];
  const recordsOf = (branch: number): readonly BranchRecord[] => {
    records[branch] ??= blocks.eventsOf(branch).map(({ site, target, taken, staticTarget }) => ({
      site: siteOf(site),
      virtualAddress: NONE,
      target,
      taken,
      staticTarget,
    }));
    return records[branch];
  };
  return {
    code: {
      entry,
      at() {
        throw new Error("recorded branches have no code");
      },
      pieces: () => [],
    },
    sites,
    entry,
    lengthsUnknown: true,
    // not kept: there are many, and each is asked for a few times by every replay and census
    block(id) {
      const interior: BranchRecord[] = [];
      for (const branch of blocks.branchesOf(id)) for (const record of recordsOf(branch)) interior.push(record);
      return {
        start: 0,
        end: 1,
        entry: NONE,
        nativeInstructions: blocks.instructionsOf(id),
        transferExtra: 0,
        instructionCounts: [],
        code: [],
        interior,
        tails: NO_TAILS,
      };
    },
  };
}
