// Generated code that control runs through from one instruction into the next, in load order. An instruction that is
// rewritten while the program runs (quickening) is patched: its new code goes where the old was if it fits there; else a
// jump there leads to it, and a jump leads back.
import type { VirtualProgram } from "../trace/virtual.ts";
import { inLoadOrder, type Later, type LoadedCode, lazily } from "./load-order.ts";
import { type NativeInstruction, NEXT, type Place, type Site } from "./native-code.ts";
import type { CodeSpace } from "./placement.ts";
import { BYTES, jump } from "./sites.ts";

/** Code for one instruction that is yet to be placed. */
export interface Unplaced {
  readonly bytes: number;
  /** The instruction, its generated code at a place that may be longer. */
  at(place: Place): NativeInstruction;
}

/** @param codeFor what an instruction needs: generated code, or code that stands elsewhere. Asked block by block, in load order. */
export function straightCode(
  program: VirtualProgram,
  space: CodeSpace,
  codeFor: (address: number) => Unplaced | NativeInstruction,
): LoadedCode {
  const places = new Map<number, Place>();
  function place(address: number): Later {
    const code = codeFor(address);
    if (!("bytes" in code)) return () => code;
    const own = space.generate(code.bytes);
    places.set(address, own);
    return lazily(() => code.at(own));
  }
  function patched(address: number): NativeInstruction {
    const code = codeFor(address);
    const old = places.get(address);
    const { name } = program.opcodes[program.opcodeAt(address)];
    if ("bytes" in code && old !== undefined && code.bytes <= old.end - old.start) return code.at(old);
    const moved = "bytes" in code ? movedTo(address, code, old, name) : code;
    if (old === undefined) return moved;
    const { arrival = [], nativeInstructions } = moved;
    const there = jump(old.start, moved.entry, name);
    return {
      ...moved,
      entry: old.start,
      nativeInstructions: nativeInstructions + 1,
      arrival: [there, ...arrival],
      code: [{ start: old.start, end: there.after }, ...moved.code],
    };
  }
  /** New code, and the jump behind it if control goes on: to where the old code ended, or to whatever comes next. */
  function movedTo(address: number, code: Unplaced, old: Place | undefined, name: string): NativeInstruction {
    const { start, end } = space.generate(code.bytes + BYTES.jump);
    const moved = code.at({ start, end: end - BYTES.jump });
    if (moved.sites.some(({ target, when }) => target === NEXT && when === "always")) return moved;
    const target = old === undefined ? NEXT : old.end;
    const when = program.flowAt(address) === "next" ? "always" : "fall-through";
    const onward: Site = { ...jump(end - BYTES.jump, target, name), when, virtualTarget: address + 1 };
    return {
      ...moved,
      nativeInstructions: moved.nativeInstructions + 1,
      sites: [...moved.sites, onward],
      code: [...moved.code, { start: onward.address, end }],
    };
  }
  return inLoadOrder(
    program,
    (start, end) => Array.from({ length: end - start }, (_, i) => place(start + i)),
    (address) => lazily(() => patched(address)),
  );
}
