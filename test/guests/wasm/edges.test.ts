// Where control leaves the straight way: traps, start functions, exceptions, exit codes, limits.
import { describe, expect, it } from "vitest";
import { handlersOf, misstep } from "./follow.ts";
import { NO_WABT, traceText } from "./modules.ts";

/** A module whose function main runs some code. */
const main = (code: string, more = ""): string => `(module (memory 1) ${more} (func (export "main") (local i32) ${code}))`;

describe.skipIf(NO_WABT)("a trap", () => {
  it.each([
    ["unreachable", "(local.set 0 (i32.const 1)) (unreachable) (nop)", "i32.const local.set unreachable"],
    ["memory access out of bounds", "(drop (i32.load (i32.const -1))) (nop)", "i32.const i32.load"],
    ["divide by zero", "(drop (i32.div_u (i32.const 1) (local.get 0))) (nop)", "i32.const local.get i32.div_u"],
    ["float unrepresentable in integer range", "(drop (i32.trunc_f32_s (f32.const 1e20)))", "f32.const i32.trunc_f32_s"],
    [
      "memory access out of bounds",
      "(memory.fill (i32.const 65530) (i32.const 1) (i32.const 99))",
      "i32.const i32.const i32.const memory.fill",
    ],
    ["table index is out of bounds", "(call_indirect (type $none) (i32.const 5))", "i32.const call_indirect"],
    ["null function or function signature mismatch", "(call_indirect (type $none) (i32.const 0))", "i32.const call_indirect"],
  ])("%s: the last block ends with the instruction that trapped", (message, code, names) => {
    const run = traceText(main(code, "(type $none (func)) (table 2 funcref)"), { invoke: "main" });
    expect(run.error?.message).toContain(`test.wasm: the program trapped in main: ${message}`);
    expect(run.names.join(" ")).toBe(names);
  });

  it("in a function that others called names it, and is found after long code", () => {
    const long = "(local.set 0 (i32.add (local.get 0) (i32.const 100000)))".repeat(500);
    const inner = `(func $inner (local i32) ${long} (block (br_if 0 (local.get 0)) (nop)) (drop (i64.div_s (i64.const 3) (i64.const 0))))`;
    const run = traceText(main("(call $inner)", inner), { invoke: "main" });
    expect(run.error?.message).toBe("test.wasm: the program trapped in inner: divide by zero");
    expect(run.names.slice(-5)).toEqual(["br_if", "end", "i64.const", "i64.const", "i64.div_s"]);
    expect(run.names).toHaveLength(1 + 2000 + 3 + 1 + 3);
    expect(misstep(run.program, run.blocks)).toBeUndefined();
  });

  it("of calls that are nested too deeply is one line", () => {
    const run = traceText('(module (func $f (export "main") (call $f)))', { invoke: "main" });
    expect(run.error?.message).toMatch(/^test\.wasm: the program's calls are nested too deeply for Node\.js/);
  });
});

describe.skipIf(NO_WABT)("the way in", () => {
  it("leads through the start function, which the host leaves", () => {
    const run = traceText(
      '(module (global $g (mut i32) (i32.const 0)) (func $start (global.set $g (i32.const 4))) (start $start) (func (export "main") (result i32) (global.get $g)))',
      { invoke: "main" },
    );
    expect(run.names.join(" ")).toBe("i32.const global.set end global.get end");
    expect(run.output).toBe("4\n");
    expect(run.blocks.map((block) => run.program.leftByHost(block))).toEqual([true, false]);
    expect(misstep(run.program, run.blocks)).toBeUndefined();
  });

  it("of a reactor leads through _initialize", () => {
    const run = traceText(
      '(module (func (export "_initialize") (nop)) (func (export "f") (param i32 i64 f64) (result i64 i32) (local.get 1) (local.get 0)))',
      {
        invoke: "f",
        words: ["-7", "0x10", "1.5"],
      },
    );
    expect(run.names.join(" ")).toBe("nop end local.get local.get end");
    expect(run.output).toBe("16\n-7\n");
  });

  it("is there, and takes what it is given", () => {
    const text = '(module (func (export "f") (param i32)) (func (export "g") (param externref)))';
    expect(() => traceText(text)).toThrow("test.wasm: it exports no function _start (it exports f, g: --invoke=f)");
    expect(() => traceText(text, { invoke: "h" })).toThrow("test.wasm: it exports no function h (it exports f, g)");
    expect(() => traceText(text, { invoke: "f" })).toThrow("invoke: f takes 1 numbers (i32), got 0");
    expect(() => traceText(text, { invoke: "f", words: ["1.5"] })).toThrow('invoke: f: expected a whole number (i32), got "1.5"');
    expect(() => traceText(text, { invoke: "g", words: ["1"] })).toThrow(
      "invoke: g: expected a number, but the function takes something else",
    );
  });

  it("is refused where imports are missing, with what can be done", () => {
    const text = '(module (import "env" "a" (func)) (import "env" "memory" (memory 1)) (func (export "_start")))';
    expect(() => traceText(text).error).toThrow("test.wasm: it imports what is not there: env.a, env.memory: compile it for WASI");
  });
});

describe.skipIf(NO_WABT)("exceptions", () => {
  const unwinding = `(module
    (tag $t (param i32)) (tag $u)
    (func $deep (param i32) (result i32)
      (if (i32.eqz (local.get 0)) (then (throw $t (i32.const 42))))
      (call $deep (i32.sub (local.get 0) (i32.const 1))))
    (func (export "main") (result i32) (local i32)
      (try (do (drop (call $deep (i32.const 3)))) (catch $u (nop)) (catch $t (local.set 0)))
      (try (do (nop)) (catch_all (unreachable)))
      (try $o (do (try (do (throw $u)) (delegate $o))) (catch_all (local.set 0 (i32.add (local.get 0) (i32.const 1)))))
      (try (do (try (do (throw $u)) (catch $u (rethrow 0)))) (catch_all))
      (local.get 0)))`;

  it("of the form before try_table unwind frames to their handlers", () => {
    const run = traceText(unwinding, { invoke: "main" });
    expect(run.error).toBeUndefined();
    expect(run.output).toBe("43\n");
    expect(misstep(run.program, run.blocks, handlersOf(run.program))).toBeUndefined();
    const text = run.names.join(" ");
    expect(text).toContain("i32.const throw local.set end");
    expect(text).toContain("try nop catch_all end");
    expect(text).toContain("throw rethrow end");
  });

  it("that nobody catches are one line", () => {
    const run = traceText('(module (tag $t) (func (export "main") (throw $t)))', { invoke: "main" });
    expect(run.error?.message).toBe("test.wasm: the program threw an exception that it does not catch");
    expect(run.names).toEqual(["throw"]);
  });
});

describe.skipIf(NO_WABT)("the end", () => {
  const exits = (body: string): string => `(module
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32))) (memory (export "memory") 1)
    (func (export "_start") ${body}))`;

  it("is the exit code, which no handler catches", () => {
    const run = traceText(exits("(try (do (call $exit (i32.const 7))) (catch_all (nop)))"));
    expect(run.error).toBeUndefined();
    expect(run.exitCode).toBe(7);
    expect(run.names.join(" ")).toBe("try i32.const call");
  });

  it("is where the limit is, for code in a loop, and no handler catches that", () => {
    const run = traceText(exits("(loop $l (try (do (br $l)) (catch_all (br $l))))"), { maxInstructions: 1000 });
    expect(run.error?.message).toBe("test.wasm: stopped after 1000 virtual instructions (raise --max-instructions to let it run longer)");
    expect(run.names.length).toBeGreaterThanOrEqual(1000);
    expect(run.names.length).toBeLessThan(1010);
  });

  it("comes at the limit exactly: one instruction less stops the program", () => {
    const text = exits("(local i32) (loop $l (br_if $l (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const 5000))))");
    const all = traceText(text);
    const before = all.names.length - all.program.blockLength(all.blocks[all.blocks.length - 1]);
    expect(traceText(text, { maxInstructions: before + 1 }).error).toBeUndefined();
    expect(traceText(text, { maxInstructions: before }).error).toBeDefined();
  });
});
