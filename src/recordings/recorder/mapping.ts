// Mappings of files in a recorded process, and their functions.
import type { RecordedModule, RecordedSymbol } from "../symbols.ts";
import { readElf } from "./elf.ts";

/** A range of a file in memory. */
export interface Mapping {
  readonly start: bigint;
  readonly end: bigint;
  /** Its offset in the file. */
  readonly offset: bigint;
  /** "" where no file is mapped. */
  readonly path: string;
}

/** Undefined where no file is mapped. */
export function moduleAt({ start, end, offset, path }: Mapping): RecordedModule | undefined {
  if (path === "") return undefined;
  const elf = readElf(path);
  const segment = elf?.segments.findLast((one) => one.offset - (one.offset % 4096n) <= offset);
  const base = segment === undefined ? start - offset : start - offset - (segment.address - segment.offset);
  const symbols: RecordedSymbol[] = [];
  for (const { address, size, name } of elf?.symbols ?? []) {
    const symbol = { start: address + base, size, name };
    if (symbol.start >= start && symbol.start + size <= end) symbols.push(symbol);
  }
  return { path, buildId: elf?.buildId ?? "", base, start, size: end - start, symbols };
}
