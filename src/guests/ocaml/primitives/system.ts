// What Sys offers: files and folders by name, the environment, constants of the machine. Clocks and seeds are the same in
// every run.

import { mkdirSync, readdirSync, renameSync, rmdirSync, statSync, unlinkSync } from "#platform/fs";
import { process } from "#platform/process";
import { RunError } from "../../../errors.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Descriptors } from "../runtime/descriptors.ts";
import { listToArray } from "../runtime/lists.ts";
import { attempt } from "../runtime/system-errors.ts";
import { fromHost, toHost } from "../runtime/text.ts";
import { Float, type Integer, makeHeapBlock, type Primitives, type Runtime, toInteger, type Value } from "../value.ts";

/** The constructor Bytecode of Sys.backend_type. */
const BYTECODE = 1;

function files(runtime: Runtime, descriptors: Descriptors): Primitives {
  const { surroundings } = runtime.host;
  const reads = (name: Uint8Array): Buffer => {
    surroundings?.reads(toHost(name));
    return Buffer.from(name);
  };
  const changes = (name: Uint8Array): Buffer => {
    surroundings?.changes(toHost(name));
    return Buffer.from(name);
  };
  function doing(name: Uint8Array | undefined, action: () => void): Value {
    attempt(runtime, name, action);
    return 0;
  }
  return {
    caml_sys_open: (name: Uint8Array, flags: Value, permissions: number) =>
      attempt(runtime, name, () => descriptors.open(name, listToArray(flags) as number[], permissions)),
    caml_sys_close: (descriptor: number) => doing(undefined, () => descriptors.close(descriptor)),
    caml_sys_file_exists: (name: Uint8Array) =>
      !name.includes(0) && statSync(reads(name), { throwIfNoEntry: false }) !== undefined ? 1 : 0,
    caml_sys_is_directory: (name: Uint8Array) => attempt(runtime, name, () => (statSync(reads(name)).isDirectory() ? 1 : 0)),
    caml_sys_remove: (name: Uint8Array) => doing(name, () => unlinkSync(changes(name))),
    caml_sys_rename: (from: Uint8Array, to: Uint8Array) => doing(undefined, () => renameSync(changes(from), changes(to))),
    caml_sys_mkdir: (name: Uint8Array, permissions: number) => doing(name, () => mkdirSync(changes(name), permissions)),
    caml_sys_rmdir: (name: Uint8Array) => doing(name, () => rmdirSync(changes(name))),
    caml_sys_read_directory(name: Uint8Array) {
      const names = attempt(runtime, name, () => readdirSync(reads(name), { encoding: "buffer" }));
      // The order of the operating system is not the same everywhere.
      return makeHeapBlock(0, ...names.sort(Buffer.compare).map((entry) => new Uint8Array(entry)));
    },
    caml_sys_getcwd() {
      surroundings?.located();
      return fromHost(process.cwd());
    },
  };
}

function refused(name: string, why: string): () => never {
  return () => {
    throw new RunError(`the program calls ${name}: the OCaml guest ${why}`);
  };
}

function constants(): Primitives {
  let seeds = 0;
  return {
    caml_sys_get_config: () => makeHeapBlock(0, fromHost("Unix"), 64, 0),
    caml_sys_const_big_endian: () => 0,
    caml_sys_const_word_size: () => 64,
    caml_sys_const_int_size: () => 63,
    caml_sys_const_max_wosize: () => toInteger((1n << 54n) - 1n),
    caml_sys_const_ostype_unix: () => 1,
    caml_sys_const_ostype_win32: () => 0,
    caml_sys_const_ostype_cygwin: () => 0,
    caml_sys_const_backend_type: () => BYTECODE,
    caml_sys_const_naked_pointers_checked: () => 0,
    caml_runtime_variant: () => new Uint8Array(),
    // Programs are never told that this is a terminal, even if it is one.
    caml_sys_isatty: () => 0,
    // The same seeds in every run: 0, then 1, …
    caml_sys_random_seed: () => makeHeapBlock(0, seeds++),
  };
}

export function system(runtime: Runtime, descriptors: Descriptors, clock: Clock): Primitives {
  let words = makeHeapBlock(0, ...runtime.words.map(fromHost));
  let warnings: Value = 0;
  const handlers = new Map<Integer, Value>();
  const executable = (): Uint8Array => fromHost(runtime.words[0] ?? "");
  const time = (): Value => new Float(clock.look());
  function getenv(name: Uint8Array): Value {
    const value = runtime.host.environment[toHost(name)];
    return value === undefined ? runtime.raise("Not_found") : fromHost(value);
  }
  return {
    ...files(runtime, descriptors),
    ...constants(),
    caml_sys_argv: () => words,
    caml_sys_get_argv: () => makeHeapBlock(0, executable(), words),
    caml_sys_modify_argv(value: typeof words) {
      words = value;
      return 0;
    },
    caml_sys_executable_name: executable,
    caml_sys_getenv: getenv,
    caml_sys_unsafe_getenv: getenv,
    caml_sys_exit: (code: Integer) => runtime.exit(Number(BigInt.asUintN(8, BigInt(code)))),
    caml_sys_time: time,
    caml_sys_time_include_children: time,
    caml_sys_chdir: refused("Sys.chdir", "stays in its folder"),
    caml_sys_system_command: refused("Sys.command", "runs no commands"),
    // Signals never come.
    caml_install_signal_handler(signal: Integer, handler: Value) {
      const before = handlers.get(signal) ?? 0;
      handlers.set(signal, handler);
      return before;
    },
    caml_register_named_value(name: Uint8Array, value: Value) {
      runtime.named.set(toHost(name), value);
      return 0;
    },
    caml_get_global_data: () => runtime.globals,
    // only programs that C embeds (-output-obj) have it; others look for sections in their own file, as they do here
    caml_get_section_table: () => runtime.raise("Not_found"),
    caml_ml_enable_runtime_warnings(flag: Value) {
      warnings = flag;
      return 0;
    },
    caml_ml_runtime_warnings_enabled: () => warnings,
  };
}
