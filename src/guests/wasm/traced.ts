// A module that is traced while it runs: rewritten, compiled, its blocks handed on as they come.
import type { VirtualRun } from "../../trace/run.ts";
import { rewriteModule } from "./assemble.ts";
import { engine, type Instance, type Table } from "./engine.ts";
import { ExecutedBlocks } from "./executed-blocks.ts";
import { compileModule, createExecution } from "./execution.ts";
import type { Form } from "./forms.ts";
import { checkInvocation, type Invocation } from "./invocation.ts";
import type { Module } from "./module.ts";
import { Picture } from "./picture.ts";
import { virtualProgram } from "./program.ts";
import { createWasi } from "./wasi/preview1.ts";
import { createClock, type World } from "./wasi/world.ts";

export interface TraceOptions {
  readonly form: Form;
  /** Virtual instructions after which the run ends with an error. */
  readonly maxInstructions: number;
  readonly world: World;
  readonly invocation: Invocation;
  /** Takes messages for the user who runs the module. */
  say(what: string): void;
}

export interface TracedProgram extends VirtualRun {
  /** Runs it; returns its exit code. */
  execute(sink: Parameters<VirtualRun["run"]>[0]): number;
}

/** @throws UsageError where V8 does not take the module, or it does not have what is to be called */
export function traceModule(module: Module, { form, maxInstructions, world, invocation, say }: TraceOptions): TracedProgram {
  // what V8 takes is what it says it is; what it does not, the decoder may know more about
  const valid = engine.validate(module.bytes);
  const picture = new Picture();
  const rewritten = rewriteModule(module, form, picture);
  if (!valid) compileModule(module, module.bytes);
  checkInvocation(module, invocation);
  const compiled = compileModule(module, rewritten.bytes);
  const blocks = new ExecutedBlocks(picture, module.path, maxInstructions);
  const wasi = createWasi(
    world,
    createClock(() => blocks.executed()),
    () => blocks.helper.stop(),
    say,
  );
  const execution = createExecution(module, compiled, wasi, invocation, {
    prepare({ exports }: Instance) {
      const table = exports[rewritten.tableExport] as Table;
      table.set(0, blocks.helper.push);
      table.set(1, blocks.helper.replace);
      return rewritten.startExport === undefined ? undefined : (exports[rewritten.startExport] as () => unknown);
    },
    trapped(functionIndex, byte) {
      const address = functionIndex < module.importedFunctions ? -1 : rewritten.addressOf(functionIndex - module.importedFunctions, byte);
      if (address >= 0) blocks.cutAfter(address);
    },
    failure: () => blocks.failure,
  });
  function execute(sink: Parameters<VirtualRun["run"]>[0]): number {
    blocks.sink = sink;
    try {
      return execution.run();
    } finally {
      if (blocks.failure === undefined) blocks.finish();
    }
  }
  return {
    program: virtualProgram(picture, form),
    execute,
    run: (sink) => void execute(sink),
  };
}
