// How far a zstd stream may look back, which hangs on what undoes it: Node's own zstd, an installed one, or fzstd.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import zlib from "node:zlib";
import { describe, expect, it } from "vitest";
import { readBranches } from "../recordings/read-branches.ts";
import { refusalOf } from "../recordings/refusal.ts";
import { SEVERAL } from "../recordings/samples.ts";
import { recorded, writeBranches } from "../recordings/write-branches.ts";
import { bplab, temporaryFolder } from "../support.ts";

const folder = temporaryFolder();

/** Windows from 64 MiB on, with their byte in a frame's header. */
const FAR = [
  [2 ** 26, 0x80],
  [2 ** 27, 0x88],
] as const;
/** A frame of one block that is not compressed, or the beginning of one. */
async function lookingBack(window: number, descriptor: number, end?: number): Promise<string> {
  const { bytes } = await writeBranches(SEVERAL.map(recorded), "x.sbbt");
  const block = Buffer.alloc(3);
  block.writeUIntLE((bytes.length << 3) | 1, 0, 3);
  const frame = Buffer.concat([Buffer.from("28b52ffd00", "hex"), Buffer.of(descriptor), block, bytes]);
  const path = join(folder, `${window}-${end}.sbbt.zst`);
  writeFileSync(path, frame.subarray(0, end));
  return path;
}
const reads = "createZstdDecompress" in zlib || spawnSync("zstd", ["--version"]).status === 0;

describe("a zstd stream that looks back 64 MiB and more", () => {
  it.skipIf(!reads)("is undone by Node's own zstd, or an installed one (skipped: neither)", async () => {
    for (const [window, descriptor] of FAR) {
      const { branches } = await readBranches(await lookingBack(window, descriptor));
      expect(branches).toHaveLength(SEVERAL.length);
      expect(await refusalOf(await lookingBack(window, descriptor, -3))).toMatch(/zstd stream (has no end|is damaged)/);
    }
  });

  it.skipIf("createZstdDecompress" in zlib)("is refused without either, as fzstd would undo it wrongly", async () => {
    for (const [window, descriptor] of FAR) {
      const path = await lookingBack(window, descriptor);
      expect(bplab(["info", path], { env: { PATH: "" } })).toEqual({
        code: 2,
        stdout: "",
        stderr: `${path}: its zstd stream looks back ${window} bytes, which Node.js undoes from version 22.15 on, and an installed zstd: take one of the two, or undo it first with unzstd\n`,
      });
    }
  });
});
