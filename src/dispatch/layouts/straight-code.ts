// Generated code in load order, in which control falls through from one instruction into the next. An instruction that is
// rewritten while the program runs (quickening) is patched: its new code replaces the old if it fits; otherwise the old code
// becomes a jump to new code elsewhere, which jumps back.
import type { VirtualProgram } from "../../trace/virtual.ts";
import type { NativeInstruction, Place } from "../native-code.ts";
import { inLoadOrder, type Later, type LoadedCode, lazily } from "./load-order.ts";
import type { CodeSpace } from "./placement.ts";
import { BYTES, jump } from "./sites.ts";

/** Code for one instruction without an address yet. */
export interface Unplaced {
  readonly bytes: number;
  /** Whether control may fall through into the code after it. */
  readonly runsOn: boolean;
  /** The instruction with its generated code at a place, which may be longer than the code. */
  at(place: Place): NativeInstruction;
}

/** A program's layout places everything that is loaded, and builds little of it: so there is one closure for each instruction, no more. */
function placed(code: Unplaced, own: Place): Later {
  let built: NativeInstruction | undefined;
  return () => {
    built ??= code.at(own);
    return built;
  };
}

/** Shortest place, so that a jump can overwrite it. */
const LEAST_BYTES = BYTES.jump;

/**
 * @param codeFor the code of an instruction: generated code, or existing code elsewhere. Called block by block in load
 *                order, and again for a rewritten instruction, with whether the next instruction's code follows.
 */
export function straightCode(
  program: VirtualProgram,
  space: CodeSpace,
  codeFor: (address: number, behind?: boolean) => Unplaced | NativeInstruction,
): LoadedCode {
  /** By address. */
  const places: Place[] = [];
  /** Of each address, whether the preceding code falls through into it. */
  const runInto: boolean[] = [];
  const nameAt = (address: number): string => program.opcodes[program.opcodeAt(address)].name;

  function place(address: number): Later {
    const code = codeFor(address);
    if (!("bytes" in code)) {
      if (!runInto[address]) return () => code;
      const own = space.generate(LEAST_BYTES);
      places[address] = own;
      return lazily(() => reachedFrom(own, code, nameAt(address)));
    }
    const own = space.generate(Math.max(LEAST_BYTES, code.bytes));
    places[address] = own;
    if (code.runsOn) runInto[address + 1] = true;
    return placed(code, own);
  }
  /** Existing code elsewhere, reached by a jump at a place. */
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
    const old: Place | undefined = places[address];
    const code = codeFor(address, old !== undefined && places[address + 1] !== undefined);
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
    (start, end) => {
      const block: Later[] = [];
      for (let address = start; address < end; address++) block.push(place(address));
      return block;
    },
    (address) => lazily(() => patched(address)),
  );
}
