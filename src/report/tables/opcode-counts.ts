// How often opcodes, or pairs of them, execute: as a table and as columns.
import { whole } from "../../numbers.ts";
import { type Column, roundedRatio } from "../../results/columns.ts";
import type { OpcodeCount } from "../../workbench/opcode-counts.ts";
import type { Sheet } from "./sheet.ts";

export function opcodeSheet(counts: readonly OpcodeCount[], pairs: boolean): Sheet {
  return {
    head: [...(pairs ? ["opcode", "next"] : ["opcode"]), "executed", "share"],
    rows: counts.map(({ opcodes, executed, share }) => [...opcodes, whole(executed), `${(100 * share).toFixed(2)} %`]),
    left: pairs ? 2 : 1,
  };
}

const NEXT: Column<OpcodeCount> = ["next", ({ opcodes }) => opcodes[1]];

export const opcodeColumns = (pairs: boolean): readonly Column<OpcodeCount>[] => [
  ["opcode", ({ opcodes }) => opcodes[0]],
  ...(pairs ? [NEXT] : []),
  ["executed", ({ executed }) => executed],
  ["share", ({ share }) => roundedRatio(share, 1)],
];
