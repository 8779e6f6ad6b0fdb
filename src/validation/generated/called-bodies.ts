// Subroutine threading and context threading: generated code calls bodies, which return.

import { MARK_NAMES } from "../../guests/forth/image.ts";
import { RUN_END } from "../../guests/forth/machine/layout.ts";
import {
  CONSTANT_FLOWS,
  type Generator,
  isLoaded,
  loadedAddresses,
  onceForEachOpcode,
  opcodeAt,
  type ProgramToGenerate,
  plainOf,
} from "./program-code.ts";

/** Virtual branches that generated code executes natively. */
export interface Inlined {
  /** Virtual jumps and conditionals are native ones. */
  readonly branches: boolean;
  /** Virtual calls and returns are native ones. */
  readonly calls: boolean;
}

/** Continues at the address that the preceding body found, as a return does. */
function putReturn({ code, returnsMatch }: ProgramToGenerate, name: string, runEnd: () => number): void {
  const begins = name === MARK_NAMES[0];
  // a new run begins as if the end of the previous one had called it
  if (begins) {
    code.push(runEnd);
    code.push(() => 0);
  }
  if (begins || !returnsMatch) code.setReturn();
  code.ret();
}

export const calledBodies =
  (inlined: Inlined): Generator =>
  (loaded) => {
    const { code, program, values } = loaded;
    const tiny = Number(values.tiny);
    const leavesByItself = (flow: string): boolean => values.leave === "body" && flow !== "next";
    const bodies = onceForEachOpcode(loaded, ({ name, flow }) => {
      code.body(plainOf(loaded, name));
      if (leavesByItself(flow)) code.leave();
      else code.ret();
    });
    const addresses = new Map<number, number>();
    const labelOf = (address: number) => (): number => addresses.get(address) ?? 0;
    /** Emits the native branch that replaces a virtual transfer, if one does. */
    function nativeOf(address: number): (() => void) | undefined {
      const { name, flow } = opcodeAt(loaded, address);
      const target = program.targetAt(address);
      const there = labelOf(target);
      if (inlined.calls && flow === "indirect-call") return code.callNext;
      if (inlined.calls && flow === "return") return () => putReturn(loaded, name, labelOf(RUN_END));
      if (!CONSTANT_FLOWS.includes(flow) || !(flow === "call" ? inlined.calls : inlined.branches)) return undefined;
      if (target < 0) throw new Error(`${name} at ${address}: expected a target in its code`);
      if (flow === "conditional") return () => code.branch("transferred", there);
      return () => (flow === "jump" ? code.jump(there) : code.call(there));
    }
    for (const address of loadedAddresses(loaded)) {
      const { name, flow, bodyBytes } = opcodeAt(loaded, address);
      addresses.set(address, code.here());
      const putNative = nativeOf(address);
      const copied = putNative !== undefined || bodyBytes <= tiny;
      if (copied) code.body(plainOf(loaded, name));
      else code.call(() => bodies.get(name) ?? 0);
      if (putNative !== undefined) putNative();
      else if (flow === "next" && !isLoaded(loaded, address + 1)) code.trap();
      else if (flow !== "next" && (copied || !leavesByItself(flow))) code.dispatch();
    }
    return { addresses };
  };
