// Reads the relative relocations of a position-independent program, by which the loader fills in tables of addresses.
import { runTool } from "./tools.ts";

/** Addresses in the file: the place that is filled in, and the value. */
export interface RelativeRelocation {
  readonly slot: number;
  readonly target: number;
}

/** @throws UsageError when binutils are not installed */
export function relativeRelocations(path: string): RelativeRelocation[] {
  return runTool("objdump", ["-R", path])
    .split("\n")
    .flatMap((line) => {
      const [, at, to] = /^([0-9a-f]+) R_X86_64_RELATIVE\s+\*ABS\*\+0x([0-9a-f]+)/.exec(line) ?? [];
      return at === undefined ? [] : [{ slot: Number.parseInt(at, 16), target: Number.parseInt(to, 16) }];
    });
}
