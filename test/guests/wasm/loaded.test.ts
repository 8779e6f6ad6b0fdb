// JavaScript programs that load modules: `bplab trace --wasm` gives a tape of what they execute, and leaves them as they are.
import { existsSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { playTape } from "../../../dist/src/trace/tape.js";
import { openTape } from "../../../dist/src/trace/tape-file.js";
import { bplab } from "../../support.ts";
import { misstep } from "./follow.ts";
import { assemble, fileNamed, NO_WABT } from "./modules.ts";

const CALLS_BACK = `(module
  (import "js" "back" (func $back (param i32) (result i32)))
  (import "js" "throws" (func $throws))
  (table (export "table") 1 funcref) (elem (i32.const 0) $twice)
  (global $g (mut i32) (i32.const 0))
  (func $start (global.set $g (i32.const 1)))
  (start $start)
  (func $twice (export "twice") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2)))
  (func (export "main") (param i32) (result i32)
    (i32.add (call $back (local.get 0)) (i32.add (global.get $g) (i32.const 100))))
  (func $deep (call $throws))
  (func (export "fails") (call $deep))
  (func (export "traps") (drop (i32.div_u (i32.const 1) (i32.const 0)))))`;

/** A program that loads the module in one of the ways that there are. */
const program = (load: string): string => `
import { readFileSync } from "node:fs";
const bytes = readFileSync(${JSON.stringify(fileNamed("calls-back.wasm"))});
const imports = { js: { back: (n) => instance.exports.table.get(0)(n) + 1, throws() { throw new Error("js"); } } };
let instance;
${load}
const names = WebAssembly.Module.exports(module).map(({ name }) => name);
console.log(names.join(), Object.keys(instance.exports).join(), instance instanceof WebAssembly.Instance, module instanceof WebAssembly.Module);
console.log(instance.exports.main(5), instance.exports.twice(4));
try { instance.exports.fails(); } catch (error) { console.log(error.message); }
try { instance.exports.traps(); } catch (error) { console.log(error.message); }
console.log(instance.exports.twice(21));
process.exitCode = 3;
`;

const WAYS: Readonly<Record<string, string>> = {
  constructors: "const module = new WebAssembly.Module(bytes); instance = new WebAssembly.Instance(module, imports);",
  "instantiate with bytes":
    "const both = await WebAssembly.instantiate(bytes, imports); instance = both.instance; const { module } = both;",
  "compile, and instantiate with a module":
    "const module = await WebAssembly.compile(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)); instance = await WebAssembly.instantiate(module, imports);",
  streams:
    'const response = () => new Response(bytes, { headers: { "Content-Type": "application/wasm" } }); const module = await WebAssembly.compileStreaming(response()); ({ instance } = await WebAssembly.instantiateStreaming(response(), imports));',
};

interface Loaded {
  readonly names: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
  readonly tape: string;
}

function load(name: string, text: string): Loaded {
  writeFileSync(fileNamed("calls-back.wasm"), assemble(CALLS_BACK));
  const script = fileNamed(`${name}.mjs`);
  writeFileSync(script, text);
  const tape = fileNamed(`${name}.tape`);
  const { stdout, stderr, code } = bplab(["trace", "--wasm", "-o", tape, "--", process.execPath, script]);
  return { names: existsSync(tape) ? executed(tape) : "", stdout, stderr, code, tape };
}

/** The names of instructions on a tape, which is followed. */
function executed(path: string): string {
  const run = playTape(openTape(path));
  const { program: virtual } = run;
  const blocks: number[] = [];
  run.run((ids, count) => blocks.push(...ids.subarray(0, count)));
  expect(misstep(virtual, blocks)).toBeUndefined();
  return blocks
    .map((block) => {
      const start = virtual.blockStart(block);
      const names = Array.from({ length: virtual.blockLength(block) }, (_, i) => virtual.opcodes[virtual.opcodeAt(start + i)].name);
      return `${names.join(" ")}${virtual.leftByHost(block) ? " |" : ""}`;
    })
    .join(", ");
}

describe.skipIf(NO_WABT)("bplab trace --wasm", () => {
  it.each(Object.entries(WAYS))("traces modules that are loaded by %s", (way, code) => {
    const { names, stdout, stderr, code: exitCode } = load(way.replace(/\W/g, ""), program(code));
    expect(stdout.split("\n")).toEqual([
      "table,twice,main,fails,traps table,twice,main,fails,traps true true",
      "112 8",
      "js",
      "divide by zero",
      "42",
      "",
    ]);
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/virtual instructions, modules: [123]\n$/);
    expect(names).toBe(
      [
        "i32.const global.set end |",
        "local.get call |",
        "local.get i32.const i32.mul end |",
        "global.get i32.const i32.add i32.add end |",
        "local.get i32.const i32.mul end |",
        "call",
        "call |",
        "i32.const i32.const i32.div_u drop end |",
        "local.get i32.const i32.mul end",
      ].join(", "),
    );
  });

  it("gives a tape that simulate plays as any program", () => {
    const { tape } = load("played", program(WAYS.constructors));
    const { stdout, stderr, code } = bplab(["simulate", tape, "--technique=direct-threading", "--format=csv", "--no-cache"]);
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(stdout).toContain("direct-threading");
    expect(bplab(["run", tape]).stderr).toContain("a tape says what was executed, and nothing can be run: bplab simulate plays it");
  });

  it("refuses what leaves no tape, in one line, and writes nothing", () => {
    const { stderr, code, tape } = load("nothing", "console.log(1)");
    expect(stderr).toMatch(/^\S+ \S+: it executed no WebAssembly in its main thread \(modules compiled: 0\)\n$/);
    expect(code).toBe(1);
    expect(existsSync(tape)).toBe(false);
    expect(bplab(["trace", "--wasm", "-o", tape, "--", "no-such-program"]).stderr).toBe(
      "cannot run no-such-program: there is no such program\n",
    );
    expect(bplab(["trace", "--wasm", "--virtual", "-o", tape, "--", "node"]).stderr).toContain("--virtual: it changes nothing in a tape");
    writeFileSync(tape, "no tape");
    expect(bplab(["simulate", tape]).stderr).toContain(
      "expected a tape that bplab trace --wasm wrote, got something else, or a damaged one",
    );
  });

  it("says which process or thread runs modules that are not traced", () => {
    writeFileSync(fileNamed("empty.wasm"), assemble("(module)"));
    const runs = fileNamed("runs.cjs");
    const bytes = JSON.stringify(fileNamed("empty.wasm"));
    writeFileSync(
      runs,
      `const compiled = new WebAssembly.Module(require("node:fs").readFileSync(${bytes}));
      new WebAssembly.Instance(compiled);
      new WebAssembly.Instance(compiled);`,
    );
    const child = `import { spawnSync } from "node:child_process";
      spawnSync(process.execPath, [${JSON.stringify(runs)}, "--fast"], { stdio: "inherit" });`;
    expect(load("starts-process", child).stderr).toMatch(
      /^bplab trace: node runs\.cjs --fast, a process that the program started, runs WebAssembly, which is not on the tape: trace its own command\n.*: it executed no WebAssembly in its main thread \(modules compiled: 0\)\n$/,
    );
    const thread = `import { Worker } from "node:worker_threads"; new Worker(${JSON.stringify(runs)});`;
    expect(load("starts-thread", thread).stderr).toMatch(
      /^bplab trace: a worker thread runs WebAssembly, which is not on the tape\n.*: it executed no/,
    );
  });

  it("gives the form that is asked for: without structure there are fewer instructions", () => {
    const script = fileNamed("form.mjs");
    const bytes = assemble('(module (func (export "main") (block (block (nop) (drop (i64.const 1))))))');
    writeFileSync(fileNamed("form.wasm"), bytes);
    writeFileSync(
      script,
      `import { readFileSync } from "node:fs";
      new WebAssembly.Instance(new WebAssembly.Module(readFileSync(${JSON.stringify(fileNamed("form.wasm"))}))).exports.main();`,
    );
    const counted = (...options: string[]): string =>
      bplab(["trace", "--wasm", ...options, "-o", fileNamed("form.tape"), "--", process.execPath, script]).stderr;
    expect(counted()).toContain(": 8 virtual instructions");
    expect(counted("--form=side-table")).toContain(": 4 virtual instructions");
    expect(counted("--form=register")).toContain("--form");
    expect(bplab(["trace", "wasm/json", "--form=wamr", "-o", fileNamed("form.bpt")])).toMatchObject({
      code: 2,
      stderr: '--form: expected --wasm, or a module named together with its form: "wasm/json --form=wamr"\n',
    });
  });

  it("stops writing after --max-instructions, and lets the program go on", () => {
    writeFileSync(fileNamed("limited.mjs"), program(WAYS.constructors));
    const tape = fileNamed("limited.tape");
    const { stdout } = bplab(["trace", "--wasm", "--max-instructions=4", "-o", tape, "--", process.execPath, fileNamed("limited.mjs")]);
    expect(stdout).toContain("42");
    expect(executed(tape)).toBe("i32.const global.set end |, local.get call |");
  });
});
