// Runs a module: compiles the rewritten or the original bytes with V8, calls exports, and turns errors into one line.
import { process } from "#platform/process";
import { messageOf, RunError, UsageError } from "../../errors.ts";
import { rewriteModule } from "./assemble.ts";
import { type EngineModule, engine, type Instance, type Memory } from "./engine.ts";
import { featuresOf } from "./features.ts";
import { importsFor } from "./host.ts";
import { type Invocation, invoke } from "./invocation.ts";
import type { Module } from "./module.ts";
import { functionName } from "./names.ts";
import { Picture } from "./picture.ts";
import type { Wasi } from "./wasi/preview1.ts";

/** V8's reason for refusing a module, without its prefix. */
const reasonOf = (error: unknown): string => messageOf(error).replace(/^WebAssembly\.\w+\(\): /, "");

/** Features of a module that this V8 may not support, as far as the module can be read. */
function featuresIn(module: Module): readonly string[] {
  const picture = new Picture();
  try {
    rewriteModule(module, "in-place", picture);
  } catch {
    // features found before the error count
  }
  return featuresOf(picture.used, module.features);
}

/**
 * @param bytes the module's own, or the rewritten ones
 * @throws UsageError in one line if V8 refuses the module, with the features that it may not support
 */
export function compileModule(module: Module, bytes: Uint8Array): EngineModule {
  try {
    return new engine.Module(bytes);
  } catch (error) {
    const missing = featuresIn(module);
    const hint = missing.length === 0 ? "" : `; it uses ${missing.join(", ")}: Node.js 22 has that, and this is ${process.versions.node}`;
    throw new UsageError(`${module.path}: V8 does not take it: ${reasonOf(error)}${hint}`);
  }
}

/** Callbacks of a traced run. */
export interface Tracing {
  /** Called with the new instance, before any of its code runs; returns the start function that it is to call, if any. */
  prepare(instance: Instance): (() => unknown) | undefined;
  /** A trap occurred, at the place that V8 gives. */
  trapped(functionIndex: number, byte: number): void;
  /** Why the run was stopped, if we stopped it. */
  failure(): unknown;
}

export interface Execution {
  /** Runs the program; returns the exit code. @throws RunError when the program fails */
  run(): number;
}

/** A frame of a module's function in a stack of V8's. */
const FRAME = /wasm-function\[(\d+)\]:0x([0-9a-f]+)/;

/**
 * Makes an instance and calls its functions.
 * @param compiled from the rewritten bytes if the run is traced
 * @throws UsageError when imports are missing
 */
export function createExecution(module: Module, compiled: EngineModule, wasi: Wasi, invocation: Invocation, tracing?: Tracing): Execution {
  const { path } = module;
  const imports = importsFor(module, wasi);

  function described(error: unknown): unknown {
    if (error instanceof UsageError || error instanceof RunError) return error;
    if (error instanceof engine.RuntimeError) {
      const [, index, byte] = FRAME.exec(error.stack ?? "") ?? [];
      if (index !== undefined) tracing?.trapped(Number(index), Number.parseInt(byte, 16));
      const where = index === undefined ? "" : ` in ${functionName(module, Number(index))}`;
      return new RunError(`${path}: the program trapped${where}: ${reasonOf(error)}`);
    }
    if (error instanceof RangeError && /call stack/.test(error.message))
      return new RunError(`${path}: the program's calls are nested too deeply for Node.js (node --stack-size=… gives them more)`);
    if (engine.Exception !== undefined && error instanceof engine.Exception)
      return new RunError(`${path}: the program threw an exception that it does not catch`);
    if (error instanceof engine.LinkError) return new UsageError(`${path}: ${reasonOf(error)}`);
    if (error instanceof RangeError) return new RunError(`${path}: V8 has no room for it: ${reasonOf(error)}`);
    return error;
  }

  function start(): void {
    const instance = new engine.Instance(compiled, imports);
    const { memory } = instance.exports;
    if (memory !== undefined) wasi.useMemory(memory as Memory);
    tracing?.prepare(instance)?.();
    invoke(module, instance, invocation);
  }
  return {
    run() {
      try {
        start();
        return 0;
      } catch (error) {
        const failure = tracing?.failure();
        if (failure !== undefined) throw described(failure);
        const exitCode = wasi.exitCode();
        if (exitCode !== undefined) return exitCode;
        throw described(error);
      } finally {
        wasi.close();
      }
    },
  };
}
