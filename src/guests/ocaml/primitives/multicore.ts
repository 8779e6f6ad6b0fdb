// What OCaml 5's standard library asks of its runtime besides: atomic references, lazy values that tasks may share, the one domain
// that there is, mutexes, and its random numbers. Nothing runs beside the program.
import type { Bigarray } from "../runtime/bigarray.ts";
import {
  type Custom,
  Custom as CustomBlock,
  FORCING_TAG,
  FORWARD_TAG,
  fieldOf,
  type HeapBlock,
  isHeapBlock,
  LAZY_TAG,
  makeHeapBlock,
  type Primitives,
  type Runtime,
  setField,
  setTag,
  tagOf,
  type Value,
} from "../value.ts";

const atomics: Primitives = {
  caml_atomic_load: (reference: HeapBlock) => fieldOf(reference, 0),
  caml_atomic_make_contended: (value: Value) => makeHeapBlock(0, value),
  caml_atomic_exchange(reference: HeapBlock, value: Value) {
    const old = fieldOf(reference, 0);
    setField(reference, 0, value);
    return old;
  },
  caml_atomic_cas(reference: HeapBlock, seen: Value, value: Value) {
    if (fieldOf(reference, 0) !== seen) return 0;
    setField(reference, 0, value);
    return 1;
  },
  caml_atomic_fetch_add(reference: HeapBlock, more: number) {
    const old = fieldOf(reference, 0) as number;
    setField(reference, 0, old + more);
    return old;
  },
};

const lazies: Primitives = {
  caml_lazy_update_to_forcing(value: Value) {
    if (!isHeapBlock(value) || tagOf(value) !== LAZY_TAG) return 1;
    setTag(value, FORCING_TAG);
    return 0;
  },
  caml_lazy_update_to_forward(value: HeapBlock) {
    setTag(value, FORWARD_TAG);
    return 0;
  },
  caml_lazy_reset_to_lazy(value: HeapBlock) {
    setTag(value, LAZY_TAG);
    return 0;
  },
  caml_lazy_read_result: (value: Value) => (isHeapBlock(value) && tagOf(value) === FORWARD_TAG ? fieldOf(value, 0) : value),
};

function domains(): Primitives {
  let local: Value = makeHeapBlock(0);
  return {
    caml_domain_dls_get: () => local,
    caml_domain_dls_set(value: Value) {
      local = value;
      return 0;
    },
    caml_domain_dls_compare_and_set(seen: Value, value: Value) {
      if (local !== seen) return 0;
      local = value;
      return 1;
    },
    caml_ml_domain_id: () => 0,
    caml_ml_domain_index: () => 0,
    caml_ml_domain_cpu_relax: () => 0,
    caml_recommended_domain_count: () => 1,
  };
}

/** Whether a mutex is locked. */
interface Lock {
  locked: boolean;
}

function mutexes(runtime: Runtime): Primitives {
  const lockOf = (mutex: Custom): Lock => mutex.data as Lock;
  return {
    caml_ml_mutex_new: () => new CustomBlock("_mutex", { locked: false }),
    caml_ml_mutex_lock(mutex: Custom) {
      const lock = lockOf(mutex);
      if (lock.locked) runtime.raiseWith("Sys_error", "Mutex.lock: Resource deadlock avoided");
      lock.locked = true;
      return 0;
    },
    caml_ml_mutex_try_lock(mutex: Custom) {
      const lock = lockOf(mutex);
      const free = !lock.locked;
      lock.locked = true;
      return free ? 1 : 0;
    },
    caml_ml_mutex_unlock(mutex: Custom) {
      const lock = lockOf(mutex);
      if (!lock.locked) runtime.raiseWith("Sys_error", "Mutex.unlock: Operation not permitted");
      lock.locked = false;
      return 0;
    },
    caml_ml_condition_new: () => new CustomBlock("_condition", undefined),
    caml_ml_condition_signal: () => 0,
    caml_ml_condition_broadcast: () => 0,
  };
}

const rotate = (value: bigint, by: bigint): bigint => BigInt.asUintN(64, value << by) | (value >> (64n - by));

/** The next number of a generator, whose state is four words of 64 bits: G. Steele and S. Vigna, LXM, OOPSLA 2021, L64X128. */
function lxmNext(state: Custom): Value {
  const words = (state.data as Bigarray).elements as BigInt64Array;
  const [a, s, x0, x1] = Array.from({ length: 4 }, (_, i) => BigInt.asUintN(64, words[i]));
  let mixed = BigInt.asUintN(64, s + x0);
  for (let round = 0; round < 2; round++) mixed = BigInt.asUintN(64, (mixed ^ (mixed >> 32n)) * 0xdaba0b6eb09322e3n);
  mixed ^= mixed >> 32n;
  const crossed = x1 ^ x0;
  words[1] = BigInt.asIntN(64, s * 0xd1342543de82ef95n + a);
  words[2] = BigInt.asIntN(64, rotate(x0, 24n) ^ crossed ^ BigInt.asUintN(64, crossed << 16n));
  words[3] = BigInt.asIntN(64, rotate(crossed, 37n));
  return new CustomBlock("_j", BigInt.asIntN(64, mixed));
}

/** OCaml 5 has other names for some primitives of 4. */
const RENAMED = {
  caml_array_make: "caml_make_vect",
  caml_array_create_float: "caml_make_float_vect",
  caml_array_of_uniform_array: "caml_make_array",
  caml_uniform_array_make: "caml_make_vect",
  caml_uniform_array_sub: "caml_array_sub",
  caml_uniform_array_append: "caml_array_append",
  caml_uniform_array_blit: "caml_array_blit",
  caml_uniform_array_fill: "caml_array_fill",
  caml_floatarray_make: "caml_make_vect",
  caml_floatarray_sub: "caml_array_sub",
  caml_floatarray_append: "caml_array_append",
  caml_floatarray_fill: "caml_array_fill",
  caml_md5_bytes: "caml_md5_string",
} as const;

/** Those of them whose older primitive there is. */
export const renamed = (known: Primitives): Primitives =>
  Object.fromEntries(Object.entries(RENAMED).flatMap(([name, older]) => (older in known ? [[name, known[older]]] : [])));

export const multicore = (runtime: Runtime): Primitives => ({
  ...atomics,
  ...lazies,
  ...domains(),
  ...mutexes(runtime),
  caml_lxm_next: lxmNext,
  caml_zstd_initialize: () => 0,
  caml_obj_is_shared: () => 0,
  caml_ml_is_binary_mode: () => 1,
  caml_ml_runtime_events_are_active: () => 0,
});
