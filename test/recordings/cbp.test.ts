// CBP2025's traces, from records made by hand as the format says.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { CALL, CONDITIONAL, RETURN } from "../../dist/src/branch.js";
import { findRecording } from "../../dist/src/recordings/find-recording.js";
import { temporaryFolder } from "../support.ts";
import { readBranches } from "./read-branches.ts";
import { refusalOf } from "./refusal.ts";
import { CBP_RECORDS, cbpTrace } from "./samples.ts";

const folder = temporaryFolder();
let files = 0;
function fileOf(bytes: Uint8Array, name = `${files++}`): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}
const WORKED = cbpTrace(CBP_RECORDS);
const BRANCHES = [
  { pc: 0x1004n, target: 0x1008n, kind: CONDITIONAL, taken: 0, gap: 2 },
  { pc: 0x1008n, target: 0x2000n, kind: CALL, taken: 1, gap: 1 },
  { pc: 0x200cn, target: 0x100cn, kind: RETURN, taken: 1, gap: 4 },
];

describe("a CBP2025 trace", () => {
  it("is recognised by what it holds, plain or in gzip, and read record by record", async () => {
    for (const bytes of [WORKED, gzipSync(WORKED)])
      expect(await readBranches(fileOf(bytes))).toMatchObject({ format: "cbp2025", instructions: 8, notes: [], branches: BRANCHES });
  });

  it("is read over the end of a buffer", async () => {
    // the last instruction leads to 0x1010, not to 0x1000
    const { instructions, branches, notes } = await readBranches(
      fileOf(Buffer.concat(Array.from({ length: 2000 }, () => WORKED)), "long.cbp2025"),
    );
    expect(instructions).toBe(16_000);
    expect(branches).toHaveLength(6000);
    expect(branches.slice(-3)).toEqual([{ ...BRANCHES[0], gap: 3 }, ...BRANCHES.slice(1)]);
    expect(notes).toEqual(["1,999 of its 16,000 instructions stand elsewhere than the one before leads."]);
  });

  it("is refused where it is cut or damaged, and not taken for one by chance", async () => {
    expect(await refusalOf(fileOf(WORKED.subarray(0, WORKED.length - 1)))).toMatch(/^it is cut short: a record has no end at byte 169/);
    const damaged = Buffer.from(WORKED);
    damaged[WORKED.length - 3] = 12;
    expect(await refusalOf(fileOf(damaged, "a.cbp2025"))).toMatch(/no instruction has such a record at byte 169$/);
    expect(await findRecording(fileOf(cbpTrace([CBP_RECORDS[0], CBP_RECORDS[2], CBP_RECORDS[1], CBP_RECORDS[7]])))).toBeUndefined();
    expect(await findRecording(fileOf(Buffer.alloc(4096)))).toBeUndefined();
  });
});
