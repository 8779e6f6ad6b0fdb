// Temporary: what A needs for first runs. B replaces this file.
import type { Primitives, Runtime, Value } from "../value.ts";
import { makeBlock, Custom } from "../value.ts";
import { arrays } from "./arrays.ts";
import { boxedIntegers } from "./boxed-integers.ts";
import { comparison } from "./compare.ts";
import { floats } from "./floats.ts";
import { hashing } from "./hash.ts";
import { integers } from "./integers.ts";
import { createObjectIds, objects } from "./objects.ts";
import { strings } from "./strings.ts";

export function primitives(runtime: Runtime): Primitives {
  const out: number[][] = [[], [], []];
  const flush = (i: number) => {
    const b = Uint8Array.from(out[i]);
    out[i] = [];
    if (i === 1) runtime.host.console.write(b);
    else runtime.host.console.writeError(b);
    return 0;
  };
  const io = {
    caml_ml_open_descriptor_out: (n: number) => new Custom("_chan", n),
    caml_ml_open_descriptor_in: (n: number) => new Custom("_chan", n),
    caml_ml_out_channels_list: () => makeBlock(0, new Custom("_chan", 1), makeBlock(0, new Custom("_chan", 2), 0)),
    caml_ml_flush: (c: Custom) => flush(c.data as number),
    caml_ml_output_char: (c: Custom, x: number) => (out[c.data as number].push(x), 0),
    caml_ml_output: (c: Custom, s: Uint8Array, at: number, n: number) => (out[c.data as number].push(...s.subarray(at, at + n)), 0),
    caml_ml_output_bytes: (c: Custom, s: Uint8Array, at: number, n: number) => (out[c.data as number].push(...s.subarray(at, at + n)), 0),
    caml_register_named_value: (name: Uint8Array, v: Value) => (runtime.named.set(Buffer.from(name).toString("latin1"), v), 0),
    caml_sys_exit: (n: number) => runtime.exit(n),
    caml_sys_get_argv: () => makeBlock(0, new TextEncoder().encode(runtime.words[0])),
    caml_sys_argv: () => makeBlock(0, ...runtime.words.map((w) => new TextEncoder().encode(w))),
    caml_sys_executable_name: () => new TextEncoder().encode("x"),
    caml_sys_get_config: () => makeBlock(0, new TextEncoder().encode("Unix"), 64, 0),
    caml_sys_const_big_endian: () => 0,
    caml_sys_const_word_size: () => 64,
    caml_sys_const_int_size: () => 63,
    caml_sys_const_max_wosize: () => 2 ** 54 - 1,
    caml_sys_const_ostype_unix: () => 1,
    caml_sys_const_ostype_win32: () => 0,
    caml_sys_const_ostype_cygwin: () => 0,
    caml_sys_const_backend_type: () => 1,
    caml_sys_const_naked_pointers_checked: () => 0,
    caml_sys_time: () => makeBlock(0, 0),
  } as unknown as Primitives;
  return { ...integers(runtime), ...strings(runtime), ...arrays(runtime), ...floats(runtime), ...boxedIntegers(runtime), ...comparison(runtime), ...hashing, ...objects(runtime, createObjectIds()), ...io };
}
