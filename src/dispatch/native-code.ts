// What a dispatch technique produces: where the native code of each virtual instruction stands, and where its branches
// are and go. A technique is a layout, a pure function from a program to this; one shared lowering turns any layout and
// any trace into native branches, so an author of a technique writes no hot code.
import type { Parameters, Values } from "../parameters.ts";
import type { TraceView } from "../trace/view.ts";
import type { VirtualProgram } from "../trace/virtual.ts";
import type { Profile } from "./profile.ts";

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
  /** If `target` is NEXT and the branch is direct: the virtual address whose code it goes to when taken, as a decoder sees it. */
  readonly virtualTarget?: number;
  /** Byte address of the table through which it finds NEXT: the entry of opcode n is n × `tableEntryBytes` bytes after it. */
  readonly table?: number;
}

/** A stretch of native code: byte addresses, the end not included. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/** The native code of one virtual instruction. */
export interface NativeInstruction {
  /** Byte address at which control arrives. */
  readonly entry: number;
  /** Native instructions that one execution takes, dispatch included. */
  readonly nativeInstructions: number;
  /** The same where it transfers control, if they are others. */
  readonly transferInstructions?: number;
  /** Branches that execute before the body does its work, as control arrives; none of them goes to NEXT. */
  readonly arrival?: readonly Site[];
  /** Its branches in the order in which they execute. At most one that executes has the target NEXT. */
  readonly sites: readonly Site[];
  /** The bytes that one execution fetches, in order. */
  readonly code: readonly Place[];
}

/** What bytes of native code and tables are for. */
export const PIECES = ["body", "dispatch", "table", "generated"] as const;
export type PieceKind = (typeof PIECES)[number];

/**
 * A stretch of the interpreter's text (the work of a body; dispatch and what else a technique adds to it), of the jump
 * tables, or of code generated for a program. Pieces do not overlap; padding between them belongs to none.
 */
export interface Piece extends Place {
  readonly kind: PieceKind;
}

/** The native code of a whole program under one technique. */
export interface NativeCode {
  /**
   * The branch that dispatches the first instruction of a run: the shared site, or one with an address of its own. Where
   * instructions have branches of arrival, it goes to where these begin.
   */
  readonly entry: Site;
  /** The code of the instruction at a virtual address. Asked for once per executed block that contains it. */
  at(address: number): NativeInstruction;
  /** Bytes of one entry in the tables that sites name. */
  readonly tableEntryBytes?: number;
  /** All native code and tables of the interpreter and of the program, as far as it is loaded. */
  pieces(): readonly Piece[];
}

/** What a layout may depend on besides the program and the technique's own parameters. */
export interface LayoutContext {
  /** Permutes the order of bodies and pads them: 0 keeps the order of the opcode table. */
  readonly layoutSeed: number;
  /** What the training programs executed; only for techniques that ask for it (`trains`). */
  readonly profile: Profile;
}

/**
 * What it takes to build an interpreter with a technique: standard C, labels as values, calls in tail position that are jumps for
 * sure, copying the compiled bodies while a program is loaded, or also writing native branches and calls of one's own.
 */
export const MEANS = ["portable C", "computed goto", "tail calls", "copied code", "generated code"] as const;
export type Means = (typeof MEANS)[number];

/** What a technique's file exports as its default. */
export interface TechniqueDefinition<P extends Parameters = Parameters> {
  /** A name for people. */
  readonly title: string;
  /** What it does, in a sentence. */
  readonly description: string;
  readonly means: Means;
  /** Authors, title, venue, year; where the model departs; how sure we are. */
  readonly source: string;
  readonly parameters: P;
  /** Says in one line why values that are each in range do not go together. */
  readonly check?: (values: Values<P>) => string | undefined;
  /** Whether it chooses by a profile of training programs. */
  readonly trains?: true;
  /** How it looks at the trace, where the native place of an instruction depends on more than its virtual address. */
  readonly view?: (program: VirtualProgram, values: Values<P>) => TraceView;
  /** @param program what `view` makes of it, if there is one */
  readonly layout: (program: VirtualProgram, values: Values<P>, context: LayoutContext) => NativeCode;
}

/** Gives a technique's definition its types; returns it unchanged. */
export function defineTechnique<const P extends Parameters>(definition: TechniqueDefinition<P>): TechniqueDefinition<P> {
  return definition;
}
