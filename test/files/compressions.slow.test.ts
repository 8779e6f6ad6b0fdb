// Compressed files of recorded branches: read whatever they are called, refused in one line where they are damaged, and written in gzip.
// @module-tag slow
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { createGzipWriter } from "../../dist/src/files/gzip-writer.js";
import { readBranches } from "../recordings/read-branches.ts";
import { refusalOf } from "../recordings/refusal.ts";
import { SEVERAL, SEVERAL_IN_XZ, SEVERAL_IN_ZSTD } from "../recordings/samples.ts";
import { recorded, writeBranches } from "../recordings/write-branches.ts";
import { bplab, PEAK_KILOBYTES, temporaryFolder } from "../support.ts";

const folder = temporaryFolder();
let files = 0;
function fileOf(bytes: Uint8Array, name = `${files++}.sbbt`): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}
async function refusal(bytes: Uint8Array, name?: string): Promise<string> {
  return refusalOf(fileOf(bytes, name));
}

describe.each([
  ["xz", SEVERAL_IN_XZ],
  ["zstd", SEVERAL_IN_ZSTD],
])("a file in %s", (name, packed) => {
  it("is read, whatever it is called", async () => {
    for (const path of [fileOf(packed, `a.sbbt.${name}`), fileOf(packed, `${name}-nameless`)])
      expect(await readBranches(path)).toMatchObject({ branches: SEVERAL, instructions: 4110, format: "sbbt" });
  });

  it("is refused where it is cut or changed, or holds something else than it must", async () => {
    for (let length = 7; length < packed.length; length++)
      expect(await refusal(packed.subarray(0, length))).toMatch(
        new RegExp(`^it is cut short: its ${name} stream has no end; fetch or record it again$`),
      );
    const changed = Buffer.from(packed);
    changed[6] ^= 2;
    expect(await refusal(changed)).toMatch(new RegExp(`^its ${name} stream is damaged: .+; fetch or record it again$`));
  });
});

describe("a file that would take much memory", () => {
  it("is refused: in zstd by how far it looks back, in xz likewise", async () => {
    const far = Buffer.from(SEVERAL_IN_ZSTD);
    // a frame with a window of 2 GiB
    far.set([0x00, 0xa8], 4);
    expect(await refusal(far)).toBe(
      "its zstd stream is damaged: it looks back 2147483648 bytes, expected at most 134217728; fetch or record it again",
    );
    expect(
      await refusal(
        Buffer.from(
          "/Td6WFoAAATm1rRGAgAhAR0AAAB1qOR04ABnAEJdACmQrKgJ/f/3Q6VpJos9omX4Ot5uG2JUR+Nj3AIiw4vXxOrPN7ry3qUAUDeSdhGTWwsjbwgrpYkTd1EKwByr10YaAAAAAKfgSv51KJsBAAFeaJss10cftvN9AQAAAAAEWVo=",
          "base64",
        ),
      ),
    ).toBe("its xz stream is damaged: it wants more memory than 64 MiB; fetch or record it again");
  });

  it("is refused in zstd wherever that begins", async () => {
    const skipped = Buffer.from("502a4d1804000000abcdabcd", "hex");
    expect((await readBranches(fileOf(Buffer.concat([SEVERAL_IN_ZSTD, skipped, skipped]), "b.sbbt.zst"))).branches).toEqual(SEVERAL);
    const far = Buffer.from("28b52ffd00a8", "hex");
    expect(await refusal(Buffer.concat([SEVERAL_IN_ZSTD, skipped, far]))).toMatch(/looks back 2147483648 bytes/);
    expect(await refusal(Buffer.concat([SEVERAL_IN_ZSTD, Buffer.from("hello")]))).toBe(
      "its zstd stream is damaged: what follows a frame is none; fetch or record it again",
    );
    expect(await refusal(Buffer.concat([SEVERAL_IN_ZSTD, skipped.subarray(0, 9)]))).toMatch(/^it is cut short: its zstd/);
  });

  it.each(["xz", "zst"])("a long one takes no more than a short one (%s)", (ending) => {
    // a million branches of four instructions each, 256 MB, from a few KB
    const packed = fileURLToPath(new URL(`../data/bombs/long.champsim.${ending}`, import.meta.url));
    const script =
      'import { simulate } from "./dist/src/index.js"; const { rows } = await simulate({ inputs: [process.argv[1]] });' +
      `console.log(rows.find(({ kind }) => kind === 'all').branches, ${PEAK_KILOBYTES})`;
    const root = fileURLToPath(new URL("../..", import.meta.url));
    const answer = execFileSync(process.execPath, ["--input-type=module", "-e", script, packed], { cwd: root, encoding: "utf8" });
    const [branches, kilobytes] = answer.split(" ").map(Number);
    expect(branches).toBe(1 << 20);
    expect(kilobytes).toBeLessThan(250_000);
  });
});

describe("a file in gzip", () => {
  it("is written as one stream, however it comes in pieces", () => {
    const pieces = [Buffer.alloc(3 << 20, "branches "), Buffer.alloc(0), Buffer.from("end")];
    const written: Uint8Array[] = [];
    const writer = createGzipWriter((bytes) => void written.push(bytes));
    for (const piece of pieces) writer.write(piece);
    writer.finish();
    const bytes = Buffer.concat(written);
    expect(gunzipSync(bytes).equals(Buffer.concat(pieces))).toBe(true);
    expect(bytes.length).toBeLessThan(20_000);
  });

  it("is what convert writes where the name says so, in every format; no other compression is written", async () => {
    const plain = fileOf((await writeBranches(SEVERAL.map(recorded), "x.sbbt", 4110)).bytes);
    for (const ending of ["sbbt", "bpt", "csv", "bt9", "bt9.trace", "champsim"]) {
      const path = join(folder, `out.${ending}.gz`);
      expect(bplab(["convert", plain, path]).code).toBe(0);
      expect((await readBranches(path)).branches.map(({ pc }) => pc)).toEqual(SEVERAL.map(({ pc }) => pc));
      expect(bplab(["simulate", path, "--predictor=btb"]).code).toBe(0);
    }
    expect(bplab(["convert", plain, join(folder, "out.sbbt.xz")])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/out\.sbbt\.xz: expected a name that says what to write: .*; with \.gz appended for gzip\n$/),
    });
  });
});
