// A temporary folder that is removed with this process at the latest.
import { randomBytes } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { messageOf, UsageError } from "../errors.ts";
import { removeAtEnd } from "./remove-at-end.ts";

export interface TemporaryFolder {
  readonly path: string;
  remove(): void;
}

/**
 * @param use what it is for, in messages: "branches are kept until the file can begin"
 * @throws UsageError when it cannot be made
 */
export function createTemporaryFolder(use: string): TemporaryFolder {
  const path = join(tmpdir(), `bplab-${randomBytes(8).toString("hex")}`);
  const release = removeAtEnd(path);
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    release();
    throw new UsageError(`cannot write ${tmpdir()}, where ${use}: ${messageOf(error)}; set TMPDIR`);
  }
  return {
    path,
    remove() {
      rmSync(path, { recursive: true, force: true });
      release();
    },
  };
}
