// Compilers that are installed: every gcc, clang, rustc, zig and go on the PATH.
import { readdirSync, realpathSync } from "node:fs";
import { delimiter, join } from "node:path";
import { runProgram } from "../../validation/tools.ts";

export type CompilerLanguage = "c" | "rust" | "zig" | "go";

export interface InstalledCompiler {
  readonly command: string;
  readonly language: CompilerLanguage;
  /** The first line of its version message. */
  readonly version: string;
}

const NAMES: readonly (readonly [RegExp, CompilerLanguage, readonly string[]])[] = [
  [/^(gcc|clang)(-\d+)?$/, "c", ["--version"]],
  [/^rustc$/, "rust", ["--version"]],
  [/^zig$/, "zig", ["version"]],
  [/^go$/, "go", ["version"]],
];

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Finds compilers on the PATH. One that prints no version is left out; several names of one file count once. */
export function findCompilers(path = process.env.PATH ?? ""): InstalledCompiler[] {
  const seen = new Set<string>();
  const found: InstalledCompiler[] = [];
  for (const folder of path.split(delimiter)) {
    for (const name of filesIn(folder).sort()) {
      const [, language, args] = NAMES.find(([pattern]) => pattern.test(name)) ?? [];
      if (language === undefined || args === undefined) continue;
      try {
        const file = realpathSync(join(folder, name));
        // rustup is installed as rustc under many names
        const key = language === "c" ? file : language;
        if (seen.has(key)) continue;
        const version = runProgram(join(folder, name), args, { limit: 30 }).output.split("\n")[0];
        seen.add(key);
        found.push({ command: language === "c" ? name : join(folder, name), language, version });
      } catch {}
    }
  }
  return found;
}
