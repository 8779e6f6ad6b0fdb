// A module that V8 runs as it is. Its clock stands still: nobody counts instructions.
import { compileModule, createExecution } from "./execution.ts";
import { createHelper } from "./helper.ts";
import { checkInvocation, type Invocation } from "./invocation.ts";
import type { Module } from "./module.ts";
import { createWasi } from "./wasi/preview1.ts";
import { createClock, type World } from "./wasi/world.ts";

/**
 * Returns the exit code.
 * @throws UsageError where V8 does not take the module, or it does not have what is to be called
 * @throws RunError when the program fails
 */
export function runUntraced(module: Module, world: World, invocation: Invocation, say: (what: string) => void): number {
  const compiled = compileModule(module, module.bytes);
  checkInvocation(module, invocation);
  const { stop } = createHelper(() => 0);
  const wasi = createWasi(
    world,
    createClock(() => 0),
    stop,
    say,
  );
  return createExecution(module, compiled, wasi, invocation).run();
}
