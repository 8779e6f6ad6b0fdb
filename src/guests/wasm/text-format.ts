// Modules in text format (.wat): wabt's assembler makes them binary, where it is installed. As a package it takes
// 5.5 MB, which all users of bplab would install for the few who write text: so it is no dependency.
import { spawnSync } from "#platform/child-process";
import { mkdtempSync, readFileSync, rmSync } from "#platform/fs";
import { tmpdir } from "#platform/os";
import { join } from "#platform/path";
import { UsageError } from "../../errors.ts";

const ASSEMBLER = "wat2wasm";

export const isText = (path: string): boolean => path.toLowerCase().endsWith(".wat");

/** The module in binary format. @throws UsageError when it cannot be assembled, or there is no assembler */
export function assembleText(path: string): Buffer {
  const folder = mkdtempSync(join(tmpdir(), "bplab-wat-"));
  try {
    const binary = join(folder, "module.wasm");
    const { error, status, stderr } = spawnSync(ASSEMBLER, ["--enable-all", "--debug-names", path, "-o", binary], { encoding: "utf8" });
    if (error !== undefined) {
      throw new UsageError(
        `${path}: ${ASSEMBLER}, which reads WebAssembly's text format, is not installed (apt-get install wabt, or npm install wabt)`,
      );
    }
    if (status !== 0) throw new UsageError(`${path}: ${ASSEMBLER} refuses it: ${stderr.split("\n")[0].replace(`${path}:`, "")}`);
    return readFileSync(binary);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
