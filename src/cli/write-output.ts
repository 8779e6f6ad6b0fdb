// Where results go: standard output, or a file that appears whole or not at all.
import { closeSync, openSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { UsageError } from "../errors.ts";

export interface Output {
  write(text: string): void;
  /** Removes what would have become the file, if nothing was written. */
  abandon(): void;
}

/**
 * Opens the output before any work is done, so that a wrong path costs no run.
 * @param path a file, or undefined for standard output
 * @throws UsageError when the file cannot be written
 */
export function openOutput(path: string | undefined): Output {
  if (path === undefined) return { write: (text) => void process.stdout.write(text), abandon: () => {} };
  const beside = `${path}.${process.pid}.part`;
  let file: number;
  try {
    if (path === "") throw new Error("the path is empty");
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw new Error("it is a folder");
    file = openSync(beside, "wx");
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code === "ENOENT" ? "its folder does not exist" : (error as Error).message;
    throw new UsageError(`cannot write ${path}: ${reason}`);
  }
  let open = true;
  return {
    write(text) {
      try {
        writeFileSync(file, text);
        closeSync(file);
        open = false;
        renameSync(beside, path);
      } catch (error) {
        rmSync(beside, { force: true });
        throw new UsageError(`cannot write ${path}: ${(error as Error).message}`);
      }
    },
    abandon() {
      if (!open) return;
      closeSync(file);
      rmSync(beside, { force: true });
    },
  };
}
