// Writes branches in a format of the lab, the way `bplab convert` does.

import { findWritableFormat, type Recording } from "../../dist/src/recordings/find-recording.js";
import type { RecordedBranch } from "../../dist/src/recordings/recording.js";
import { convert } from "../../dist/src/workbench/convert.js";
import type { WrittenBranch } from "./write-sbbt.ts";

export interface Written {
  readonly bytes: Buffer;
  readonly losses: readonly string[];
}

const half = (address: bigint, shift: bigint): number => Number(BigInt.asIntN(32, address >> shift));

export const recorded = ({ pc, target, kind, taken = 1, gap = 1 }: WrittenBranch): RecordedBranch => ({
  pc: half(pc, 0n),
  pcHigh: half(pc, 32n),
  target: half(target, 0n),
  targetHigh: half(target, 32n),
  kind,
  taken: taken === 1 ? 1 : 0,
  gap,
});

/** Branches handed on as packets that are their numbers in a list. */
function recordingOf(branches: readonly RecordedBranch[], instructions: number): Recording {
  const keys = branches.map((branch) => JSON.stringify(branch));
  return {
    id: "a test",
    async read(sink) {
      const words = new Int32Array(branches.length * 4);
      branches.forEach((_, i) => {
        words[i * 4 + 3] = keys.indexOf(keys[i]) + 1;
      });
      const decode = (packets: Int32Array, at: number): RecordedBranch => branches[packets[at + 3] - 1];
      sink.packets(words, branches.length, { decode, gapBits: [0, 0], gapOf: (packets, at) => decode(packets, at).gap });
      return { format: "test", instructions, notes: [], sha256: "" };
    },
  };
}

/** @param name a file name that says the format; @param instructions default: the sum of the gaps */
export async function writeBranches(branches: readonly RecordedBranch[], name: string, instructions?: number): Promise<Written> {
  const pieces: Uint8Array[] = [];
  const sum = branches.reduce((all, { gap }) => all + gap, 0);
  const { losses } = await convert(recordingOf(branches, instructions ?? sum), await findWritableFormat(name), {
    write: (bytes) => void pieces.push(bytes),
    provenance: { source: "a test" },
  });
  return { bytes: Buffer.concat(pieces), losses };
}
