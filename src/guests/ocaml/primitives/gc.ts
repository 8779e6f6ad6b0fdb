// The collector and backtraces. Memory is managed by the host: nothing is counted, nothing collected, no finaliser called, no
// backtrace kept.

import { toBytes } from "../runtime/text.ts";
import {
  DOUBLE_TAG,
  EMPTY_ARRAY,
  Float,
  FORWARD_TAG,
  fieldOf,
  type Integer,
  isInteger,
  LAZY_TAG,
  makeHeapBlock,
  type Primitives,
  type Runtime,
  type Value,
} from "../value.ts";
import { tagOfValue } from "./objects.ts";

/** Gc.control as Debian's OCaml 4.13 starts with it. */
const CONTROL: readonly Value[] = [262144, 15, 120, 0, 500, 1048576, 2, 1, 44, 100, 8192];
/** Whole numbers of Gc.stat, after its three floats. */
const COUNTS = 14;

const nothing = (): Value => 0;

function statistics(): Value {
  return makeHeapBlock(0, new Float(0), new Float(0), new Float(0), ...new Array<Value>(COUNTS).fill(0));
}

const collection: Primitives = {
  caml_gc_stat: statistics,
  caml_gc_quick_stat: statistics,
  caml_gc_counters: () => makeHeapBlock(0, new Float(0), new Float(0), new Float(0)),
  caml_gc_minor_words: () => new Float(0),
  caml_gc_minor: nothing,
  caml_gc_major: nothing,
  caml_gc_major_slice: nothing,
  caml_gc_full_major: nothing,
  caml_gc_compaction: nothing,
  caml_get_minor_free: nothing,
  caml_get_major_bucket: nothing,
  caml_get_major_credit: nothing,
  caml_gc_huge_fallback_count: nothing,
  caml_eventlog_pause: nothing,
  caml_eventlog_resume: nothing,
  caml_final_release: nothing,
  caml_reset_afl_instrumentation: nothing,
};

function backtraces(runtime: Runtime): Primitives {
  let recorded: Value = 0;
  const empty = (): Value => EMPTY_ARRAY;
  return {
    caml_record_backtrace(flag: Value) {
      recorded = flag;
      return 0;
    },
    caml_backtrace_status: () => recorded,
    caml_ml_debug_info_status: nothing,
    caml_get_exception_backtrace: nothing,
    caml_get_exception_raw_backtrace: empty,
    caml_get_current_callstack: empty,
    caml_convert_raw_backtrace: empty,
    caml_convert_raw_backtrace_slot: () => runtime.raiseWith("Failure", "No debug information available"),
    caml_restore_raw_backtrace: nothing,
    caml_raw_backtrace_length: nothing,
    caml_raw_backtrace_slot: (_backtrace: Value, _index: Integer) =>
      runtime.raiseWith("Invalid_argument", "Printexc.get_raw_backtrace_slot: index out of bounds"),
    caml_raw_backtrace_next_slot: nothing,
  };
}

/** Letters of OCAMLRUNPARAM, and where Gc.control has their values; what it does not have is 0. */
const PARAMETERS: readonly (readonly [letter: string, field?: number])[] = [
  ["a", 6],
  ["b"],
  ["H"],
  ["i", 1],
  ["l", 5],
  ["o", 2],
  ["O", 4],
  ["p"],
  ["s", 0],
  ["t"],
  ["v", 3],
  ["w", 7],
  ["W"],
];

export function collector(runtime: Runtime): Primitives {
  let control = makeHeapBlock(0, ...CONTROL);
  /** Only blocks that nothing shares or replaces may have finalisers. */
  function register(_finaliser: Value, value: Value): Value {
    if (isInteger(value) || [LAZY_TAG, FORWARD_TAG, DOUBLE_TAG].includes(tagOfValue(value))) {
      runtime.raiseWith("Invalid_argument", "Gc.finalise");
    }
    return 0;
  }
  return {
    ...collection,
    ...backtraces(runtime),
    caml_final_register: register,
    caml_final_register_called_without_value: register,
    caml_runtime_parameters: () =>
      toBytes(PARAMETERS.map(([letter, field]) => `${letter}=${field === undefined ? 0 : fieldOf(control, field)}`).join()),
    caml_gc_get: () => makeHeapBlock(0, ...control.slice(1).map((value) => value as Value)),
    caml_gc_set(settings: typeof control) {
      control = settings.slice();
      return 0;
    },
  };
}
