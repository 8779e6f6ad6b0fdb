// What the plug-in sends, in whatever pieces it comes, and what it did not live to send.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CONDITIONAL, INDIRECT_CALL, RETURN } from "../../../dist/src/branch.js";
import { createChannelReader, SHARED_BYTES } from "../../../dist/src/recordings/recorder/channel.js";
import type { RecordedBranch } from "../../../dist/src/recordings/recording.js";

const KIND_NUMBERS = new Map([
  [CONDITIONAL, 0],
  [INDIRECT_CALL, 4],
  [RETURN, 5],
]);

function message(type: number, thread: number, number: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from(Uint32Array.of(type, thread, number, content.length).buffer), content]);
}

function packet(address: bigint, target: bigint, kind: number, taken: 0 | 1, gap: bigint): Buffer {
  const bytes = Buffer.alloc(16);
  const low = (1n << 48n) - 1n;
  const code = BigInt((KIND_NUMBERS.get(kind) ?? 0) | (taken << 3));
  bytes.writeBigUInt64LE((address & low) | (code << 48n) | ((gap & 0xfffn) << 52n), 0);
  bytes.writeBigUInt64LE((target & low) | ((gap >> 12n) << 48n), 8);
  return bytes;
}

const long = (address: bigint, target: bigint, kind: number, gap: bigint): Buffer =>
  Buffer.from(BigUint64Array.of(address, target, BigInt((KIND_NUMBERS.get(kind) ?? 0) | 8), gap).buffer);

function read(bytes: Buffer, cuts: readonly number[], shared: Buffer = Buffer.alloc(SHARED_BYTES)) {
  const branches: (RecordedBranch & { readonly counted: number })[] = [];
  const paths: string[] = [];
  const reader = createChannelReader({
    branches(words, count, { decode, gapOf }) {
      for (let i = 0; i < count; i++) branches.push({ ...decode(words, 4 * i), counted: gapOf(words, 4 * i) });
    },
    mapped: ({ path }) => void paths.push(path),
  });
  let from = 0;
  for (const cut of [...cuts, bytes.length].sort((a, b) => a - b)) {
    reader.take(bytes.subarray(from, cut));
    from = cut;
  }
  return { branches, paths, rest: reader.rest(shared) };
}

const SENT = Buffer.concat([
  message(3, 0, 0, Buffer.concat([Buffer.alloc(24), Buffer.from("/bin/true")])),
  message(
    1,
    0,
    0,
    Buffer.concat([packet(0x401000n, 0x400ff0n, CONDITIONAL, 0, 3n), packet(0x4000001234n, 0x7fffffffffffn, RETURN, 1, (1n << 28n) - 1n)]),
  ),
  message(2, 0, 1, long(0xffffffffff600000n, 0x123456789abcdefn, INDIRECT_CALL, 1n << 40n)),
  message(1, 7, 0, packet(0xffff800000000000n, 0xffffffffffffffffn, RETURN, 1, 1n)),
]);
const BRANCHES = [
  { pc: 0x401000, pcHigh: 0, target: 0x400ff0, targetHigh: 0, kind: CONDITIONAL, taken: 0, gap: 3 },
  { pc: 0x1234, pcHigh: 0x40, target: -1, targetHigh: 0x7fff, kind: RETURN, taken: 1, gap: 2 ** 28 - 1 },
  { pc: 0xff600000 | 0, pcHigh: -1, target: 0x89abcdef | 0, targetHigh: 0x01234567, kind: INDIRECT_CALL, taken: 1, gap: 2 ** 40 },
  { pc: 0, pcHigh: 0xffff8000 | 0, target: -1, targetHigh: -1, kind: RETURN, taken: 1, gap: 1 },
].map((branch) => ({ ...branch, counted: branch.gap }));

/** What a thread left behind. */
function shared(thread: number, number: number, instructions: bigint, packets: readonly Buffer[]): Buffer {
  const bytes = Buffer.alloc(SHARED_BYTES);
  const at = thread * 65536;
  bytes.writeUInt32LE(number, at);
  bytes.writeUInt32LE(packets.length, at + 4);
  bytes.writeBigUInt64LE(instructions, at + 8);
  Buffer.concat(packets).copy(bytes, at + 64);
  return bytes;
}

describe("the recorder's channel", () => {
  it("loses no bit of addresses of 64 bits and of long gaps, however its bytes are cut", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(SENT.length)), (cuts) => {
        const { branches, paths } = read(SENT, cuts);
        expect(branches).toEqual(BRANCHES);
        expect(paths).toEqual(["/bin/true"]);
      }),
      { numRuns: 100, seed: 3 },
    );
  });

  it("takes what was not sent, and that once", () => {
    const left = [packet(0x5000n, 0x6000n, RETURN, 1, 9n)];
    const unsent = read(SENT, [], shared(7, 1, 5n, left));
    expect(unsent.branches.at(-1)).toMatchObject({ pc: 0x5000, gap: 9 });
    expect(unsent.rest).toEqual({ instructions: 5, threads: 1, finished: false });
    // its sender died before it noted that it had sent it
    expect(read(SENT, [], shared(7, 0, 5n, left)).branches).toHaveLength(BRANCHES.length);
    // cut off while it was sent
    expect(read(SENT.subarray(0, SENT.length - 1), [], shared(7, 0, 0n, left)).branches).toHaveLength(BRANCHES.length);
  });
});
