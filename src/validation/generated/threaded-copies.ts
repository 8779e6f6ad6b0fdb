// Techniques whose code consists of copies that each end in a dispatch: direct threading with one copy of each body, replication,
// superinstructions, static and dynamic.
import { endOfBasicBlock } from "../../dispatch/layouts/load-order.ts";
import { randomNumbers } from "../../dispatch/layouts/placement.ts";
import {
  chooseReplicas,
  chooseSuperinstructions,
  type Parse,
  parseGreedily,
  parseOptimally,
  unitOf,
} from "../../dispatch/layouts/selection.ts";
import { type Generator, loadedAddresses, onceForEachOpcode, opcodeAt, type ProgramToGenerate, plainOf } from "./program-code.ts";

/** The bodies of some opcodes one after the other, and a dispatch. */
function putUnit(loaded: ProgramToGenerate, opcodes: readonly string[]): number {
  const at = loaded.code.here();
  for (const opcode of opcodes) loaded.code.body(plainOf(loaded, opcode));
  loaded.code.dispatch();
  return at;
}

/** Static basic blocks in load order: first address, and names of opcodes. */
function basicBlocks(loaded: ProgramToGenerate): { readonly start: number; readonly names: readonly string[] }[] {
  const blocks: { start: number; names: string[] }[] = [];
  let behind = 0;
  for (const address of loadedAddresses(loaded)) {
    if (address < behind) continue;
    behind = endOfBasicBlock(loaded.program, address);
    blocks.push({ start: address, names: Array.from({ length: behind - address }, (_, i) => opcodeAt(loaded, address + i).name) });
  }
  return blocks;
}

/** One copy of each body. */
export const directThreading: Generator = (loaded) => {
  const bodies = onceForEachOpcode(loaded, ({ name }) => putUnit(loaded, [name]));
  return { addresses: new Map(loadedAddresses(loaded).map((address) => [address, bodies.get(opcodeAt(loaded, address).name) ?? 0])) };
};

/** A copy for each instruction. */
export const dynamicReplication: Generator = (loaded) => ({
  addresses: new Map(loadedAddresses(loaded).map((address) => [address, putUnit(loaded, [opcodeAt(loaded, address).name])])),
});

/** A copy of each basic block. @param shared whether blocks of the same instructions have one */
export const dynamicSuperinstructions =
  (shared: boolean): Generator =>
  (loaded) => {
    const known = new Map<string, number>();
    const addresses = new Map(
      basicBlocks(loaded).map(({ start, names }) => {
        const unit = unitOf(names);
        const at = (shared ? known.get(unit) : undefined) ?? putUnit(loaded, names);
        known.set(unit, at);
        return [start, at];
      }),
    );
    return { addresses };
  };

/** How basic blocks are cut into superinstructions that the lab selects by its profile. */
export function parserFor({ profile, values }: ProgramToGenerate): { readonly chosen: ReadonlySet<string>; readonly parse: Parse } {
  const longest = Number(values.longest ?? 2);
  const chosen = chooseSuperinstructions(profile, Number(values.superinstructions ?? 0), longest);
  return { chosen, parse: (values.parse === "optimal" ? parseOptimally : parseGreedily)(chosen, longest) };
}

/** Bodies of superinstructions and replicas of bodies, assigned round robin to instructions as they are loaded. */
export const staticUnits: Generator = (loaded) => {
  const { profile, values } = loaded;
  const { parse } = parserFor(loaded);
  const replicas = chooseReplicas(profile, parse, Number(values.replicas ?? 0));
  const random = randomNumbers(Number(values.seed ?? 1));
  /** The assigned copies of each unit, and the number of assignments. */
  const copies = new Map<string, { readonly addresses: (number | undefined)[]; asked: number }>();
  function addressFor(names: readonly string[]): number {
    const unit = unitOf(names);
    const known = copies.get(unit) ?? { addresses: new Array<number | undefined>(replicas.get(unit) ?? 1).fill(undefined), asked: 0 };
    copies.set(unit, known);
    const copy = values.assign === "random" ? random(known.addresses.length) : known.asked % known.addresses.length;
    known.asked++;
    const address = known.addresses[copy] ?? putUnit(loaded, names);
    known.addresses[copy] = address;
    return address;
  }
  const addresses = new Map<number, number>();
  for (const { start, names } of basicBlocks(loaded)) {
    let at = 0;
    for (const length of parse(names)) {
      addresses.set(start + at, addressFor(names.slice(at, at + length)));
      at += length;
    }
  }
  return { addresses };
};
