// Damaged modules: cut short, bytes changed, parts put elsewhere, instructions exchanged for others. Whatever comes is run or
// refused in one line, in time; and where V8 takes it, tracing it changes nothing but that its blocks are counted, rightly.
import fc from "fast-check";
import { expect } from "vitest";
import { RunError, UsageError } from "../../../dist/src/errors.js";
import type { Form } from "../../../dist/src/guests/wasm/forms.js";
import { readModule } from "../../../dist/src/guests/wasm/read-module.js";
import { runUntraced } from "../../../dist/src/guests/wasm/untraced.js";
import { handlersOf, misstep } from "./follow.ts";
import { assemble, type Damaged, NO_WABT, quietWorld, trace } from "./modules.ts";

const MOST_MILLISECONDS = 5000;
const MOST_INSTRUCTIONS = 30_000;
const WASI = "wasi_snapshot_preview1";

const CONTROL = `(module
  (import "${WASI}" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "${WASI}" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1 3) (data (i32.const 0) "\\08\\00\\00\\00\\04\\00\\00\\00ok!\\0a")
  (type $n (func (param i32) (result i32))) (table 4 funcref) (elem (i32.const 0) $even $odd $case)
  (global $g (mut i32) (i32.const 3))
  (func $start (global.set $g (i32.const 5)))
  (start $start)
  (func $even (type $n) (if (result i32) (i32.eqz (local.get 0)) (then (i32.const 1)) (else (call $odd (i32.sub (local.get 0) (i32.const 1))))))
  (func $odd (type $n) (if (i32.eqz (local.get 0)) (then (return (i32.const 0))))
    (return_call_indirect (type $n) (i32.sub (local.get 0) (i32.const 1)) (i32.const 0)))
  (func $case (type $n) (block $c (block $b (block $a (br_table $a $b $c (local.get 0))) (return (i32.const 1))) (return (i32.const 2))) (i32.const 3))
  (func (export "_start") (local i32 i64)
    (loop $l
      (local.set 1 (i64.add (local.get 1) (i64.extend_i32_u (call_indirect (type $n) (local.get 0) (i32.and (local.get 0) (i32.const 3))))))
      (br_if $l (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (global.get $g))))
    (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 16)))
    (block (br_if 0 (i64.eqz (local.get 1))) (call $exit (i32.wrap_i64 (local.get 1))))))`;

const DATA = `(module
  (memory (export "memory") 1) (table $t 3 funcref) (elem $e func $f) (data $d "abcdefgh")
  (tag $x (param i32))
  (func $f (param i32) (result i32 i32) (local.get 0) (i32.const 2))
  (func $throws (param i32) (if (local.get 0) (then (throw $x (local.get 0)))))
  (func (export "_start") (local i32 f64 v128)
    (memory.init $d (i32.const 8) (i32.const 0) (i32.const 8)) (data.drop $d)
    (table.init $t $e (i32.const 0) (i32.const 0) (i32.const 1))
    (memory.copy (i32.const 32) (i32.const 8) (i32.const 8)) (memory.fill (i32.const 64) (i32.const 7) (i32.const 16))
    (local.set 2 (i32x4.add (v128.load (i32.const 32)) (i32x4.splat (i32.const 5))))
    (local.set 1 (f64.mul (f64.convert_i32_s (i32x4.extract_lane 1 (local.get 2))) (f64.const 1.25)))
    (loop $l
      (try (do (call $throws (i32.and (local.get 0) (i32.const 1)))) (catch $x (drop)) (catch_all (nop)))
      (br_if $l (i32.lt_s (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const 9))))
    (drop (memory.grow (i32.const 1))) (drop (select (memory.size) (i32.trunc_f64_s (local.get 1)) (local.get 0)))
    (drop (ref.is_null (table.get $t (i32.const 1))))
    (block (result i32 i32) (call $f (i32.const 1))) (drop) (drop)
    (drop (i32.atomic.rmw.add (i32.const 4) (i32.const 1)))))`;

/** What cases are made of. */
export const SEEDS: readonly Buffer[] = NO_WABT ? [] : [assemble(CONTROL), assemble(DATA)];

type Damage = (bytes: Buffer) => Buffer;
const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

const cut = share.map(
  (part): Damage =>
    (bytes) =>
      bytes.subarray(0, Math.floor(part * bytes.length)),
);
const changed =
  (changes: readonly (readonly [number, number])[]): Damage =>
  (bytes) => {
    const copy = Buffer.from(bytes);
    for (const [part, value] of changes) copy[Math.floor(part * copy.length)] = value;
    return copy;
  };
const change = fc.array(fc.tuple(share, fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 8 }).map(changed);
const slight = fc.array(fc.tuple(share, fc.constantFrom(0, 1, 2, 3, 4, 0x7f, 0x80, 0xff)), { minLength: 1, maxLength: 2 }).map(changed);
/** An instruction on numbers becomes another one: such modules are often still valid. */
const exchange = fc.array(fc.tuple(share, share), { minLength: 1, maxLength: 4 }).map(
  (changes): Damage =>
    (bytes) => {
      const places = [...bytes.keys()].filter((at) => bytes[at] >= 0x20 && bytes[at] <= 0xc4);
      const copy = Buffer.from(bytes);
      for (const [part, other] of changes) {
        const at = places[Math.floor(part * places.length)];
        copy[at] = bytes[at] ^ (1 << Math.floor(other * 5));
      }
      return copy;
    },
);
const move = fc.tuple(share, share, fc.integer({ min: 1, max: 32 })).map(
  ([from, to, count]): Damage =>
    (bytes) => {
      const copy = Buffer.from(bytes);
      bytes.copy(copy, Math.floor(to * bytes.length), Math.floor(from * bytes.length), Math.floor(from * bytes.length) + count);
      return copy;
    },
);
const twice = fc.tuple(share, fc.integer({ min: 1, max: 16 })).map(
  ([part, count]): Damage =>
    (bytes) => {
      const at = Math.floor(part * bytes.length);
      return Buffer.concat([bytes.subarray(0, at + count), bytes.subarray(at)]);
    },
);

/** What a run of V8 alone comes to. */
function plainly(bytes: Buffer): Damaged {
  let output = "";
  const world = quietWorld((text) => {
    output += text;
  });
  try {
    const exitCode = runUntraced(readModule("test.wasm", bytes), world, { print: () => {} }, () => {});
    return { output, exitCode, error: undefined };
  } catch (error) {
    return { output, exitCode: undefined, error: (error as Error).message };
  }
}

/** Runs a damaged module in a form; says whether V8 took it. */
function checkForm(bytes: Buffer, form: Form): boolean {
  const valid = (globalThis as unknown as { WebAssembly: { validate(bytes: Uint8Array): boolean } }).WebAssembly.validate(bytes);
  let run: ReturnType<typeof trace>;
  try {
    run = trace(bytes, { form, maxInstructions: MOST_INSTRUCTIONS });
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    expect(error.message).toMatch(/^test\.wasm: .+$/);
    if (valid)
      expect(error.message).toMatch(/it exports no function _start|it imports what is not there|WAMR's classic interpreter .* has no/);
    return valid;
  }
  expect(valid).toBe(true);
  if (run.error !== undefined) {
    if (!(run.error instanceof UsageError || run.error instanceof RunError)) throw run.error;
    expect(run.error.message).toMatch(/^test\.wasm: .+$/);
  }
  // a stack that overflows does so elsewhere in code with probes
  const message = run.error?.message;
  if (message !== undefined && /stopped after|nested too deeply/.test(message)) return true;
  expect(misstep(run.program, run.blocks, handlersOf(run.program))).toBeUndefined();
  expect({ output: run.output, exitCode: run.exitCode, error: message }).toEqual(plainly(bytes));
  return true;
}
function check(bytes: Buffer): boolean {
  const valid = checkForm(bytes, "in-place");
  return checkForm(bytes, "wamr") && valid;
}

/** Runs damaged modules; returns how many of them V8 took. */
export function runHostileModules(bytes: Buffer, cases: number, seed: number): number {
  let valid = 0;
  fc.assert(
    fc.property(fc.oneof(cut, change, slight, slight, exchange, exchange, exchange, move, twice), (damage) => {
      const damaged = damage(bytes);
      const start = process.cpuUsage();
      if (check(damaged)) valid++;
      expect(process.cpuUsage(start).user / 1000).toBeLessThan(MOST_MILLISECONDS);
    }),
    { numRuns: cases, seed },
  );
  return valid;
}
