// What a dispatch technique produces: where the native code of each virtual instruction stands, and where its branches
// are and go. A technique is a layout, a pure function from a program to this; one shared lowering turns any layout and
// any trace into native branches, so an author of a technique writes no hot code.
import type { Parameters, Values } from "../parameters.ts";
import type { VirtualProgram } from "../trace/virtual.ts";

/** As a site's target: the entry of whatever virtual instruction comes next. */
export const NEXT = -2;

/** One native branch in the code of a virtual instruction. */
export interface Site {
  /** Byte address of the branch. */
  readonly address: number;
  /** One of the flags of branch.ts. */
  readonly kind: number;
  /** A byte address, or NEXT. */
  readonly target: number;
  /** Byte address after the branch: where a call returns to, where a conditional falls through to. */
  readonly after: number;
  /** Whether control passes through it from one virtual instruction's body to the next. */
  readonly dispatch: boolean;
  /**
   * When it is taken: always, or (a conditional only) never, or only when the virtual instruction transfers control, or
   * only when it falls through. A branch of another kind that is not taken is not executed.
   */
  readonly when: "always" | "never" | "taken" | "fall-through";
  /** What people call the place: the opcode whose body it ends, or "dispatch loop". */
  readonly owner: string;
}

/** The native code of one virtual instruction. */
export interface NativeInstruction {
  /** Byte address at which control arrives. */
  readonly entry: number;
  /** Native instructions that one execution takes, dispatch included. */
  readonly nativeInstructions: number;
  /** Its branches in the order in which they execute. At most one that executes has the target NEXT. */
  readonly sites: readonly Site[];
}

/** The native code of a whole program under one technique. */
export interface NativeCode {
  /** The branch that dispatches the first instruction of a run: the shared site, or one with an address of its own. */
  readonly entry: Site;
  /** The code of the instruction at a virtual address. Asked for once per executed block that contains it. */
  at(address: number): NativeInstruction;
}

/** What a technique's file exports as its default. */
export interface TechniqueDefinition<P extends Parameters = Parameters> {
  /** A name for people. */
  readonly title: string;
  /** What it does, in a sentence. */
  readonly description: string;
  /** Authors, title, venue, year; where the model departs; how sure we are. */
  readonly source: string;
  readonly parameters: P;
  readonly layout: (program: VirtualProgram, values: Values<P>) => NativeCode;
}

/** Gives a technique's definition its types; returns it unchanged. */
export function defineTechnique<const P extends Parameters>(definition: TechniqueDefinition<P>): TechniqueDefinition<P> {
  return definition;
}
