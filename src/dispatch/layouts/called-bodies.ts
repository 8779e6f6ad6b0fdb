// Subroutine threading and its variants. Loading a program generates a native call for every virtual instruction; bodies are
// functions, and return.
//
//   G(i):    call body(op i)         body:  work; advance the virtual program counter; ret
//   G(i+1):  work of op i+1          ← a tiny body, inlined
//   G(i+2):  call body(branch)       ← a virtual branch: the body leaves the target in a register,
//            jmp *target               and a jump after the call goes there
//
// With branches and calls inlined, generated code does them itself: a virtual conditional becomes a native one, a goto a
// jump, a virtual call a native call, and a virtual return a native return.
import { CONDITIONAL, INDIRECT_CALL } from "../../branch.ts";
import type { Flow, VirtualProgram } from "../../trace/virtual.ts";
import { type LayoutContext, type NativeCode, NEXT, type Place, type Site } from "../native-code.ts";
import { loadedBeside } from "./copied-code.ts";
import { fallsThrough } from "./load-order.ts";
import { createCodeSpace } from "./placement.ts";
import { relocates } from "./relocation.ts";
import { BYTES, call, dispatchJump, instructionOf, jump, returnTo, siteOf } from "./sites.ts";
import { straightCode, type Unplaced } from "./straight-code.ts";

// the end of a body: add $8,%vpc (4 bytes); ret
const RETURNING = { bytes: 5, instructions: 2 };
// the end of a branch body that leaves by itself: load the target (3 bytes); add $8,%rsp drops the return address (4); jmp *target
const LEAVING = { bytes: 9, instructions: 3 };
// after a call in generated code: load the target (3 bytes); jmp *target or call *target
const TRANSFER = { bytes: 5, instructions: 2 };
/** Advancing the virtual program counter, which inlined bodies still do, because operands stay in the virtual code. */
const ADVANCE = { bytes: 4, instructions: 1 };
const placeOf = ({ start, end }: Place): Place => ({ start, end });
const NO_TAIL = { bytes: 0, instructions: 0 };

export interface CalledBodiesOptions {
  readonly align: number;
  readonly relocatable: "measured" | "all";
  /** Where virtual transfers of control jump: after their call in generated code, or at the end of the branch's body. */
  readonly leave: "generated" | "body";
  /** Bodies whose work takes at most this many bytes are inlined. */
  readonly tiny: number;
  /** Virtual jumps and conditionals become native ones. */
  readonly inlineBranches: boolean;
  /** Virtual calls and returns become native ones. */
  readonly inlineCalls: boolean;
}

/** A native branch in generated code: its bytes, instructions, and its site if it ends at `end`. */
interface NativeTransfer {
  readonly bytes: number;
  readonly instructions: number;
  siteAt(end: number, owner: string, virtualTarget: number): Site;
}

export function calledBodies(program: VirtualProgram, context: LayoutContext, options: CalledBodiesOptions): NativeCode {
  const { align, relocatable, leave, tiny, inlineBranches, inlineCalls } = options;
  const mayCopy = relocates(relocatable);
  const leavesByItself = (opcode: number): boolean => leave === "body" && program.opcodes[opcode].flow !== "next";
  const space = createCodeSpace(program, context, align, (opcode) => (leavesByItself(opcode) ? LEAVING : RETURNING).bytes);
  const entryPlace = space.shared(TRANSFER.bytes);
  const indirectCall = (end: number, owner: string): Site =>
    siteOf(INDIRECT_CALL, end - BYTES.indirectJump, NEXT, end, true, "always", owner);
  const entry = dispatchJump(entryPlace.end, "entry");

  /** The native branch that replaces a virtual transfer in generated code. @param targeted whether it has a static target */
  function inlined(flow: Flow, targeted: boolean): NativeTransfer | undefined {
    if (inlineBranches && targeted && flow === "conditional") {
      const { conditional: bytes } = BYTES;
      return {
        bytes,
        instructions: 1,
        siteAt: (end, owner, virtualTarget) => siteOf(CONDITIONAL, end - bytes, NEXT, end, true, "taken", owner, virtualTarget),
      };
    }
    if (inlineBranches && targeted && flow === "jump") {
      return {
        bytes: BYTES.jump,
        instructions: 1,
        siteAt: (end, owner, virtualTarget) => jump(end - BYTES.jump, NEXT, owner, virtualTarget, true),
      };
    }
    if (!inlineCalls) return undefined;
    if (flow === "call" && targeted) {
      return {
        bytes: BYTES.call,
        instructions: 1,
        siteAt: (end, owner, virtualTarget) => call(end - BYTES.call, NEXT, owner, virtualTarget),
      };
    }
    if (flow === "call" || flow === "indirect-call")
      return { bytes: TRANSFER.bytes, instructions: TRANSFER.instructions, siteAt: indirectCall };
    if (flow === "return") {
      return { bytes: BYTES.return, instructions: 1, siteAt: (end, owner) => returnTo(end, NEXT, owner, true) };
    }
    return undefined;
  }

  function newCode(opcode: number, flow: Flow, targeted: boolean): Unplaced {
    const facts = program.opcodes[opcode];
    const { name } = facts;
    const transfers = flow !== "next";
    const native = inlined(flow, targeted);
    const copied = mayCopy(facts) && (native !== undefined || facts.bodyBytes <= tiny);
    const byItself = !copied && native === undefined && leavesByItself(opcode);
    // generated code after the work of the instruction
    const { bytes, instructions } = transfers && !byItself ? TRANSFER : NO_TAIL;
    const tail: NativeTransfer = native ?? { bytes, instructions, siteAt: (end, owner) => dispatchJump(end, owner) };
    const added = copied ? ADVANCE.instructions : 1 + (byItself ? LEAVING : RETURNING).instructions;
    const jumpsAlways = native === undefined && transfers;
    const executed = facts.nativeInstructions + tail.instructions + added;
    let body: Place | undefined;
    return {
      runsOn: fallsThrough(flow) && !jumpsAlways,
      bytes: (copied ? facts.bodyBytes + ADVANCE.bytes : BYTES.call) + tail.bytes,
      at(place, _, virtualTarget) {
        const leaving = tail.bytes > 0 ? tail.siteAt(place.end, name, virtualTarget) : undefined;
        if (copied) return instructionOf(place.start, executed, leaving === undefined ? [] : [leaving], [place]);
        body ??= placeOf(space.bodyOf(opcode));
        const calls = call(place.start, body.start, name);
        const end = byItself ? dispatchJump(body.end, name) : returnTo(body.end, calls.after, name, true);
        // lists that are as long as they get: a longer one has room for 17 after the first push
        return instructionOf(place.start, executed, leaving === undefined ? [calls, end] : [calls, end, leaving], [place, body]);
      },
    };
  }
  /** By opcode, without and with a static target: the code of its instructions, all of which have the same, and their flow. */
  const codes = new Array<{ readonly flow: Flow; readonly code: Unplaced } | undefined>(2 * program.opcodes.length);
  function codeFor(address: number): Unplaced {
    const opcode = program.opcodeAt(address);
    const flow = program.flowAt(address);
    const targeted = program.targetAt(address) >= 0;
    const key = 2 * opcode + (targeted ? 1 : 0);
    const known = codes[key];
    if (known?.flow === flow) return known.code;
    const code = newCode(opcode, flow, targeted);
    codes[key] = { flow, code };
    return code;
  }
  return loadedBeside({ entry, space }, straightCode(program, space, codeFor));
}
