// The table that leads from an opcode's number to its body, in a recorded interpreter's file: addresses of labels, cases of a switch or
// functions. It is found by the addresses to which dispatches went.

import { RunError, UsageError } from "../../errors.ts";
import { readAddressTables } from "../../recordings/recorder/elf-data.ts";
import { disassemble } from "../../validation/binary.ts";
import { jumpTable } from "../../validation/jump-table.ts";

/** A function or what is taken for one: addresses of the file. */
export interface FunctionRange {
  readonly start: bigint;
  readonly end: bigint;
}

/** Longest distance from the end of a function's known code to the end of what is disassembled. */
const NEAR = 64n;

/**
 * Addresses of bodies by number, as labels or functions that data hold; undefined if there is no such table.
 * @param lengths which lengths a known interpreter's table has
 */
function addressTable(
  path: string,
  targets: ReadonlySet<bigint>,
  range: FunctionRange,
  lengths: readonly number[],
): readonly bigint[] | undefined {
  const inside = (address: bigint): boolean => targets.has(address) || (address >= range.start && address < range.end);
  let best: { readonly entries: readonly bigint[]; readonly found: number } | undefined;
  for (const { entries } of readAddressTables(path) ?? []) {
    const found = new Set(entries.filter((entry) => targets.has(entry))).size;
    if (found > (best?.found ?? 0)) best = { entries, found };
  }
  // other tables lead to a few of its bodies, as a switch within one does
  if (best === undefined || best.found * 2 < targets.size) return undefined;
  const { entries } = best;
  if (lengths.includes(entries.length)) return entries;
  // tables of functions may lie before and after it
  const first = entries.findIndex(inside);
  const last = entries.findLastIndex(inside);
  const known = lengths.find((length) => length >= last + 1 - first && first + length <= entries.length);
  return entries.slice(first, known === undefined ? last + 1 : first + known);
}

/** Addresses of bodies by number, as cases of a switch: from the table of the busiest site. */
function switchTable(
  path: string,
  targets: ReadonlySet<bigint>,
  site: bigint,
  { start, end }: FunctionRange,
): readonly bigint[] | undefined {
  try {
    const range = { start: Number(start), end: Number(end + NEAR) };
    const table = jumpTable({ path, instructions: disassemble(path, [range]) }, Number(site)).map(BigInt);
    return table.some((entry) => targets.has(entry)) ? table : undefined;
  } catch (error) {
    // names are a help, not a condition: without binutils there are none
    if (error instanceof RunError || error instanceof UsageError) return undefined;
    throw error;
  }
}

/** Addresses of bodies by number. @param site the busiest dispatch */
export function bodyTable(
  path: string,
  targets: ReadonlySet<bigint>,
  site: bigint,
  range: FunctionRange,
  lengths: readonly number[],
): readonly bigint[] | undefined {
  return addressTable(path, targets, range, lengths) ?? switchTable(path, targets, site, range);
}
