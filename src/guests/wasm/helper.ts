// The small module that rewritten code calls with numbers of blocks: it stores them in its own memory, and calls `drain` when that is
// full. Its code, written below as bytes:
//
//   (module
//     (import "" "drain" (func (result i32)))
//     (memory (export "memory") PAGES)
//     (global $at (export "at") (mut i32) (i32.const 0))          where the next number goes
//     (global $end (export "end") (mut i32) (i32.const 0))        where there is no more room
//     (func (export "push") (param i32)
//       (i32.store (global.get $at) (local.get 0))
//       (global.set $at (i32.add (global.get $at) (i32.const 4)))
//       (if (i32.ge_u (global.get $at) (global.get $end)) (then (if (call 0) (then (unreachable))))))
//     (func (export "replace") (param i32)
//       (i32.store (i32.sub (global.get $at) (i32.const 4)) (local.get 0)))
//     (func (export "stop") (unreachable)))
//
// `unreachable` ends a run for good: unlike an exception, a trap cannot be caught by the module's code.

import { type Counter, engine, type Memory } from "./engine.ts";

/** Capacity in numbers. */
export const RING = 1 << 15;
const PAGES = (4 * RING) / 65_536;

const section = (id: number, ...body: number[]): number[] => [id, body.length, ...body];
const name = (text: string): number[] => [text.length, ...Buffer.from(text)];
const body = (...code: number[]): number[] => [code.length + 2, 0, ...code, 0x0b];

const I32 = 0x7f;
const AT = [0x23, 0];
const END = [0x23, 1];
const NUMBER = [0x20, 0];
const FOUR = [0x41, 4];
const STORE = [0x36, 2, 0];

// biome-ignore format: a module, section by section
const BYTES = Uint8Array.from([
  0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
  ...section(1, 3, 0x60, 0, 1, I32, 0x60, 1, I32, 0, 0x60, 0, 0),
  ...section(2, 1, ...name(""), ...name("drain"), 0, 0),
  ...section(3, 3, 1, 1, 2),
  ...section(5, 1, 0, PAGES),
  ...section(6, 2, I32, 1, 0x41, 0, 0x0b, I32, 1, 0x41, 0, 0x0b),
  ...section(7, 6, ...name("memory"), 2, 0, ...name("at"), 3, 0, ...name("end"), 3, 1, ...name("push"), 0, 1, ...name("replace"), 0, 2, ...name("stop"), 0, 3),
  ...section(10, 3,
    ...body(...AT, ...NUMBER, ...STORE, ...AT, ...FOUR, 0x6a, 0x24, 0, ...AT, ...END, 0x4f, 0x04, 0x40, 0x10, 0, 0x04, 0x40, 0x00, 0x0b, 0x0b),
    ...body(...AT, ...FOUR, 0x6b, ...NUMBER, ...STORE),
    ...body(0x00),
  ),
]);

/** An instance of it. */
export interface Helper {
  readonly memory: Memory;
  readonly at: Counter;
  readonly end: Counter;
  readonly push: unknown;
  readonly replace: unknown;
  /** Traps. */
  stop(): void;
}

/** @param drain removes the numbers; returns 1 if the run must stop, otherwise 0 */
export function createHelper(drain: () => number): Helper {
  const instance = new engine.Instance(new engine.Module(BYTES), { "": { drain } });
  return instance.exports as unknown as Helper;
}
