// The programs that recording needs, and the plug-in made with them: compiled once for each compiler.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { accessSync, constants, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { messageOf, RunError, UsageError } from "../../errors.ts";
import { cacheFolder } from "../../files/cache-folder.ts";
import { findCommand } from "../../files/find-command.ts";
import { partPath, removeAbandonedParts } from "../../files/whole-file.ts";

const SOURCE = fileURLToPath(new URL("../../../../src/recordings/recorder/plug-in.c", import.meta.url));
const QEMU = "qemu-x86_64";
const COMPILERS = ["cc", "gcc", "clang"];
const COMPILE = ["-O2", "-shared", "-fPIC", "-pthread"];

/** The first line of a program's `--version` output. */
const versionOf = (path: string): string => spawnSync(path, ["--version"], { encoding: "utf8" }).stdout?.split("\n")[0] ?? "";

export interface Emulator {
  readonly path: string;
  readonly version: string;
}

/** @throws UsageError when it is not installed */
export function findEmulator(): Emulator {
  const path = findCommand(QEMU);
  if (path === undefined) throw new UsageError(`recording needs ${QEMU}, which is not on the PATH: apt-get install qemu-user`);
  return { path, version: versionOf(path) };
}

/**
 * The plug-in's file, compiled if it has not been yet.
 * @throws UsageError when there is no compiler, or the cache cannot be written
 */
export function findPlugIn(): string {
  const compiler = COMPILERS.map(findCommand).find((path) => path !== undefined);
  if (compiler === undefined) {
    throw new UsageError(
      `recording needs a C compiler (${COMPILERS.join(", ")}), and there is none on the PATH: apt-get install gcc libc6-dev`,
    );
  }
  const key = createHash("sha256").update(readFileSync(SOURCE)).update(COMPILE.join(" ")).update(versionOf(compiler));
  const folder = cacheFolder();
  const path = join(folder, `recorder-${key.digest("hex").slice(0, 16)}.so`);
  if (existsSync(path)) return path;
  const part = partPath(path);
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    removeAbandonedParts(folder, path);
  } catch (error) {
    throw new UsageError(`cannot write ${folder}, where the recorder is kept: ${messageOf(error)}; name another folder by BPLAB_CACHE`);
  }
  try {
    const { status, stderr, error } = spawnSync(compiler, [...COMPILE, "-o", part, SOURCE], { encoding: "utf8" });
    if (status !== 0) {
      const why = error?.message ?? stderr.split("\n").find((line) => line.includes("error")) ?? `exit code ${status}`;
      throw new RunError(`${compiler} cannot compile the recorder: ${why}; are the C library's headers there (apt-get install libc6-dev)?`);
    }
    renameSync(part, path);
  } finally {
    rmSync(part, { force: true });
  }
  return path;
}
