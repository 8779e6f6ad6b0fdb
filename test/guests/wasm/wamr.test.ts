// The form wamr: which of WAMR's bodies each instruction is dispatched to, by the width of its operands and by what it names.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { instructions } from "../../../dist/src/guests/wasm/instructions.js";
import { EFFECT_OF } from "../../../dist/src/guests/wasm/wamr/operand-widths.js";
import { assemble, NO_WABT, trace } from "./modules.ts";

const widths = readFileSync(new URL("../../data/wasm/widths.wasm", import.meta.url));
const main = (body: string, rest = ""): Buffer => assemble(`(module ${rest} (func (export "main") ${body}))`);
const names = (bytes: Uint8Array): readonly string[] => trace(bytes, { invoke: "main", form: "wamr" }).names;

describe("the form wamr", () => {
  it("is the in-place form with names of bodies, and prefixes before what they precede", () => {
    const inPlace = trace(widths, {}).names;
    const wamr = trace(widths, { form: "wamr" }).names;
    const prefixes = wamr.filter((name) => name.startsWith("(prefix"));
    expect(prefixes.length).toBe(inPlace.filter((name) => /^memory\.(fill|copy)$|trunc_sat/.test(name)).length);
    expect(prefixes.length).toBeGreaterThan(100);
    expect(wamr.filter((name) => !name.startsWith("(prefix")).map((name) => name.replace(/ \(.*\)$/, ""))).toEqual(inPlace);
    for (const name of ["drop", "drop (64 bits)", "select (64 bits)", "local.tee (far)", "block (with a type)", "global.get (64 bits)"])
      expect(wamr).toContain(name);
  });

  it("knows what every instruction leaves on the stack, or treats it in a way of its own", () => {
    const own =
      /^(unreachable|block|loop|if|else|end|br|br_if|br_table|return|call|call_indirect|drop|select|select_t|(local|global)\.(get|set|tee))$/;
    const missing =
      /^(v128|[if]\d+x\d+|struct|array|any|extern|i31)\.|^(return_|call_ref|try|catch|throw|rethrow|delegate|br_on)|^ref\.(eq|as|test|cast|i31)/;
    const unknown = instructions.filter(({ name }, opcode) => EFFECT_OF[opcode] === undefined && !own.test(name) && !missing.test(name));
    expect(unknown.map(({ name }) => name)).toEqual([]);
  });

  it.skipIf(NO_WABT).each([
    ["(drop (i64.load32_u (i32.const 0)))", "drop (64 bits)"],
    ["(drop (i64.eq (i64.const 1) (i64.const 2)))", "drop"],
    ["(drop (f64.promote_f32 (f32.const 1)))", "drop (64 bits)"],
    ["(drop (i32.trunc_f64_s (f64.const 1)))", "drop"],
    ["(drop (i64.extend16_s (i64.const 1)))", "drop (64 bits)"],
    ["(drop (f64.sqrt (f64.const 1)))", "drop (64 bits)"],
    ["(drop (i64.atomic.rmw8.add_u (i32.const 0) (i64.const 1)))", "drop (64 bits)"],
    ["(drop (memory.grow (i32.const 0)))", "drop"],
    ["(drop (select (f64.const 1) (f64.const 2) (i32.const 0)))", "select (64 bits)"],
    ["(drop (block (result i64) (br 0 (i64.const 1)) ))", "drop (64 bits)"],
    ["(i64.const 1) (loop (param i64) (drop))", "drop (64 bits)"],
    ["(drop (if (result f64) (i32.const 1) (then (f64.const 1)) (else (unreachable))))", "drop (64 bits)"],
  ])("%s: %s", (body, name) => {
    expect(names(main(body, "(memory 1 1 shared)"))).toContain(name);
  });

  it.skipIf(NO_WABT)(
    "takes the first variable that fits for the stack pointer, where the module says where data ends and heap begins",
    () => {
      const globals = (heap: number): string => `
      (global $pointer (mut i32) (i32.const 1024)) (global $end (export "__data_end") i32 (i32.const 512))
      (global $base (export "__heap_base") i32 (i32.const ${heap})) (global $other (mut i32) (i32.const 1))`;
      const body = "(global.set $pointer (i32.const 1000)) (global.set $other (i32.const 1))";
      expect(names(main(body, globals(1024))).filter((name) => name.startsWith("global"))).toEqual([
        "global.set (stack pointer)",
        "global.set",
      ]);
      // data that ends after the heap begins: no stack pointer is looked for
      expect(names(main(body, globals(256))).filter((name) => name.startsWith("global"))).toEqual(["global.set", "global.set"]);
    },
  );

  it.skipIf(NO_WABT)("refuses in one line what WAMR's classic interpreter does not have", () => {
    expect(() => names(main("(drop (i32x4.splat (i32.const 1)))"))).toThrow(/has no i32x4\.splat: expected another --form$/);
    expect(() => names(main("(return_call $f)", "(func $f)"))).toThrow(/has no return_call/);
  });
});
