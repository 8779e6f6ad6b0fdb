// Superinstructions made at load time without replication: the bodies of a static basic block in one piece of code, which
// all blocks with the same sequence share.
import type { VirtualProgram } from "../../trace/virtual.ts";
import type { LayoutContext, NativeCode } from "../native-code.ts";
import { concatenated, concatenatedBytes, copiedRuns, loadedBeside, threadedBodies } from "./copied-code.ts";
import { codeOf, inLoadOrder, type Later } from "./load-order.ts";
import { relocates } from "./relocation.ts";

/** A sequence of one body needs no copy. */
export function sharedSequences(
  program: VirtualProgram,
  context: LayoutContext,
  { align, relocatable }: { readonly align: number; readonly relocatable: "measured" | "all" },
): NativeCode {
  const bodies = threadedBodies(program, context, align);
  const known = new Map<string, Later[]>();
  const loader = codeOf((start, end) =>
    copiedRuns(program, start, end, relocates(relocatable)).flatMap((run) => {
      if (!run.copied || run.opcodes.length === 1) return [() => bodies.inPlace(run.start)];
      const sequence = run.opcodes.map((_, i) => program.opcodeAt(run.start + i)).join(" ");
      let code = known.get(sequence);
      if (code === undefined) {
        code = concatenated(run.opcodes, bodies.space.generate(concatenatedBytes(run.opcodes)));
        known.set(sequence, code);
      }
      return code;
    }),
  );
  return loadedBeside(bodies, inLoadOrder(program, loader));
}
