// What the installed compilers make of dispatch code, in small examples and in the lab's own interpreters.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RunError, UsageError } from "../../errors.ts";
import { FORMS } from "../../validation/c-forms.ts";
import { buildForm } from "../../validation/prepare.ts";
import { runTool } from "../../validation/tools.ts";
import { undone } from "../../validation/undone.ts";
import { EXAMPLES, type ExampleInterpreter } from "./examples.ts";
import { findCompilers, type InstalledCompiler } from "./find.ts";
import { type DispatchInObject, readListing, readObject } from "./object.ts";

export interface CompiledRow {
  readonly compiler: string;
  readonly version: string;
  readonly options: string;
  /** An example's id, or "lab, " and a technique. */
  readonly source: string;
  readonly title: string;
  readonly wanted: "shared" | "own";
  readonly opcodes: number;
  readonly left: DispatchInObject;
  /** What the compiler changed, in a sentence; "" if it kept the dispatch as written. */
  readonly what: string;
}

export interface CompilersReport {
  readonly compilers: readonly InstalledCompiler[];
  readonly rows: readonly CompiledRow[];
  readonly skipped: readonly string[];
}

/** Describes how a compiler changed a source with one dispatch, or with one per instruction. */
export function changeIn(
  { wanted, opcodes }: Pick<ExampleInterpreter, "wanted" | "opcodes">,
  { jumps, calls }: Pick<DispatchInObject, "jumps" | "calls">,
): string {
  if (jumps === 0 && calls >= opcodes / 2) return `${calls} calls instead of jumps: the stack grows with every instruction`;
  if (jumps === 0) return calls === 0 ? "no indirect branch: it compares" : "no indirect jump";
  if (wanted === "shared") return jumps > 1 ? `split: ${jumps} dispatches of the one in the source` : "";
  return jumps < opcodes / 2 ? `merged: ${jumps} ${jumps === 1 ? "dispatch" : "dispatches"} of ${opcodes} in the source` : "";
}

const OPTIONS: Readonly<Record<InstalledCompiler["language"], readonly (readonly string[])[]>> = {
  c: [["-O0"], ["-O2"]],
  rust: [["-Copt-level=0"], ["-Copt-level=3"]],
  zig: [["-ODebug"], ["-OReleaseFast"]],
  go: [[]],
};
const ENDINGS = { c: "c", rust: "rs", zig: "zig", go: "go" } as const;

function compileExample(
  { command, language }: InstalledCompiler,
  options: readonly string[],
  source: string,
  object: string,
): DispatchInObject {
  const limit = 120;
  if (language === "c") runTool(command, [...options, "-w", "-c", "-o", object, source], { limit });
  else if (language === "rust")
    runTool(command, [...options, "-Awarnings", "-Ccodegen-units=1", "--emit=obj", "-o", object, source], { limit });
  else if (language === "zig") runTool(command, ["build-obj", ...options, `-femit-bin=${object}`, source], { limit });
  else {
    runTool(command, ["tool", "compile", "-p", "interpreter", "-o", object, source], { limit });
    return readListing(runTool(command, ["tool", "objdump", object], { limit }));
  }
  return readObject(object);
}

/**
 * @param only commands of compilers on the PATH; default: all
 * @throws UsageError when none of them is installed
 */
export function examineCompilers(only?: readonly string[], onProgress?: (what: string) => void): CompilersReport {
  const all = findCompilers();
  const missing = only?.find((name) => !all.some(({ command }) => command === name || command.endsWith(`/${name}`)));
  if (missing !== undefined)
    throw new UsageError(
      `--cc: expected compilers that are on the PATH, got ${missing}; found: ${all.map(({ command }) => command).join(", ")}`,
    );
  const compilers = all.filter(
    ({ command }) => only === undefined || only.some((name) => command === name || command.endsWith(`/${name}`)),
  );
  if (compilers.length === 0) throw new UsageError("no compiler on the PATH: expected gcc, clang, rustc, zig or go");
  const rows: CompiledRow[] = [];
  const skipped: string[] = [];
  const folder = mkdtempSync(join(tmpdir(), "bplab-compilers-"));
  const attempt = (name: string, action: () => void): void => {
    onProgress?.(name);
    try {
      action();
    } catch (error) {
      if (!(error instanceof RunError || error instanceof UsageError)) throw error;
      skipped.push(`${name}: ${error.message}`);
    }
  };
  try {
    for (const compiler of compilers) {
      const { command, language, version } = compiler;
      for (const example of EXAMPLES.filter((one) => one.language === language)) {
        const source = join(folder, `${example.id}.${ENDINGS[language]}`);
        writeFileSync(source, example.text);
        for (const options of OPTIONS[language]) {
          attempt(`${command} ${options.join(" ")}, ${example.id}`, () => {
            const left = compileExample(compiler, options, source, join(folder, "example.o"));
            const { id, title, wanted, opcodes } = example;
            rows.push({
              compiler: command,
              version,
              options: options.join(" "),
              source: id,
              title,
              wanted,
              opcodes,
              left,
              what: changeIn(example, left),
            });
          });
        }
      }
      // a replicated switch of all opcodes takes gcc hours
      for (const form of language === "c" ? FORMS.filter((name) => name !== "replicated-switch") : []) {
        attempt(`${command} -O2, lab, ${form}`, () => {
          const { binary, interpreter } = buildForm(form, [], { command, flags: ["-O2"], limit: 120 }, folder);
          const jumps = binary.sites.length - binary.calls;
          rows.push({
            compiler: command,
            version,
            options: "-O2",
            source: `lab, ${form}`,
            title: "the lab's Forth interpreter",
            wanted: /switch|call-threading$|shared|dispatcher/.test(form) && form !== "tail-call-threading" ? "shared" : "own",
            opcodes: interpreter.names.length,
            left: { jumps, calls: binary.calls, tables: undefined },
            what: undone(form, binary, interpreter.names.length) ?? "",
          });
        });
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  if (rows.length === 0) throw new RunError(`no compiler compiled anything: ${skipped.join("; ")}`);
  return { compilers, rows, skipped };
}
