// Reads a gzipped SBBT v1 trace, for tests and the bench: 24 bytes of header, then 16 bytes a branch. The lab's own readers are
// under test elsewhere; this one is small so that the predictors' exact counts depend on nothing else.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { CALL, CONDITIONAL, INDIRECT_CALL, INDIRECT_JUMP, JUMP, NONE, RETURN } from "../src/branch.ts";

export interface RecordedBranches {
  readonly count: number;
  readonly pcs: Int32Array;
  readonly targets: Int32Array;
  readonly taken: Int32Array;
  readonly kinds: Int32Array;
  /** Static target of a conditional; NONE for other kinds and for conditionals that were never taken. */
  readonly statics: Int32Array;
}

/** Kind for each opcode: bit 0 conditional, bit 1 indirect, bits 2 and 3 jump, return or call. */
const KIND_OF_OPCODE = new Map([
  [0, JUMP],
  [1, CONDITIONAL],
  [2, INDIRECT_JUMP],
  [4, RETURN],
  [6, RETURN],
  [8, CALL],
  [10, INDIRECT_CALL],
]);

export function readSbbt(path: string): RecordedBranches {
  const bytes = gunzipSync(readFileSync(path));
  if (bytes.toString("latin1", 0, 5) !== "SBBT\n") throw new Error(`${path}: not an SBBT trace`);
  const count = Math.floor((bytes.length - 24) / 16);
  const pcs = new Int32Array(count);
  const targets = new Int32Array(count);
  const taken = new Int32Array(count);
  const kinds = new Int32Array(count);
  const whole = new Map<number, number>(); // low 32 bits -> all 52 bits, to be sure that no two addresses collide

  const address = (at: number): number => {
    const low = bytes.readUInt32LE(at);
    const high = bytes.readUInt32LE(at + 4);
    const all = high * 2 ** 20 + (low >>> 12);
    const short = all | 0;
    const other = whole.get(short);
    if (other === undefined) whole.set(short, all);
    else if (other !== all) throw new Error(`${path}: ${all.toString(16)} and ${other.toString(16)} have the same low 32 bits`);
    return short;
  };

  for (let i = 0; i < count; i++) {
    const at = 24 + 16 * i;
    const kind = KIND_OF_OPCODE.get(bytes[at] & 15);
    if (kind === undefined) throw new Error(`${path}: unknown opcode in branch ${i}`);
    kinds[i] = kind;
    taken[i] = (bytes[at + 1] >> 3) & 1;
    pcs[i] = address(at);
    targets[i] = address(at + 8);
  }
  const takenTargets = new Map<number, number>();
  for (let i = 0; i < count; i++) if (kinds[i] === CONDITIONAL && taken[i] !== 0) takenTargets.set(pcs[i], targets[i]);
  const statics = Int32Array.from({ length: count }, (_, i) => (kinds[i] === CONDITIONAL ? (takenTargets.get(pcs[i]) ?? NONE) : NONE));
  return { count, pcs, targets, taken, kinds, statics };
}
