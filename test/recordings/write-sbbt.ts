// Writes SBBT v1 traces for tests, in the current packing and in the older one.
import { CALL, CONDITIONAL, INDIRECT_CALL, INDIRECT_JUMP, JUMP, RETURN } from "../../dist/src/branch.js";

export interface WrittenBranch {
  readonly pc: bigint;
  readonly target: bigint;
  readonly kind: number;
  readonly taken?: number;
  readonly gap?: number;
}

const OPCODES = new Map([
  [JUMP, 0],
  [INDIRECT_JUMP, 2],
  [RETURN, 6],
  [CALL, 8],
  [INDIRECT_CALL, 10],
]);

function opcodeOf(kind: number): number {
  if (kind === CONDITIONAL) return 1;
  return (OPCODES.get(kind & ~CONDITIONAL) ?? 0) | (kind & CONDITIONAL ? 1 : 0);
}

export interface WrittenHeader {
  readonly instructions?: bigint;
  readonly branches?: bigint;
  readonly older?: boolean;
}

/** @param header what it does not say is what is true */
export function writeSbbt(branches: readonly WrittenBranch[], header: WrittenHeader = {}): Buffer {
  const bytes = Buffer.alloc(24 + 16 * branches.length);
  const sum = branches.reduce((all, { gap = 1 }) => all + gap, 0);
  bytes.write("SBBT\n");
  bytes[5] = 1;
  bytes.writeBigUInt64LE(header.instructions ?? BigInt(sum), 8);
  bytes.writeBigUInt64LE(header.branches ?? BigInt(branches.length), 16);
  branches.forEach(({ pc, target, kind, taken = 1, gap = 1 }, i) => {
    const opcode = opcodeOf(kind);
    // the older packing: type, conditional, indirect from bit 8 on, and the gap behind the branch
    const older = (((opcode >> 2) | ((opcode & 3) << 2)) << 8) | taken;
    const flags = header.older ? older : opcode | (taken << 11);
    const written = header.older ? (branches[i + 1]?.gap ?? 1) : gap;
    bytes.writeBigUInt64LE(BigInt.asUintN(64, pc << 12n) | BigInt(flags), 24 + 16 * i);
    bytes.writeBigUInt64LE(BigInt.asUintN(64, target << 12n) | BigInt(written), 32 + 16 * i);
  });
  return bytes;
}
