// A Java program that has run once, and whose blocks are kept: it can be passed on again as Zero would have executed it, whichever of
// its instructions had been rewritten when the trace began.
import { keptBlocks } from "../../trace/kept-blocks.ts";
import type { VirtualRun } from "../../trace/run.ts";
import type { VirtualProgram } from "../../trace/virtual.ts";
import type { StartOptions } from "../guest.ts";
import { checkOutcome, trace } from "./guest.ts";
import { rewrittenByHotspot } from "./hotspot/rewritten-program.ts";
import type { Picture } from "./picture.ts";

export interface KeptRun {
  /** What java gets after its own options: class and words. */
  readonly args: readonly string[];
  /** Runs it, the first time only: the program as its class files have it, and the blocks that were executed. */
  run(): { readonly program: VirtualProgram; readonly blocks: Int32Array };
  /** The method that has an address: "java.util.HashMap.put". */
  methodAt(address: number): string;
  /** The same run on Zero. @param before opcodes that instructions had got before the trace began, by address */
  onZero(before: ReadonlyMap<number, number>): VirtualRun;
}

/** @throws UsageError for options that do not act on Zero; RunError where the run fails */
export function keepRun(path: string, options: StartOptions): KeptRun {
  const { args, program, picture, execute } = trace(path, options, { kept: true });
  const methods: Parameters<Picture["onMethod"]>[] = [];
  picture.onMethod = (...method) => void methods.push(method);
  let kept: Int32Array | undefined;
  function blocks(): Int32Array {
    if (kept !== undefined) return kept;
    kept = keptBlocks((sink) => checkOutcome(path, execute(sink), options.expected));
    return kept;
  }
  return {
    args,
    run: () => ({ program, blocks: blocks() }),
    methodAt(address) {
      const [file, method] = methods.findLast(([, , , base]) => base <= address) ?? [];
      return file === undefined || method === undefined ? "?" : `${file.name.replaceAll("/", ".")}.${method.name}`;
    },
    onZero(before) {
      const executed = blocks();
      const { code, learn } = rewrittenByHotspot(picture, program, "zero", before);
      for (const method of methods) learn(...method);
      return {
        program: code.program,
        run(sink, rewritten = () => {}) {
          code.sink = sink;
          code.rewriting = rewritten;
          code.take(executed, executed.length, -1);
        },
      };
    },
  };
}
