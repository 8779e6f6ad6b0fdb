// Where results go: standard output, or a file that appears whole or not at all.
import { accessSync, constants, realpathSync, renameSync, rmSync, type Stats, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { UsageError } from "../errors.ts";

export interface Output {
  /** @param content text, or the bytes of a picture */
  write(content: string | Uint8Array): void;
}

const status = (path: string): Stats | undefined => statSync(path, { throwIfNoEntry: false });

/** Whether two paths lead to one file that exists. */
function same(path: string, other: string): boolean {
  const [a, b] = [path, other].map(status);
  return a !== undefined && b !== undefined && a.dev === b.dev && a.ino === b.ino;
}

/**
 * Checks an output before any work is done, so that a wrong path costs no run; nothing appears on disk before `write`.
 * @param path     a file, or undefined for standard output
 * @param inputs   files that are read: writing over one would lose it
 * @throws UsageError when the file cannot be written
 */
export function openOutput(path: string | undefined, inputs: readonly string[] = []): Output {
  if (path === undefined) return { write: (content) => void process.stdout.write(content) };
  const refuse = (error: unknown): never => {
    const reason = (error as NodeJS.ErrnoException).code === "ENOENT" ? "its folder does not exist" : (error as Error).message;
    throw new UsageError(`cannot write ${path === "" ? '""' : path}: ${reason}`);
  };
  try {
    if (path === "") throw new Error("the path is empty");
    const old = status(path);
    if (old?.isDirectory() || path.endsWith("/")) throw new Error("it is a folder");
    if (inputs.some((input) => same(path, input))) throw new Error("it is an input");
    if (old !== undefined) accessSync(path, constants.W_OK);
    // a device or a pipe is written to; renaming a file over it would replace it
    if (old !== undefined && !old.isFile()) return { write: (content) => attempt(() => writeFileSync(path, content)) };
    const file = old === undefined ? path : realpathSync(path);
    const folder = dirname(file);
    accessSync(folder, constants.W_OK);
    const part = join(folder, `.bplab-${process.pid}.part`);
    return {
      write: (content) =>
        attempt(() => {
          try {
            writeFileSync(part, content, { flag: "wx", mode: (old?.mode ?? 0o666) & 0o777 });
            renameSync(part, file);
          } finally {
            rmSync(part, { force: true });
          }
        }),
    };
  } catch (error) {
    return refuse(error);
  }

  function attempt(write: () => void): void {
    try {
      write();
    } catch (error) {
      refuse(error);
    }
  }
}

/** The same for the page that `--report` names. @throws UsageError as well when its name does not end in .html */
export function openPage(path: string | undefined, inputs: readonly string[] = []): Output | undefined {
  if (path === undefined) return undefined;
  if (!path.endsWith(".html")) throw new UsageError(`--report must be a file that ends in .html, got ${path}`);
  return openOutput(path, inputs);
}

/** @throws UsageError when two options name one file: the second would overwrite the first */
export function checkDistinct(files: Readonly<Record<string, string | undefined>>): void {
  const seen = new Map<string, string>();
  for (const [option, file] of Object.entries(files)) {
    if (file === undefined) continue;
    const other = seen.get(resolve(file));
    if (other !== undefined) throw new UsageError(`${other} and ${option} are one file: ${file}`);
    seen.set(resolve(file), option);
  }
}
