// Counts in an object file: indirect jumps and calls of its functions, and the jump tables that they use.
import { runTool } from "../../validation/tools.ts";

export interface DispatchInObject {
  readonly jumps: number;
  readonly calls: number;
  /** Places in read-only data that the functions refer to, mostly jump tables; undefined if the listing has no relocations. */
  readonly tables: number | undefined;
}

/** Reads `objdump -dr`, and `go tool objdump`, which writes operands the other way. x86-64 and aarch64. */
export function readListing(text: string): DispatchInObject {
  let jumps = 0;
  let calls = 0;
  const tables = new Set<string>();
  for (const line of text.split("\n")) {
    // a call through the dynamic linker's table goes to a fixed function
    const fixed = line.includes("(%rip)");
    const relocation = /R_X86_64_(?:PC32|32S|64|GOTPCREL\w*)\s+(\.rodata\S*|\.L\S*JTI\S*|switch\.table\S*|__unnamed\S*)/.exec(line);
    if (relocation !== null) tables.add(relocation[1]);
    if (!fixed && /\b(notrack )?jmpq?\s+\*|\bbr\s+x\d+|\bJMP\s+([A-Z][A-Z0-9]{1,2}|0?\(?[0-9a-fx]*\([A-Z])/.test(line)) jumps++;
    if (!fixed && /\b(notrack )?callq?\s+\*|\bblr\s+x\d+|\bCALL\s+([A-Z][A-Z0-9]{1,2}|[0-9a-fx]*\([A-Z])\s*$/.test(line)) calls++;
  }
  return { jumps, calls, tables: /R_X86_64_/.test(text) ? tables.size : undefined };
}

/** @throws RunError when it is no object, UsageError when binutils are not installed */
export const readObject = (path: string): DispatchInObject =>
  readListing(runTool("objdump", ["-dr", "--no-show-raw-insn", path], { install: "apt-get install binutils" }));
