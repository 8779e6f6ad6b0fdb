// Formats beside each other: real recordings give the same results in all of them, and come back as they were.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { simulate } from "../../dist/src/index.js";
import { findWritableFormat, readRecording } from "../../dist/src/recordings/find-recording.js";
import { convert } from "../../dist/src/workbench/convert.js";
import { bplab, temporaryFolder } from "../support.ts";
import { writeSbbt } from "./write-sbbt.ts";

const folder = temporaryFolder();
const truth = (name: string): string => fileURLToPath(new URL(`../data/truth/${name}.sbbt.gz`, import.meta.url));

/** Converts a file; returns where it is then, and what was lost. */
async function converted(from: string, name: string): Promise<{ readonly path: string; readonly losses: readonly string[] }> {
  const path = join(folder, name);
  const pieces: Uint8Array[] = [];
  const { losses } = await convert(await readRecording(from), await findWritableFormat(path), {
    write: (bytes) => void pieces.push(bytes),
    provenance: {},
  });
  writeFileSync(path, Buffer.concat(pieces));
  return { path, losses };
}

describe.each(["ocamlrun-kb", "switch-gcc-r", "call-gcc-fib"])("the recording %s", (name) => {
  it.each(["bpt.gz", "bt9.gz", "csv.gz", "champsim.gz"])(
    "gives the same results as .%s, and comes back byte for byte",
    { tags: "slow" },
    async (ending) => {
      const { path, losses } = await converted(truth(name), `${name}.${ending}`);
      expect(losses).toEqual([]);
      const back = await converted(path, `${name}.sbbt`);
      expect(back.losses).toEqual([]);
      expect(readFileSync(back.path).equals(gunzipSync(readFileSync(truth(name))))).toBe(true);
      const predictor = "btb+gshare+return-stack,ittage+btfn";
      const [ours, theirs] = await Promise.all([path, truth(name)].map((input) => simulate({ inputs: [input], predictor })));
      const plain = <T extends object>(rows: readonly T[]): object[] =>
        rows.map((row) => ({ ...row, program: "", format: "", programSha256: "" }));
      expect(plain(ours.rows)).toEqual(plain(theirs.rows));
      expect(plain(ours.sites)).toEqual(plain(theirs.sites));
    },
  );
});

describe("convert", () => {
  const long = { pc: 0x1000n, target: 0x2000n, kind: 2, taken: 1, gap: 1 };

  it("says what is lost on standard error, one line each, and the same bytes come out every time", async () => {
    const csv = join(folder, "long.csv");
    writeFileSync(csv, "pc,target,kind,taken,gap\n0x1000,0x2000,jump,1,5000\n0xfff8000000000000,0x1,jump,1,1\n");
    const out = join(folder, "long.sbbt");
    const outcome = bplab(["convert", csv, out]);
    expect(outcome).toEqual({
      code: 0,
      stdout: "",
      stderr:
        `${csv}: It does not say how many branches and instructions it has: they are added up.\n` +
        `${out}: Lost in 1 branch: gaps beyond 4095 are cut to it.\n`,
    });
    const bytes = readFileSync(out);
    bplab(["convert", csv, out]);
    expect(readFileSync(out).equals(bytes)).toBe(true);
  });

  it("leaves no file behind where its input is damaged", () => {
    const path = join(folder, "cut.sbbt");
    const bytes = writeSbbt(Array(20_000).fill(long));
    writeFileSync(path, bytes.subarray(0, bytes.length - 3));
    for (const ending of ["bpt", "bt9", "csv.gz", "champsim", "sbbt"]) {
      const out = join(folder, `out-of-cut.${ending}`);
      expect(bplab(["convert", path, out])).toMatchObject({
        code: 2,
        stdout: "",
        stderr: expect.stringMatching(/^[^\n]+: it is cut short[^\n]+\n$/),
      });
      expect(() => readFileSync(out)).toThrow("ENOENT");
    }
  });
});
