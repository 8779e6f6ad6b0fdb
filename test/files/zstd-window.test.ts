// How far a zstd stream may look back, which hangs on what undoes it.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import zlib from "node:zlib";
import { describe, expect, it } from "vitest";
import { refusalOf } from "../recordings/refusal.ts";
import { SEVERAL_IN_ZSTD } from "../recordings/samples.ts";
import { temporaryFolder } from "../support.ts";

const folder = temporaryFolder();

describe.skipIf("createZstdDecompress" in zlib)("a zstd stream without Node's own zstd", () => {
  it("is refused where fzstd would undo it wrongly, with what reads it", async () => {
    for (const [window, descriptor] of [
      [2 ** 26, 0x80],
      [2 ** 27, 0x88],
    ]) {
      const bytes = Buffer.from(SEVERAL_IN_ZSTD);
      bytes.set([0x00, descriptor], 4);
      const path = join(folder, `${window}.sbbt.zst`);
      writeFileSync(path, bytes);
      expect(await refusalOf(path)).toBe(
        `its zstd stream looks back ${window} bytes, which Node.js undoes from version 22.15 on: take that, or undo it first with unzstd`,
      );
    }
  });
});
