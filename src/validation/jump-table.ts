// Reads the jump table of a compiled switch: 32-bit offsets from its own beginning, with a range check before the jump.
import { type Binary, isIndirectJump } from "./binary.ts";
import { loaded } from "./dispatch-sites.ts";
import { runTool } from "./tools.ts";

/** How many instructions before the jump to search for the table and its range. */
const NEAR = 12;

/** Signed words of 32 bits at an address of the file. */
function wordsAt(path: string, address: number, count: number): number[] {
  const listing = runTool("objdump", ["-s", `--start-address=${address}`, `--stop-address=${address + 4 * count}`, path]);
  const digits = listing.split("\n").flatMap((line) => /^ [0-9a-f]+ ((?:[0-9a-f]+ ){1,4}) /.exec(line)?.[1].trim().split(" ") ?? []);
  return digits.map((word) => Buffer.from(word, "hex").readInt32LE());
}

/** Targets of an indirect jump, by number; empty if it uses no such table. */
export function jumpTable({ path, instructions }: Pick<Binary, "path" | "instructions">, site: number): readonly number[] {
  const at = instructions.findIndex((instruction) => instruction.address === site && isIndirectJump(instruction));
  const before = instructions.slice(Math.max(0, at - NEAR), Math.max(0, at)).reverse();
  const table = before.map(loaded).find((address) => address !== undefined);
  const range = before.map(({ text }) => /^cmp[bwlq]?\s+\$0x([0-9a-f]+),/.exec(text)?.[1]).find((number) => number !== undefined);
  const isRelative = before.slice(0, 3).some(({ text }) => /^movslq \(%\w+,%\w+,4\)/.test(text));
  if (table === undefined || range === undefined || !isRelative) return [];
  const start = Number.parseInt(table, 16);
  return wordsAt(path, start, Number.parseInt(range, 16) + 1).map((offset) => start + offset);
}
