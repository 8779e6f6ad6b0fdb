// Runs bytecode executables in process, and what OCaml's own tools say of them where they are installed.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { messageOf, RunError, UsageError } from "../../../dist/src/errors.js";
import { readBytecode } from "../../../dist/src/guests/ocaml/loading/bytecode.js";
import { Machine } from "../../../dist/src/guests/ocaml/machine.js";

/** Whether programs can be compiled, and traced by the real interpreter. */
export const OCAML = ["ocamlc", "ocamlrund"].every((tool) => spawnSync(tool, ["-version"]).status === 0);
export const NO_OCAML = OCAML ? "" : " (skipped: no ocamlc and ocamlrund, apt-get install ocaml-nox)";

const folder = mkdtempSync(join(tmpdir(), "bplab-ocaml-"));

/** A file with some content; returns its path. */
export function file(name: string, content: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** Compiles a source; returns the path of the executable. */
export function compile(name: string, source: string): string {
  const path = join(folder, `${name}.byte`);
  const { status, stderr } = spawnSync("ocamlc", ["-w", "-a", "-o", path, file(`${name}.ml`, source)], { encoding: "utf8" });
  if (status !== 0) throw new Error(`${name}: ${stderr}`);
  return path;
}

/** Names that ocamlrund does not print: it shows ??? for them. */
const UNNAMED = new Set(["RERAISE", "RAISE_NOTRACE", "GETSTRINGCHAR"]);

export interface Session {
  /** Names of the executed instructions, in order, a line each, as ocamlrund prints them. */
  readonly stream: string;
  readonly opcodes: ReadonlySet<string>;
  readonly output: string;
  readonly complaints: string;
  readonly exitCode: number | undefined;
  readonly error: string | undefined;
}

/** Runs an executable on the guest. */
export function session(path: string, { traced = true, maxInstructions = 50_000_000 } = {}): Session {
  const output: Buffer[] = [];
  const complaints: Buffer[] = [];
  const console = {
    read: () => 0,
    write: (bytes: Uint8Array) => void output.push(Buffer.from(bytes)),
    writeError: (bytes: Uint8Array) => void complaints.push(Buffer.from(bytes)),
  };
  const lines: string[] = [];
  const parts: string[] = [];
  const opcodes = new Set<string>();
  let exitCode: number | undefined;
  let error: string | undefined;
  try {
    const host = { console, environment: {} };
    const machine = new Machine(readBytecode(path), { path, words: [path], host, traced, maxInstructions });
    const { program } = machine;
    machine.blocks.sink = (ids, count) => {
      for (let block = lines.length; block < program.blockCount; block++) {
        const start = program.blockStart(block);
        const names = Array.from({ length: program.blockLength(block) }, (_, i) => program.opcodes[program.opcodeAt(start + i)].name);
        for (const name of names) opcodes.add(name);
        lines.push(names.map((name) => `${UNNAMED.has(name) ? "???" : name}\n`).join(""));
      }
      parts.push(Array.from(ids.subarray(0, count), (id) => lines[id]).join(""));
    };
    exitCode = machine.main();
  } catch (thrown) {
    if (!(thrown instanceof UsageError || thrown instanceof RunError)) throw thrown;
    error = messageOf(thrown).replaceAll(path, "x.byte");
  }
  const text = (pieces: readonly Buffer[]): string => Buffer.concat(pieces).toString("latin1");
  return { stream: parts.join(""), opcodes, output: text(output), complaints: text(complaints), exitCode, error };
}

/** What ocamlrund executes, and what the program writes to standard error: its output is among the trace. */
export function real(path: string): Pick<Session, "stream" | "complaints" | "exitCode"> {
  const trace = join(folder, "trace");
  const { status, stderr } = spawnSync("sh", ["-c", `ocamlrund -t "$1" >"$2" </dev/null`, "sh", path, trace], { encoding: "latin1" });
  const stream = [...readFileSync(trace, "latin1").matchAll(/^ *-?\d+ {2}(\S+)/gm)].map(([, name]) => `${name}\n`).join("");
  // the debug runtime says more
  const complaints = stderr.replace(/^(Initial |### |Growing |[<>!$]*Starting ).*\n/gm, "");
  return { stream, complaints, exitCode: status ?? undefined };
}
