// The contract of dispatch techniques. A technique is a layout, a pure function from a program to native code: the addresses
// of each virtual instruction's code, and its branches with their targets. One shared lowering turns any layout and any trace
// into native branches, so authors of techniques write no hot code.
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
  /** Byte address after the branch, to which a call returns and a conditional falls through. */
  readonly after: number;
  /** Whether control passes through it from one virtual instruction's body to the next. */
  readonly dispatch: boolean;
  /**
   * When it is taken: always, or (a conditional only) never, or only when the virtual instruction transfers control, or
   * only when it falls through. A branch of another kind that is not taken is not executed.
   */
  readonly when: "always" | "never" | "taken" | "fall-through";
  /** Name of the code for people: the opcode whose body it ends, or "dispatch loop". */
  readonly owner: string;
  /** If `target` is NEXT and the branch is direct: the virtual address of its static target. */
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
  /** The same if it transfers control, if the number differs. */
  readonly transferInstructions?: number;
  /** Branches that execute before the body does its work, as control arrives; none of them goes to NEXT. */
  readonly arrival?: readonly Site[];
  /** Its branches in the order in which they execute. At most one that executes has the target NEXT. */
  readonly sites: readonly Site[];
  /** The bytes that one execution fetches, in order. */
  readonly code: readonly Place[];
}

/** Kinds of native code and tables. */
export const PIECES = ["body", "dispatch", "table", "generated"] as const;
export type PieceKind = (typeof PIECES)[number];

/**
 * A range of the interpreter's text (the work of a body; dispatch and other code that a technique adds), of the jump
 * tables, or of code generated for a program. Pieces do not overlap; padding between them belongs to none.
 */
export interface Piece extends Place {
  readonly kind: PieceKind;
}

/** The native code of a whole program under one technique. */
export interface NativeCode {
  /**
   * The branch that dispatches the first instruction of a run: the shared site, or a separate one. If instructions have
   * branches of arrival, it goes to the first branch of arrival.
   */
  readonly entry: Site;
  /** The code of the instruction at a virtual address. Called once per executed block that contains it. */
  at(address: number): NativeInstruction;
  /** Bytes of one entry in the tables that sites name. */
  readonly tableEntryBytes?: number;
  /** All native code and tables of the interpreter and of the program, as far as it is loaded. */
  pieces(): readonly Piece[];
}

/** Inputs of a layout besides the program and the technique's own parameters. */
export interface LayoutContext {
  /** Permutes the order of bodies and pads them: 0 keeps the order of the opcode table. */
  readonly layoutSeed: number;
  /** What the training programs executed; only for techniques that ask for it (`trains`). */
  readonly profile: Profile;
}

/**
 * What is needed to build an interpreter with a technique: standard C, labels as values, guaranteed tail calls, copying
 * compiled bodies when a program is loaded, or also generating native branches and calls.
 */
export const MEANS = ["portable C", "computed goto", "tail calls", "copied code", "generated code"] as const;
export type Means = (typeof MEANS)[number];

/** Bodies that an interpreter has besides those of its opcodes. Opcodes are identified by name. */
export interface BodyChoice {
  /** Bodies of each superinstruction (opcodes with blanks between them), and of each opcode, in the order of choice. */
  readonly bodies: ReadonlyMap<string, number>;
  /** How a straight run of opcodes is cut into them: lengths that add up to the run's. */
  readonly parse: (opcodes: readonly string[]) => number[];
}

/** The default export of a technique's file. */
export interface TechniqueDefinition<P extends Parameters = Parameters> {
  /** A name for people. */
  readonly title: string;
  /** What it does, in a sentence. */
  readonly description: string;
  readonly means: Means;
  /**
   * Set when the code of an instruction depends on its virtual address, or on whether control falls through: a trace that has
   * opcodes alone then says nothing of it.
   */
  readonly needsAddresses?: true;
  /** Authors, title, venue, year; where the model departs from it; how sure we are. */
  readonly source: string;
  readonly parameters: P;
  /** Returns one line if values that are each in range do not fit together. */
  readonly check?: (values: Values<P>) => string | undefined;
  /** The additional bodies that it chooses by a profile of training programs; left out by techniques that choose none. */
  readonly choice?: (program: VirtualProgram, values: Values<P>, context: LayoutContext) => BodyChoice;
  /** The view of the trace, if an instruction's native code depends on more than its virtual address. */
  readonly view?: (program: VirtualProgram, values: Values<P>) => TraceView;
  /** @param program after `view`, if there is one */
  readonly layout: (program: VirtualProgram, values: Values<P>, context: LayoutContext) => NativeCode;
}

/** Gives a technique's definition its types; returns it unchanged. */
export function defineTechnique<const P extends Parameters>(definition: TechniqueDefinition<P>): TechniqueDefinition<P> {
  return definition;
}
