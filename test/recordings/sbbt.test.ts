import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readSbbt } from "../../dist/bench/read-sbbt.js";
import { RETURN } from "../../dist/src/branch.js";
import { UsageError } from "../../dist/src/index.js";
import { findRecording } from "../../dist/src/recordings/find-recording.js";
import { PEAK_KILOBYTES, temporaryFolder } from "../support.ts";
import { type ReadBranches, readBranches } from "./read-branches.ts";
import { refusalOf } from "./refusal.ts";
import { anyBranches, SEVERAL } from "./samples.ts";
import { recorded, writeBranches } from "./write-branches.ts";
import { type WrittenBranch, writeSbbt } from "./write-sbbt.ts";

const folder = temporaryFolder();
let files = 0;

function fileOf(bytes: Uint8Array, name = `${files++}.sbbt`): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

const read = (bytes: Uint8Array, name?: string): Promise<ReadBranches> => readBranches(fileOf(bytes, name));

/** The one line with which a file is refused, without its path. */
async function refusal(bytes: Uint8Array, name?: string): Promise<string> {
  return refusalOf(fileOf(bytes, name));
}

/** Five branches as MBPlib's own writer packs them: call, conditional not taken and taken, indirect jump, return. */
const WORKED = Buffer.from(
  [
    "534242540a010000 0e10000000000000 0500000000000000",
    "0868130104000000 0300150104000000",
    "0180150104000000 0400170104000000",
    "0108160104000000 0280150104000000",
    "0248160104000000 010034127effff07",
    "0608010010f8ffff ffbf130104000000",
  ]
    .join("")
    .replaceAll(" ", ""),
  "hex",
);

describe("an SBBT trace", () => {
  it("is read as MBPlib's writer means it", async () => {
    const { branches, instructions, format, notes } = await read(WORKED);
    expect(branches).toEqual(SEVERAL);
    expect(instructions).toBe(4110);
    expect(format).toBe("sbbt");
    expect(notes).toEqual([]);
  });

  it("is written by these tests as MBPlib's writer does", () => {
    expect(writeSbbt(SEVERAL, { instructions: 4110n }).toString("hex")).toBe(WORKED.toString("hex"));
  });

  it("is written by the lab as MBPlib's writer does", async () => {
    expect((await writeBranches(SEVERAL.map(recorded), "x.sbbt", 4110)).bytes.toString("hex")).toBe(WORKED.toString("hex"));
  });

  it("is written with what it cannot hold cut, and said", async () => {
    const some = [
      { ...SEVERAL[0], gap: 4096 },
      { ...SEVERAL[1], pc: 1n << 51n },
      { ...SEVERAL[2], target: -(1n << 51n) - 1n },
    ];
    const { bytes, losses } = await writeBranches([...some, some[0]].map(recorded), "x.sbbt", 1e12);
    const read = await readBranches(fileOf(bytes));
    expect(read.branches.map(({ gap }) => gap)).toEqual([4095, 4, 2, 4095]);
    expect(read.branches[1].pc).toBe(-(1n << 51n));
    expect(read.branches[2].target).toBe((1n << 51n) - 1n);
    expect(read.instructions).toBe(5 * 2 ** 24);
    expect(losses).toEqual([
      "Lost in 2 branches: gaps beyond 4095 are cut to it.",
      "Lost in 2 branches: addresses are cut to 52 bits, the uppermost of which is that of the sign.",
      "It says 83886080 instructions instead of 1000000000000: SBBT traces have at least one and at most 16777216 a branch.",
    ]);
  });

  it("may be compressed, and is told by its content, not by its name", async () => {
    expect((await read(gzipSync(WORKED), "packed.sbbt.gz")).branches).toEqual(SEVERAL);
    expect((await read(gzipSync(WORKED), "packed.sbbt")).branches).toEqual(SEVERAL);
    expect((await read(gzipSync(WORKED), "nameless")).branches).toEqual(SEVERAL);
    expect((await read(WORKED, "plain.gz")).branches).toEqual(SEVERAL);
  });

  it("may be several gzip streams, one behind the other", async () => {
    const bytes = Buffer.concat([gzipSync(WORKED.subarray(0, 50)), gzipSync(WORKED.subarray(50))]);
    expect((await read(bytes)).branches).toEqual(SEVERAL);
  });

  it("adds up gaps where its header says nothing, and goes on behind what its header says", async () => {
    const unsaid = await read(writeSbbt(SEVERAL, { instructions: 0n, branches: 0n }));
    expect(unsaid.instructions).toBe(4105);
    expect(unsaid.notes).toHaveLength(1);
    const more = await read(writeSbbt(SEVERAL, { branches: 3n }));
    expect(more.branches).toHaveLength(5);
    expect(more.notes[0]).toContain("says 3 branches, it holds 5");
  });

  it("is read in the older packing if that is how it is packed, gaps included", async () => {
    const { branches, format } = await read(writeSbbt(SEVERAL, { older: true, instructions: 4110n }));
    expect(branches).toEqual([{ ...SEVERAL[0], gap: 1 }, ...SEVERAL.slice(1)]);
    expect(format).toBe("sbbt-older");
  });

  it("takes a return without the indirect bit, and reserved bits, as they are meant", async () => {
    const bytes = Buffer.from(WORKED);
    bytes[24 + 64] = 0x54;
    expect((await read(bytes)).branches[4].kind).toBe(RETURN);
  });

  it("comes back as it was written, whatever its length, kinds and addresses", async () => {
    await fc.assert(
      fc.asyncProperty(anyBranches({ addressBits: 52n, maxGap: 4095 }), fc.boolean(), async (some, packed) => {
        const { bytes, losses } = await writeBranches(some.map(recorded), "x.sbbt");
        expect(bytes.toString("hex")).toBe(writeSbbt(some).toString("hex"));
        expect(losses).toEqual([]);
        expect((await read(packed ? gzipSync(bytes) : bytes, "random.sbbt")).branches).toEqual(some);
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  it.each(["ocamlrun-kb", "switch-gcc-r", "call-gcc-fib"])("%s gives what another reader gives", { tags: "slow" }, async (name) => {
    const path = fileURLToPath(new URL(`../data/truth/${name}.sbbt.gz`, import.meta.url));
    const { count, pcs, targets, taken, kinds } = readSbbt(path);
    const { branches } = await readBranches(path);
    const low = (address: bigint): number => Number(BigInt.asIntN(32, address));
    const columns = [
      [({ pc }) => low(pc), pcs],
      [({ target }) => low(target), targets],
      [(branch) => branch.taken, taken],
      [({ kind }) => kind, kinds],
    ] as [(branch: Required<WrittenBranch>) => number, Int32Array][];
    for (const [of, theirs] of columns) expect(branches.map(of).join()).toBe(theirs.join());
    expect(branches).toHaveLength(count);
  });
});

describe("a damaged SBBT trace is refused in one line", () => {
  const changed = (at: number, ...bytes: number[]): Buffer => {
    const copy = Buffer.from(WORKED);
    copy.set(bytes, at);
    return copy;
  };

  it("when it is empty, has another beginning, half a header, or nothing behind it", async () => {
    expect(await refusal(Buffer.alloc(0))).toMatch(/^it is empty, expected an SBBT trace/);
    expect(await refusal(gzipSync(Buffer.alloc(0)), "empty.sbbt.gz")).toMatch(/^it is empty/);
    expect(await refusal(Buffer.from("hello, world"))).toMatch(/begins with the bytes 534242540a, got 68656c6c6f/);
    expect(await refusal(WORKED.subarray(0, 20))).toMatch(/cut short: the header takes 24 bytes, there are 20/);
    expect(await refusal(writeSbbt([]))).toMatch(/no branches/);
  });

  it("when its version is another one", async () => {
    expect(await refusal(changed(5, 1, 0, 1))).toMatch(/expected SBBT version 1\.0\.0, got 1\.0\.1 at byte 5$/);
  });

  it("when its header says what cannot be", async () => {
    expect(await refusal(changed(8, 255, 255, 255, 255, 255, 255, 255, 255))).toMatch(/18446744073709551615 instructions at byte 8/);
    expect(await refusal(changed(16, 0, 0, 0, 0, 0, 0, 0, 128))).toMatch(/9223372036854775808 branches at byte 16/);
    expect(await refusal(writeSbbt(SEVERAL, { instructions: 3n }))).toMatch(/3 instructions, but there are 5 branches/);
    expect(await refusal(writeSbbt(SEVERAL, { instructions: 1n << 50n }))).toMatch(/instructions for 5 branches/);
  });

  it("when it ends too soon: within a branch, before the branches that it announces, within its gzip stream", async () => {
    expect(await refusal(WORKED.subarray(0, 100))).toMatch(/cut short: a branch takes 16 bytes, there are 12 at byte 88/);
    expect(await refusal(WORKED.subarray(0, 88))).toMatch(/says 5 branches, there are 4/);
    const packed = gzipSync(WORKED);
    expect(await refusal(packed.subarray(0, packed.length - 12), "cut.sbbt.gz")).toMatch(/cut short: its gzip stream has no end/);
  });

  it("when its gzip stream is damaged", async () => {
    const packed = gzipSync(WORKED);
    packed[packed.length - 6] ^= 1;
    expect(await refusal(packed, "damaged.sbbt.gz")).toMatch(/gzip stream is damaged: incorrect data check/);
  });

  it("when a branch is of no kind", async () => {
    expect(await refusal(changed(24 + 32, 0x0d))).toMatch(/no jump, return or call \(opcode 13\) at byte 56/);
    expect(await refusal(gzipSync(changed(24 + 48, 0x0e, 0x40)))).toMatch(/\(opcode 14\) at byte 72 \(decompressed\)/);
  });

  it("when its compression cannot be undone", async () => {
    expect(await refusal(Buffer.from("04224d1864407f00", "hex"), "a.sbbt.lz4")).toMatch(
      /plain or in gzip, xz or zstd, got lz4: decompress it first \(unlz4/,
    );
  });

  it("or is read, but nothing else, whichever of its bits is flipped", { tags: "slow" }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(WORKED.length * 8 - 1), fc.boolean(), async (bit, packed) => {
        const bytes = packed ? gzipSync(WORKED) : Buffer.from(WORKED);
        bytes[(bit >> 3) % bytes.length] ^= 1 << (bit & 7);
        const path = fileOf(bytes, "flipped.sbbt");
        await readBranches(path).catch((error) => expect(error).toBeInstanceOf(UsageError));
      }),
      { numRuns: 300, seed: 2 },
    );
  });
});

describe("what is no recording", () => {
  it("is left to others, unless its name says that it is one", async () => {
    expect(await findRecording(fileOf(Buffer.from(": x 1 ;"), "x.fs"))).toBeUndefined();
    expect(await findRecording(fileOf(gzipSync("text"), "text.gz"))).toBeUndefined();
    expect(await findRecording(join(folder, "nothing"))).toBeUndefined();
    await expect(findRecording(join(folder, "nothing.sbbt.gz"))).rejects.toThrow("no such file");
    await expect(findRecording(folder)).resolves.toBeUndefined();
  });
});

describe("a long recording", () => {
  it("takes no more memory than a short one, however well it was compressed", { tags: "slow" }, () => {
    // 10 million branches, 160 MB, from a file of some 300 KB
    const million = writeSbbt(Array(1 << 20).fill(SEVERAL[2]), { instructions: 0n, branches: 0n });
    const parts = [gzipSync(million), ...Array(9).fill(gzipSync(million.subarray(24)))];
    const path = fileOf(Buffer.concat(parts), "long.sbbt.gz");
    const script =
      'import { simulate } from "./dist/src/index.js"; const { rows } = await simulate({ inputs: [process.argv[1]] });' +
      `console.log(rows.find(({ kind }) => kind === 'all').branches, ${PEAK_KILOBYTES})`;
    const root = fileURLToPath(new URL("../..", import.meta.url));
    const answer = execFileSync(process.execPath, ["--input-type=module", "-e", script, path], { cwd: root, encoding: "utf8" });
    const [branches, kilobytes] = answer.split(" ").map(Number);
    expect(branches).toBe(10 * (1 << 20));
    expect(kilobytes).toBeLessThan(250_000);
  });
});
