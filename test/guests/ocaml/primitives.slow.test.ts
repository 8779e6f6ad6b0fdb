// C primitives beside the real runtime's: programs of thousands of cases, their output compared byte for byte. And what must
// be the same in every run, which the real runtime's is not.
// @module-tag slow
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { primitives } from "../../../dist/src/guests/ocaml/primitives/all.js";
import { makeHeapBlock, type Runtime, type Value } from "../../../dist/src/guests/ocaml/value.js";

const BPLAB = fileURLToPath(new URL("../../../dist/src/bin.js", import.meta.url));
const SOURCES = fileURLToPath(new URL("./primitives/", import.meta.url));

const TOOLS = ["ocamlc", "ocamlrun", "ocamllex", "ocamlyacc"];
const missing = TOOLS.filter((tool) => spawnSync(tool, ["-version"]).error !== undefined);
const skipped = missing.length === 0 ? "" : ` (skipped: no ${missing.join(", ")}; apt-get install ocaml-nox)`;

const folder = mkdtempSync(join(tmpdir(), "bplab-ocaml-primitives-"));

function must(command: string, words: readonly string[]): void {
  const { status, stderr } = spawnSync(command, words, { cwd: folder, encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${words.join(" ")}: ${stderr}`);
}

/** Compiles sources of the folder, with libraries of OCaml's; the last one names the executable, which stands in a folder of its own. */
function compile(...sources: string[]): string {
  const modules = sources.map((source) => {
    if (source.endsWith(".cma")) return source;
    copyFileSync(`${SOURCES}${source}`, join(folder, source));
    if (source.endsWith(".mll")) must("ocamllex", ["-q", source]);
    if (source.endsWith(".mly")) must("ocamlyacc", ["-q", source]);
    return source.replace(/\.ml.$/, ".ml");
  });
  // what ocamlyacc writes has an interface
  const files = modules.flatMap((module, i) => (sources[i]?.endsWith(".mly") ? [`${module}i`, module] : [module]));
  const executable = `${modules.at(-1)?.slice(0, -3)}.byte`;
  must("ocamlc", ["-w", "-a", "-o", executable, ...files]);
  return executable;
}

/** Compiles a source given as text. */
function compileText(name: string, source: string, ...libraries: string[]): string {
  writeFileSync(join(folder, `${name}.ml`), source);
  must("ocamlc", ["-w", "-a", "-o", `${name}.byte`, ...libraries, `${name}.ml`]);
  return `${name}.byte`;
}

const INPUT = "first\nsecond\nabcdef 12 xyz";

function run(command: string, words: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(command, words, {
    cwd: folder,
    env: { ...process.env, TZ: "UTC" },
    input: INPUT,
    encoding: "latin1",
    maxBuffer: 1 << 26,
  });
  return { status, stdout, stderr };
}
const ours = (executable: string, ...words: string[]) => run(process.execPath, [BPLAB, "run", executable, ...words]);

const never = (): never => {
  throw new Error("nothing runs here");
};
const RUNTIME = {
  raiseWith: never,
  raise: never,
  callback: never,
  exit: never,
  named: new Map(),
  words: [],
  globals: makeHeapBlock(0),
  host: { console: { read: () => 0, write: never, writeError: never }, environment: {} },
} satisfies Runtime;
/** Names of what the guest has. */
const PRESENT = new Set(Object.keys(primitives(RUNTIME)));

/** Programs, the sources that they consist of, and lines that they print at least: nothing must go missing unnoticed. */
const PROGRAMS: readonly (readonly [lines: number, ...sources: string[]])[] = [
  [8000, "integers.ml"],
  [4000, "floats.ml"],
  [2500, "structures.ml"],
  [16000, "strings.ml"],
  [80, "channels.ml"],
  [80, "libraries.ml"],
  [1000, "bigarrays.ml"],
  [25000, "str.cma", "expressions.ml"],
  [80, "unix.cma", "clocks.ml"],
  [300, "values.ml", "parser.mly", "lexer.mll", "language.ml"],
];

type Call = (...values: Value[]) => Value;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("C primitives, without OCaml", () => {
  it("output waits in a channel's buffer unless OCaml 4.14 says that it must not", () => {
    const written: string[] = [];
    const console = { ...RUNTIME.host.console, write: (piece: Uint8Array) => void written.push(Buffer.from(piece).toString()) };
    const calls = primitives({ ...RUNTIME, host: { ...RUNTIME.host, console } }) as Record<string, Call>;
    const channel = calls.caml_ml_open_descriptor_out(1);
    const print = (text: string): Value => calls.caml_ml_output(channel, bytes(text), 0, text.length);
    print("a");
    expect(written).toEqual([]);
    expect(calls.caml_ml_is_buffered(channel)).toBe(1);
    calls.caml_ml_set_buffered(channel, 0);
    expect(written).toEqual(["a"]);
    print("b");
    expect(written).toEqual(["a", "b"]);
    expect(calls.caml_ml_is_buffered(channel)).toBe(0);
    calls.caml_ml_set_buffered(channel, 1);
    print("c");
    expect(written).toEqual(["a", "b"]);
    print("d".repeat(65536));
    expect(written[2]).toBe(`c${"d".repeat(65535)}`);
    calls.caml_ml_flush(channel);
    expect(written[3]).toBe("d");
  });

  it("what a program reads, changes or asks for is told to the lab", () => {
    const told: string[] = [];
    const surroundings = {
      reads: (path: string) => void told.push(`reads ${path}`),
      changes: (path: string) => void told.push(`changes ${path}`),
      located: () => void told.push("located"),
    };
    const calls = primitives({ ...RUNTIME, host: { ...RUNTIME.host, surroundings } }) as Record<string, Call>;
    const path = join(folder, "told");
    const flags = (...all: number[]): Value => all.reduceRight<Value>((rest, flag) => makeHeapBlock(0, flag, rest), 0);
    calls.caml_sys_close(calls.caml_sys_open(bytes(path), flags(1, 3, 4), 0o600));
    calls.caml_sys_close(calls.caml_sys_open(bytes(path), flags(0), 0));
    expect(calls.caml_sys_file_exists(bytes(path))).toBe(1);
    calls.caml_sys_rename(bytes(path), bytes(`${path}2`));
    calls.caml_sys_remove(bytes(`${path}2`));
    calls.caml_sys_read_directory(bytes(folder));
    calls.caml_sys_getcwd(0);
    const name = path.slice(folder.length + 1);
    const expected = [
      `changes ${name}`,
      `reads ${name}`,
      `reads ${name}`,
      `changes ${name}`,
      `changes ${name}2`,
      `changes ${name}2`,
      "reads ",
      "located",
    ];
    expect(told.map((line) => line.replace(`${folder}/`, "").replace(folder, ""))).toEqual(expected);
  });
});

describe.skipIf(missing.length > 0)(`C primitives beside ocamlrun${skipped}`, () => {
  it.each(PROGRAMS.map(([lines, ...sources]) => ({ lines, sources })))(
    "$sources: writes the same, at least $lines lines",
    ({ lines, sources }) => {
      const executable = compile(...sources);
      const theirs = run("ocamlrun", [executable]);
      const result = ours(executable);
      expect(theirs.stdout.split("\n").length).toBeGreaterThan(lines);
      expect(result.stderr).toBe(theirs.stderr);
      expect(result.status).toBe(theirs.status);
      const [here, there] = [result.stdout.split("\n"), theirs.stdout.split("\n")];
      const first = there.findIndex((line, i) => line !== here[i]);
      // the first line that differs, not all of them
      expect(here[first]).toBe(there[first]);
      expect(result.stdout === theirs.stdout).toBe(true);
    },
  );

  it("mathematical functions are exact where they are special, and elsewhere differ in less than one result of a hundred", () => {
    const executable = compile("functions.ml");
    const theirs = run("ocamlrun", [executable]).stdout.split("\n");
    const here = ours(executable).stdout.split("\n");
    const different = theirs.filter((line, i) => line !== here[i]);
    const random = theirs.filter((line) => line.startsWith("random"));
    expect(here.length).toBe(theirs.length);
    expect(random.length).toBeGreaterThan(6000);
    expect(different.filter((line) => !line.startsWith("random"))).toEqual([]);
    // glibc does not round all of them correctly, which the guest does
    expect(different.length).toBeLessThan(random.length / 100);
  });

  it("has every C primitive that the standard library declares but those of a debugger's or profiler's", () => {
    const library = spawnSync("ocamlc", ["-where"], { encoding: "utf8" }).stdout.trim();
    const sources = spawnSync("sh", ["-c", `cat ${library}/*.ml`], { encoding: "utf8", maxBuffer: 1 << 26 }).stdout;
    const known = new Set(spawnSync("ocamlrun", ["-p"], { encoding: "utf8" }).stdout.trim().split("\n"));
    // an external with two names has the interpreter's first
    const declared = [...sources.matchAll(/=\s*"(caml_\w+)"/g)].map(([, name]) => name).filter((name) => known.has(name));
    expect(new Set(declared).size).toBeGreaterThan(200);
    const refused = [...new Set(declared)].filter((name) => !PRESENT.has(name)).sort();
    expect(refused).toEqual(["caml_memprof_start", "caml_memprof_stop"]);
  });

  it("a primitive that is missing is named when it is called, not before, and what was printed is written", () => {
    const executable = compileText(
      "missing",
      `external start : unit -> unit = "caml_memprof_stop"
       let () = print_string "printed"; output_string (open_out "missing.txt") "written"; start ()`,
    );
    expect(ours(executable)).toEqual({
      status: 1,
      stdout: "printed",
      stderr: "missing.byte calls the C primitive caml_memprof_stop, which the OCaml guest does not have\n",
    });
    expect(readFileSync(join(folder, "missing.txt"), "latin1")).toBe("written");
  });

  it("what is larger than the host can hold raises Out_of_memory", () => {
    const executable = compileText(
      "large",
      `let refused make = try ignore (make ()); false with Out_of_memory -> true
       let () = assert (refused (fun () -> Array.make 1_000_000_000_000 0)); assert (refused (fun () -> Array.make 500_000_000 0));
         assert (refused (fun () -> Bytes.create 1_000_000_000_000)); ignore (Array.make 500_000_000 0)`,
    );
    expect(ours(executable)).toEqual({ status: 2, stdout: "", stderr: "Fatal error: exception Out_of_memory\n" });
  });

  it("standard input has a length where it is a file", () => {
    const executable = compileText("whole", "let () = print_string (really_input_string stdin (in_channel_length stdin))");
    writeFileSync(join(folder, "whole.txt"), INPUT);
    const redirected = (...words: string[]) => run("sh", ["-c", '"$@" <whole.txt', "sh", ...words]);
    expect(redirected(process.execPath, BPLAB, "run", executable)).toEqual({ status: 0, stdout: INPUT, stderr: "" });
    expect(ours(executable)).toEqual(run("ocamlrun", [executable]));
  });

  it("commands and other folders are refused by name", () => {
    expect(ours(compileText("command", 'let () = exit (Sys.command "true")')).stderr).toMatch(/^[^\n]*Sys\.command.*runs no commands\n$/);
    expect(ours(compileText("chdir", 'let () = Sys.chdir "/"')).stderr).toMatch(/^[^\n]*Sys\.chdir.*stays in its folder\n$/);
    expect(ours(compileText("closures", "let () = ignore (Marshal.to_string (fun x -> x) [Marshal.Closures])")).stderr).toMatch(
      /Marshal\.Closures/,
    );
  });

  it("clocks, seeds and addresses are the same in every run, and waiting for the clock ends", () => {
    const executable = compileText(
      "clocks",
      `let () = Random.self_init (); Printf.printf "%d %f %d %d\\n" (Random.bits ()) (Sys.time ()) (Hashtbl.hash print_string) (Hashtbl.hash stdout);
       let start = Sys.time () in while Sys.time () < start +. 0.01 do () done; Printf.printf "%.3f\\n" (Sys.time () -. start)`,
    );
    const first = ours(executable);
    expect(first.stdout).toMatch(/^\d+ 0\.000001 \d+ \d+\n0\.010\n$/);
    expect(ours(executable)).toEqual(first);
  });

  it("the clock of Unix is that of Sys: it moves with looks and sleeps, from the year 2000, and nothing waits", () => {
    const executable = compileText(
      "sleeps",
      `let () = Printf.printf "%.6f " (Unix.gettimeofday ()); Unix.sleep 86400; Printf.printf "%.6f %.0f " (Sys.time ()) (Unix.time ());
       Printf.printf "%d %d" (Unix.localtime (Unix.time ())).Unix.tm_mday (Unix.getpid ())`,
      "unix.cma",
    );
    // arguments are evaluated from the last to the first: Unix.time looks before Sys.time
    expect(ours(executable).stdout).toBe("946684800.000001 86400.000003 946771200 2 1");
  });

  it("a program's own file is where it looks for its sections: the runtime holds none", () => {
    const executable = compileText(
      "sections",
      `external table : unit -> (string * Obj.t) list = "caml_get_section_table"
       let () = print_string (match table () with _ -> "a table" | exception Not_found -> "none")`,
    );
    expect(ours(executable)).toEqual(run("ocamlrun", [executable]));
    expect(ours(executable).stdout).toBe("none");
  });

  it("words of the command line and the environment are the program's", () => {
    const executable = compileText(
      "words",
      'let () = Array.iter print_endline Sys.argv; print_endline (Sys.getenv "HOME" ^ Sys.getcwd ())',
    );
    expect(ours(executable, "a", "ö b").stdout).toBe(run("ocamlrun", [executable, "a", "ö b"]).stdout);
  });
});
