// Tail-call threading without tail-call elimination: every body's function calls the next one and waits for it. The native
// stack grows by a frame for each virtual instruction, and when the last body is done, all of them return, one by one.
import { INDIRECT_CALL } from "../../branch.ts";
import { ownDispatch } from "../layouts/own-dispatch.ts";
import { alignment } from "../layouts/placement.ts";
import { returnTo } from "../layouts/sites.ts";
import { defineTechnique, type NativeInstruction, NEXT } from "../native-code.ts";
import { returningAt, unwinding } from "../views/unwinding.ts";

// load; advance; call *%rax
const CALL = { bytes: 9, instructions: 3, kind: INDIRECT_CALL };
// add $8,%rsp; ret
const RETURNING = { bytesBehind: 5, instructions: 2 };
/** A return address, and padding that keeps the stack aligned to 16 bytes. */
const FRAME_BYTES = 16;

export default defineTechnique({
  title: "Tail calls without elimination",
  description: "every body calls the next one and never returns, until the last one does and all returns follow",
  means: "portable C",
  source:
    "Virtual machine dispatch experiments in Rust (pliniker): the tail calls of debug builds. The tail call of clang 14 (measured) as a call, " +
    "and an epilogue of 2 instructions and 5 bytes (estimated). The stack takes at least 16 bytes per virtual instruction " +
    "(native_stack_bytes in CSV): a run of half a million overflows 8 MiB. Here it never does, and the lab " +
    "keeps one number for each executed block until the returns. Frames of a warm-up are not counted.",
  parameters: { ...alignment },
  view: (program) => unwinding(program, FRAME_BYTES),
  layout(program, { align }, context) {
    const code = ownDispatch(program, context, {
      align,
      conditional: "move",
      merge: () => ({}),
      dispatch: { ...CALL, bytesBehind: RETURNING.bytesBehind },
    });
    /** The remaining code of an instruction after the frame above it has returned: its own return. */
    function returning(address: number): NativeInstruction {
      // the code that entered the first body
      if (address < 0) return { entry: code.entry.after, nativeInstructions: 0, sites: [], code: [] };
      const { sites } = code.at(address);
      const { after, owner } = sites[sites.length - 1];
      const end = after + RETURNING.bytesBehind;
      return {
        entry: after,
        nativeInstructions: RETURNING.instructions,
        sites: [returnTo(end, NEXT, owner)],
        code: [{ start: after, end }],
      };
    }
    return {
      ...code,
      at(address) {
        const frame = returningAt(address);
        return frame === undefined ? code.at(address) : returning(frame);
      },
    };
  },
});
