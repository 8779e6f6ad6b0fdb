// Generated code that control runs through from one instruction into the next, in load order. An instruction that is
// rewritten while the program runs (quickening) is patched: its new code goes where the old was if it fits there; else a
// jump there leads to it, and a jump leads back.
import type { VirtualProgram } from "../../trace/virtual.ts";
import type { NativeInstruction, Place } from "../native-code.ts";
import { inLoadOrder, type Later, type LoadedCode, lazily } from "./load-order.ts";
import type { CodeSpace } from "./placement.ts";
import { BYTES, jump } from "./sites.ts";

/** Code for one instruction that is yet to be placed. */
export interface Unplaced {
  readonly bytes: number;
  /** Whether control may run out of it into the code after it. */
  readonly runsOn: boolean;
  /** The instruction, its generated code at a place that may be longer. */
  at(place: Place): NativeInstruction;
}

/** No place is shorter, so that a jump can be written over it. */
const LEAST_BYTES = BYTES.jump;

/**
 * @param codeFor what an instruction needs: generated code, or code that stands elsewhere. Asked block by block in load
 *                order; and again when an instruction has been rewritten, with whether the next one's code follows.
 */
export function straightCode(
  program: VirtualProgram,
  space: CodeSpace,
  codeFor: (address: number, behind?: boolean) => Unplaced | NativeInstruction,
): LoadedCode {
  const places = new Map<number, Place>();
  /** Addresses into which the code in front of them runs. */
  const runInto = new Set<number>();
  const nameAt = (address: number): string => program.opcodes[program.opcodeAt(address)].name;

  function place(address: number): Later {
    const code = codeFor(address);
    if (!("bytes" in code)) {
      if (!runInto.has(address)) return () => code;
      const own = space.generate(LEAST_BYTES);
      places.set(address, own);
      return lazily(() => reachedFrom(own, code, nameAt(address)));
    }
    const own = space.generate(Math.max(LEAST_BYTES, code.bytes));
    places.set(address, own);
    if (code.runsOn) runInto.add(address + 1);
    return lazily(() => code.at(own));
  }
  /** Code somewhere else, to which a jump at a place leads. */
  function reachedFrom({ start }: Place, code: NativeInstruction, name: string): NativeInstruction {
    const there = jump(start, code.entry, name);
    return {
      ...code,
      entry: start,
      nativeInstructions: code.nativeInstructions + 1,
      transferInstructions: code.transferInstructions && code.transferInstructions + 1,
      arrival: [there, ...(code.arrival ?? [])],
      code: [{ start, end: there.after }, ...code.code],
    };
  }
  function patched(address: number): NativeInstruction {
    const old = places.get(address);
    const code = codeFor(address, old !== undefined && places.has(address + 1));
    if (old === undefined) return "bytes" in code ? code.at(space.patch(code.bytes)) : code;
    if (!("bytes" in code)) return reachedFrom(old, code, nameAt(address));
    if (code.bytes <= old.end - old.start) return code.at(old);
    return reachedFrom(old, code.runsOn ? goingBack(address, code, old) : code.at(space.patch(code.bytes)), nameAt(address));
  }
  function goingBack(address: number, code: Unplaced, old: Place): NativeInstruction {
    const { start, end } = space.patch(code.bytes + BYTES.jump);
    const moved = code.at({ start, end: end - BYTES.jump });
    const when = program.flowAt(address) === "next" ? "always" : "fall-through";
    const back = { ...jump(end - BYTES.jump, old.end, nameAt(address)), when } as const;
    return {
      ...moved,
      nativeInstructions: moved.nativeInstructions + 1,
      transferInstructions: moved.transferInstructions ?? moved.nativeInstructions,
      sites: [...moved.sites, back],
      code: [...moved.code, { start: back.address, end }],
    };
  }
  return inLoadOrder(
    program,
    (start, end) => Array.from({ length: end - start }, (_, i) => place(start + i)),
    (address) => lazily(() => patched(address)),
  );
}
