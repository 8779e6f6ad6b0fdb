// Generated code in load order, in which control falls through from one instruction into the next. An instruction that is
// rewritten while the program runs (quickening) is patched: its new code replaces the old if it fits; otherwise the old code
// becomes a jump to new code elsewhere, which jumps back. Room may be kept for an instruction that will be rewritten at its first
// execution: until then the code before it dispatches, or runs into a jump there; from then on it runs into what was copied there.
import { grown } from "../../files/grown.ts";
import type { VirtualProgram } from "../../trace/virtual.ts";
import type { NativeInstruction, Place } from "../native-code.ts";
import { inLoadOrder, type LoadedCode } from "./load-order.ts";
import type { CodeSpace } from "./placement.ts";
import { BYTES, jump } from "./sites.ts";

/** Code for one instruction without an address yet. All instructions that have the same code may share it. */
export interface Unplaced {
  readonly bytes: number;
  /** Whether control may fall through into the code after it. */
  readonly runsOn: boolean;
  /**
   * The instruction with its generated code at a place, which may be longer than the code.
   * @param address of the virtual instruction
   * @param target  its static target when it was laid out; -1 if it has none
   */
  at(place: Place, address: number, target: number): NativeInstruction;
}

/** Code elsewhere for now, and room for what will replace it. */
export interface Reserved {
  readonly elsewhere: NativeInstruction;
  readonly room: number;
}

/** Shortest place, so that a jump can overwrite it. */
const LEAST_BYTES = BYTES.jump;

/**
 * @param codeFor the code of an instruction: generated code, or existing code elsewhere. Called block by block in load
 *                order, and again for a rewritten instruction and the one before it, with whether the next instruction's code
 *                follows.
 */
export function straightCode(
  program: VirtualProgram,
  space: CodeSpace,
  codeFor: (address: number, followed?: boolean) => Unplaced | NativeInstruction | Reserved,
): LoadedCode {
  /** By address: its code, its place (which ends at 0 if it has none), its static target. */
  const codes: (Unplaced | NativeInstruction)[] = [];
  let starts = new Int32Array(0);
  let ends = new Int32Array(0);
  let targets = new Int32Array(0);
  /** Of each address, whether the preceding code falls through into it. */
  let runInto = new Uint8Array(0);
  /** Of each address for which room was kept that nothing runs into: the opcode that did not use it. */
  const waiting = new Map<number, number>();
  const waits = (address: number): boolean => waiting.get(address) === program.opcodeAt(address);
  const nameAt = (address: number): string => program.opcodes[program.opcodeAt(address)].name;
  const hasPlace = (address: number): boolean => address < ends.length && ends[address] !== 0;
  const placeOf = (address: number): Place => ({ start: starts[address], end: ends[address] });

  function reserve(): void {
    // one more, which the last instruction falls through into
    starts = grown(starts, program.addressCount + 1);
    ends = grown(ends, starts.length);
    targets = grown(targets, starts.length);
    runInto = grown(runInto, starts.length);
  }
  function place(address: number): void {
    const code = codeFor(address);
    const reserved = "room" in code;
    codes[address] = reserved ? code.elsewhere : code;
    targets[address] = program.targetAt(address);
    const generated = "bytes" in code;
    if (!generated && !reserved && runInto[address] === 0) return;
    const bytes = generated ? Math.max(LEAST_BYTES, code.bytes) : reserved ? code.room : LEAST_BYTES;
    starts[address] = space.generate(bytes);
    ends[address] = starts[address] + bytes;
    if (generated && code.runsOn) runInto[address + 1] = 1;
    if (reserved && runInto[address] === 0) waiting.set(address, program.opcodeAt(address));
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
    const old = hasPlace(address) ? placeOf(address) : undefined;
    const given = codeFor(address, old !== undefined && hasPlace(address + 1) && !waits(address + 1));
    if (waits(address) && "room" in given) return given.elsewhere;
    const code = "room" in given ? given.elsewhere : given;
    const at = (place: Place): NativeInstruction => ("bytes" in code ? code.at(place, address, program.targetAt(address)) : code);
    if (old === undefined) return "bytes" in code ? at(space.patch(code.bytes)) : code;
    if (!("bytes" in code)) return reachedFrom(old, code, nameAt(address));
    if (code.bytes <= old.end - old.start) return at(old);
    return reachedFrom(old, code.runsOn ? goingBack(address, code, old) : at(space.patch(code.bytes)), nameAt(address));
  }
  function goingBack(address: number, code: Unplaced, old: Place): NativeInstruction {
    const { start, end } = space.patch(code.bytes + BYTES.jump);
    const moved = code.at({ start, end: end - BYTES.jump }, address, program.targetAt(address));
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
  return inLoadOrder(program, {
    layOut(start, end) {
      reserve();
      for (let address = start; address < end; address++) place(address);
    },
    code(address, version) {
      const code = codes[address];
      const target = targets[address];
      if (!("bytes" in code)) {
        if (!hasPlace(address) || waiting.has(address)) return code;
        return reachedFrom(placeOf(address), code, program.opcodes[version >> 1].name);
      }
      return code.at(placeOf(address), address, target);
    },
    rewrite: patched,
    // and whether what follows has come to use its room
    version: (address) => 2 * program.opcodeAt(address) + (waiting.size > 0 && waiting.has(address + 1) && !waits(address + 1) ? 1 : 0),
  });
}
