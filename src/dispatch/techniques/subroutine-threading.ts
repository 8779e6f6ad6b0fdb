// Subroutine threading: loading a program generates a native call of the body for every virtual instruction, and bodies
// return. Where a virtual instruction transfers control, an indirect jump in the generated code follows its call.
//
//   G(i):  call body(op i)        body:  …            G(branch):  call body(branch)   ; leaves the target in a register
//   G(i+1): call body(op i+1)            ret                      jmp *target
import { CALL, INDIRECT_JUMP, RETURN } from "../../branch.ts";
import { defineTechnique, NEXT, type Site } from "../native-code.ts";
import { INDIRECT_JUMP_BYTES } from "../own-dispatch.ts";
import { alignment, createCodeSpace } from "../placement.ts";

const CALL_BYTES = 5;
// in the body: advance the virtual program counter (4 bytes), return (1 byte)
const BODY = { bytes: 5, instructions: 2 };
// after a call that transfers control: load the target (3 bytes), jump (2 bytes)
const TRANSFER = { bytes: 5, instructions: 2 };
const RETURN_BYTES = 1;

export default defineTechnique({
  title: "Subroutine threading",
  description: "a generated call per virtual instruction; virtual branches leave through a jump in the generated code",
  source:
    "Curley, Life in the FastForth Lane, Forth Dimensions 1993; Berndl, Vitale, Zaleski and Brown, Context Threading, CGO 2005 (citations from memory). " +
    "Calls of 5 bytes, returns of 1 (measured); bodies advance the virtual program counter, because operands stay in the " +
    "virtual code. Virtual control transfers jump after the call (variant B), one site per instance.",
  parameters: { ...alignment },
  layout(program, { align }, context) {
    const space = createCodeSpace(program, context, align, BODY.bytes);
    const shared = space.shared(TRANSFER.bytes);
    const starts = [0x1000_0000];
    /** Generated code stands in load order, so an address is known when everything before it is. */
    const generatedAt = (address: number): number => {
      for (let at = starts.length - 1; at < address; at++) {
        const loaded = program.opcodeAt(at) >= 0;
        starts.push(starts[at] + (loaded ? CALL_BYTES + (program.flowAt(at) === "next" ? 0 : TRANSFER.bytes) : 0));
      }
      return starts[address];
    };
    return {
      entry: {
        address: shared.end - INDIRECT_JUMP_BYTES,
        kind: INDIRECT_JUMP,
        target: NEXT,
        after: shared.end,
        dispatch: true,
        when: "always",
        owner: "entry",
      },
      at(address) {
        const opcode = program.opcodeAt(address);
        const { name, nativeInstructions } = program.opcodes[opcode];
        const body = space.bodyOf(opcode);
        const start = generatedAt(address);
        const after = start + CALL_BYTES;
        const sites: Site[] = [
          { address: start, kind: CALL, target: body.start, after, dispatch: true, when: "always", owner: name },
          { address: body.end - RETURN_BYTES, kind: RETURN, target: after, after: body.end, dispatch: true, when: "always", owner: name },
        ];
        const transfers = program.flowAt(address) !== "next";
        if (transfers) {
          const end = after + TRANSFER.bytes;
          sites.push({
            address: end - INDIRECT_JUMP_BYTES,
            kind: INDIRECT_JUMP,
            target: NEXT,
            after: end,
            dispatch: true,
            when: "always",
            owner: name,
          });
        }
        return {
          entry: start,
          nativeInstructions: nativeInstructions + BODY.instructions + 1 + (transfers ? TRANSFER.instructions : 0),
          sites,
          code: [{ start, end: after }, body],
        };
      },
      pieces: () => space.pieces(),
    };
  },
});
