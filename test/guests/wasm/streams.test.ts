// Streams of executed instructions: beside wabt's interpreter, and followed step by step.
import { describe, expect, it } from "vitest";
import { misstep } from "./follow.ts";
import { assemble, NO_WABT, trace } from "./modules.ts";
import { difference } from "./oracle.ts";

const PROGRAMS: Readonly<Record<string, string>> = {
  "recursion, if with and without else": `(module
    (func $fib (param i32) (result i32)
      (if (result i32) (i32.lt_u (local.get 0) (i32.const 2))
        (then (local.get 0))
        (else (i32.add (call $fib (i32.sub (local.get 0) (i32.const 1))) (call $fib (i32.sub (local.get 0) (i32.const 2)))))))
    (func (export "main") (result i32) (local i32)
      (if (i32.const 0) (then (local.set 0 (i32.const 7))))
      (if (i32.const 1) (then (local.set 0 (i32.const 8))))
      (call $fib (local.get 0))))`,
  "loops, branches out of blocks and to the function's label": `(module
    (func $f (param i32) (result i32)
      (block $b (loop $l
        (local.set 0 (i32.add (local.get 0) (i32.const 1)))
        (br_if $b (i32.gt_u (local.get 0) (i32.const 6)))
        (nop)
        (br_if $l (i32.and (local.get 0) (i32.const 1)))
        (br $l)))
      (br_if 0 (i32.const 5) (i32.gt_u (local.get 0) (i32.const 100)))
      (drop)
      (br 0 (local.get 0)))
    (func (export "main") (result i32)
      (i32.add (call $f (i32.const 0)) (call $f (i32.const 200)))))`,
  "br_table with each of its cases, and none": `(module
    (func $case (param i32) (result i32)
      (block $c (block $b (block $a
        (br_table $a $b $a $c (local.get 0)))
        (return (i32.const 1)))
        (return (i32.const 2)))
      (block $only (br_table $only (local.get 0)))
      (i32.const 3))
    (func (export "main") (result i32) (local i32)
      (loop $l
        (drop (call $case (local.get 0)))
        (br_if $l (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const 6))))
      (call $case (i32.const -1))))`,
  "indirect calls, tail calls, several results": `(module
    (type $n (func (param i32) (result i32)))
    (table funcref (elem $even $odd))
    (func $even (param i32) (result i32)
      (if (i32.eqz (local.get 0)) (then (return (i32.const 1))))
      (return_call $odd (i32.sub (local.get 0) (i32.const 1))))
    (func $odd (param i32) (result i32)
      (if (i32.eqz (local.get 0)) (then (return (i32.const 0))))
      (return_call_indirect (type $n) (i32.sub (local.get 0) (i32.const 1)) (i32.const 0)))
    (func $two (result i32 i64) (i32.const 9) (i64.const 4))
    (func (export "main") (result i32)
      (call $two) (drop)
      (call_indirect (type $n) (i32.const 0)) (call_indirect (type $n) (i32.const 1))))`,
  "select, memory, globals, numbers of every kind": `(module
    (memory 1) (data (i32.const 4) "abcd")
    (global $g (mut i64) (i64.const 5))
    (func (export "main") (result i32) (local f64)
      (i32.store (i32.const 0) (i32.load8_u (i32.const 5)))
      (global.set $g (i64.add (global.get $g) (i64.extend_i32_u (i32.load (i32.const 0)))))
      (local.set 0 (f64.sqrt (f64.convert_i64_s (global.get $g))))
      (memory.fill (i32.const 100) (i32.const 3) (i32.const 9))
      (memory.copy (i32.const 200) (i32.const 100) (i32.const 9))
      (drop (memory.grow (i32.const 1)))
      (drop (i8x16.extract_lane_u 3 (v128.load (i32.const 200))))
      (select (memory.size) (i32.const -1) (f64.gt (local.get 0) (f64.const 1)))))`,
};

describe.skipIf(NO_WABT)("executed instructions", () => {
  it.each(Object.entries(PROGRAMS))("%s: are those of wabt's interpreter", (_, text) => {
    const bytes = assemble(text);
    expect(difference(trace(bytes, { invoke: "main" }), bytes)).toBeUndefined();
  });

  it.each(Object.entries(PROGRAMS))("%s: each block is a legal successor of the one before, in both forms", (_, text) => {
    for (const form of ["in-place", "side-table"] as const) {
      const { program, blocks, error } = trace(assemble(text), { invoke: "main", form });
      expect(error).toBeUndefined();
      expect(misstep(program, blocks)).toBeUndefined();
    }
  });

  it.each(Object.entries(PROGRAMS))("%s: the side-table form leaves out structure, and nothing else", (_, text) => {
    const bytes = assemble(text);
    const all = trace(bytes, { invoke: "main" });
    const structural = (name: string, i: number): boolean =>
      ["block", "loop"].includes(name) || (name === "end" && all.program.flowAt(all.addresses[i]) !== "return");
    expect(trace(bytes, { invoke: "main", form: "side-table" }).names).toEqual(all.names.filter((name, i) => !structural(name, i)));
  });

  it("in place is what WAMR dispatches: branches land on an end, after a loop, and after an if that is false", () => {
    const bytes = assemble(`(module (func (export "main") (local i32)
      (block $b (br $b) (nop))
      (loop $l (br_if $l (i32.eqz (local.tee 0 (i32.xor (local.get 0) (i32.const 1))))))
      (if (i32.const 0) (then (nop)))
      (if (i32.const 1) (then (nop)) (else (nop)))))`);
    expect(trace(bytes, { invoke: "main" }).names.join(" ")).toBe(
      [
        "block br end",
        "loop local.get i32.const i32.xor local.tee i32.eqz br_if end",
        "i32.const if",
        "i32.const if nop else end",
        "end",
      ].join(" "),
    );
  });
});
