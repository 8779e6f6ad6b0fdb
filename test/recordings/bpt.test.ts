// Our own format of recorded branches: what is written comes back, and what is damaged is refused.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { crc32 } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CALL, CONDITIONAL, RETURN } from "../../dist/src/branch.js";
import { simulate } from "../../dist/src/index.js";
import { findRecording, findWritableFormat, readRecording } from "../../dist/src/recordings/find-recording.js";
import type { RecordedBranch } from "../../dist/src/recordings/recording.js";
import { convert } from "../../dist/src/workbench/convert.js";
import { bplab, temporaryFolder } from "../support.ts";
import { readBranches, written } from "./read-branches.ts";
import { refusalOf } from "./refusal.ts";
import { anyBranches } from "./samples.ts";
import { recorded, writeBranches } from "./write-branches.ts";
import { writeSbbt } from "./write-sbbt.ts";

const folder = temporaryFolder();
const truth = (name: string): string => fileURLToPath(new URL(`../data/truth/${name}.sbbt.gz`, import.meta.url));
let files = 0;
function fileOf(bytes: Uint8Array, name = `${files++}.bpt`): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

const bytesOf = async (branches: readonly RecordedBranch[], instructions = 1000): Promise<Buffer> =>
  (await writeBranches(branches, "any.bpt", instructions)).bytes;

async function converted(path: string): Promise<string> {
  const pieces: Uint8Array[] = [];
  await convert(await readRecording(path), await findWritableFormat("x.bpt"), {
    write: (piece) => void pieces.push(piece),
    provenance: {},
  });
  return fileOf(Buffer.concat(pieces));
}

const SOME: readonly RecordedBranch[] = [
  { pc: 0x401136, pcHigh: 0, target: 0x401150, targetHigh: 0, kind: CALL, taken: 1, gap: 3 },
  { pc: 0x401158, pcHigh: 0, target: 0x40115a, targetHigh: 0, kind: CONDITIONAL, taken: 0, gap: 4 },
  { pc: 0x401158, pcHigh: 0, target: 0x401170, targetHigh: 0, kind: CONDITIONAL, taken: 1, gap: 5000 },
  { pc: 0x401158, pcHigh: 0, target: 0x40115a, targetHigh: 0, kind: CONDITIONAL, taken: 0, gap: 4 },
  { pc: -8, pcHigh: -1, target: 0x7fffffff, targetHigh: 0x7fffffff, kind: RETURN, taken: 1, gap: 2 ** 40 },
];

describe("a bplab trace", () => {
  it("comes back as it was written, addresses of 64 bits and long gaps included", async () => {
    const read = await readBranches(fileOf(await bytesOf(SOME)));
    expect(read.branches).toEqual(SOME.map(written));
    expect(read).toMatchObject({ format: "bpt", instructions: 1000, notes: [] });
  });

  it("comes back whatever its branches are, in runs and one by one", async () => {
    await fc.assert(
      fc.asyncProperty(anyBranches({ maxGap: 2 ** 44 }), async (list) => {
        expect((await readBranches(fileOf(await bytesOf(list.map(recorded)), "random.bpt"))).branches).toEqual(list);
      }),
      { numRuns: 100, seed: 1 },
    );
  });

  it.each(["ocamlrun-kb", "switch-gcc-r", "call-gcc-fib"])(
    "of %s has the branches of what it was converted from, in 2 bits each",
    { tags: "slow" },
    async (name) => {
      const path = await converted(truth(name));
      const [ours, theirs] = [await readBranches(path), await readBranches(truth(name))];
      expect(ours.branches).toEqual(theirs.branches);
      expect(ours.instructions).toBe(theirs.instructions);
      expect((readFileSync(path).length * 8) / ours.branches.length).toBeLessThan(2);
    },
  );

  it("gives the same results as what it was converted from, exact cuts included", { tags: "slow" }, async () => {
    const path = await converted(truth("ocamlrun-kb"));
    for (const more of [{}, { warmup: 20_000 }, { interval: 100_000 }, { flush: 10_000 }]) {
      const predictor = "btb+tage,ittage+btfn,vpc,btb:holds=taken";
      const [ours, theirs] = await Promise.all(
        [path, truth("ocamlrun-kb")].map((input) => simulate({ inputs: [input], predictor, ...more })),
      );
      const plain = <T extends object>(rows: readonly T[]): object[] =>
        rows.map((row) => ({ ...row, program: "", format: "", programSha256: "" }));
      expect(plain(ours.rows)).toEqual(plain(theirs.rows));
      expect(plain(ours.sites)).toEqual(plain(theirs.sites));
      expect(plain(ours.intervals)).toEqual(plain(theirs.intervals));
    }
  });

  it("may hold chunks that this version does not know", async () => {
    const bytes = await bytesOf(SOME);
    const chunk = Buffer.from("NOTE\x03\0\0\0\0\0\0\0abc", "latin1");
    chunk.writeUInt32LE(crc32(Buffer.concat([chunk.subarray(0, 8), chunk.subarray(12)])), 8);
    const first = bytes.indexOf("DEFS");
    const read = await readBranches(fileOf(Buffer.concat([bytes.subarray(0, first), chunk, bytes.subarray(first)])));
    expect(read.branches).toHaveLength(SOME.length);
  });

  it("is what convert writes, and simulate reads; another name says nothing", { tags: "slow" }, () => {
    const out = join(folder, "fib.bpt");
    expect(bplab(["convert", truth("call-gcc-fib"), out])).toMatchObject({
      code: 0,
      stdout: "",
      stderr: "",
    });
    expect(bplab(["simulate", out, "--predictor=btb"]).stdout).toContain("(bpt)");
    expect(bplab(["convert", out, join(folder, "fib.txt")])).toMatchObject({ code: 2, stderr: expect.stringContaining("expected a name") });
    expect(bplab(["convert", join(folder, "none.bpt"), out])).toMatchObject({ code: 2, stderr: expect.stringContaining("no such file") });
    expect(bplab(["convert", out, out])).toMatchObject({ code: 2, stderr: expect.stringContaining("it is an input") });
  });
});

describe("a damaged bplab trace", () => {
  /** The one line with which a file is refused, without its path. */
  async function refusal(bytes: Uint8Array): Promise<string> {
    return refusalOf(fileOf(bytes));
  }
  /** The bytes with the content of one chunk replaced, its checksum right. */
  function changed(bytes: Buffer, tag: string, content: readonly number[]): Buffer {
    const at = bytes.indexOf(tag);
    const end = at + 12 + bytes.readUInt32LE(at + 4);
    const head = Buffer.from(bytes.subarray(at, at + 12));
    head.writeUInt32LE(content.length, 4);
    head.writeUInt32LE(crc32(Buffer.concat([head.subarray(0, 8), Buffer.from(content)])), 8);
    return Buffer.concat([bytes.subarray(0, at), head, Buffer.from(content), bytes.subarray(end)]);
  }

  it("is refused wherever it is cut", async () => {
    const bytes = await bytesOf(SOME);
    expect(await refusal(bytes.subarray(0, 0))).toMatch(/^it is empty, expected a bplab trace$/);
    for (let length = 1; length < bytes.length; length++) {
      const message = await refusal(bytes.subarray(0, length));
      expect(message).toMatch(length < 8 ? /begins with the bytes|cut short/ : /^it is cut short: .*; fetch or record it again$/);
    }
    expect(await refusal(Buffer.concat([bytes, Buffer.from("x")]))).toMatch(/something follows its end at byte \d+;/);
  });

  it("is refused whichever of its bits is flipped", { tags: "slow" }, async () => {
    const bytes = await bytesOf(SOME);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const copy = Buffer.from(bytes);
      copy[bit >> 3] ^= 1 << (bit & 7);
      await refusal(copy);
    }
  });

  it("is refused where its checksums are right and its numbers are not", async () => {
    const bytes = await bytesOf(SOME);
    const branch = [0 | 16, 2, 2, 1];
    expect(await refusal(changed(bytes, "DEFS", [1, 6, 2, 2, 1, 0]))).toMatch(
      /a branch that there is not \(first byte 6\), in a chunk DEFS at byte/,
    );
    expect(await refusal(changed(bytes, "DEFS", [1, ...branch, 1, 1, 1]))).toMatch(/branch 1, of 1 that are defined/);
    expect(await refusal(changed(bytes, "DEFS", [1, ...branch, 1, 0]))).toMatch(/a run of 0 branches/);
    expect(await refusal(changed(bytes, "DEFS", [1, ...branch, 1, 255, 255, 255, 127]))).toMatch(/a run of 268435455 branches/);
    expect(await refusal(changed(bytes, "DEFS", [255, 255, 255, 255, 255, 255, 255, 255, 255, 255]))).toMatch(/a number is too large/);
    expect(await refusal(changed(bytes, "DEFS", [200]))).toMatch(/it ends within a number at byte/);
    expect(await refusal(changed(bytes, "DEFS", [1, ...branch, 0, 9]))).toMatch(/1 bytes too many/);
    expect(await refusal(changed(bytes, "RUNS", [1, 1, 99, 3, 0]))).toMatch(/run 99, of \d+ that are defined/);
    expect(await refusal(changed(bytes, "RUNS", [1, 2, 1]))).toMatch(/1 runs of 2 kinds/);
    expect(await refusal(changed(bytes, "RUNS", [255, 255, 255, 1, 1, 1]))).toMatch(/runs of 1 kinds, expected at most 65536/);
    expect(await refusal(changed(bytes, "RUNS", [1, 1, 1, 7]))).toMatch(/what is compressed in it: .*in a chunk RUNS/);
    expect(await refusal(changed(bytes, "ENDS", [7, 9]))).toMatch(/it says 7 branches, there are 5/);
  });

  it("is refused when it is of a later version", async () => {
    const bytes = await bytesOf(SOME);
    bytes[8] = 2;
    expect(await refusal(bytes)).toMatch(/^expected version 1 of bplab traces, got 2 at byte 8$/);
  });

  it("is told from others by its content", async () => {
    const path = fileOf(await bytesOf(SOME), "nameless");
    expect(await findRecording(path)).toBeDefined();
    const sbbt = fileOf(writeSbbt([{ pc: 4n, target: 8n, kind: CALL }]), "named.bpt");
    expect((await readBranches(sbbt)).format).toBe("sbbt");
  });
});
