// One definition that is being compiled: its open control structures and its local variables.
import type { Word } from "./dictionary.ts";

/** An unresolved forward branch, a place to branch back to, a loop with its LEAVEs, a CASE with its ENDOFs, a TRY. */
export type ControlItem =
  | { readonly type: "orig"; readonly at: number; readonly localsBytes: number }
  | { readonly type: "dest"; readonly at: number; readonly localsBytes: number }
  | { readonly type: "do"; readonly at: number; readonly localsBytes: number; readonly leaves: number[] }
  | { readonly type: "case"; readonly ends: { at: number; localsBytes: number }[] }
  | { readonly type: "try"; readonly at: number; readonly localsBytes: number }
  | { readonly type: "recover"; readonly at: number; readonly localsBytes: number };

/** Kind of a local variable (Gforth's W: D: F: W^ D^ F^): its one or two cells, or its floating-point number, or their address. */
export interface LocalKind {
  readonly cells: 1 | 2;
  readonly address: boolean;
  /** A floating-point number, no cells. */
  readonly float?: true;
}

export interface Local {
  readonly name: string;
  /** Bytes from the bottom of the definition's locals to the end of this one. */
  readonly end: number;
  readonly kind: LocalKind;
}

/** One definition being compiled; quotations nest them. */
export interface Definition {
  /** What RECURSE calls. */
  readonly start: number;
  readonly xt: number;
  readonly word: Word | undefined;
  readonly control: ControlItem[];
  readonly locals: Local[];
  localsBytes: number;
  /** The branch around a definition inside another, -1 for none. */
  readonly around: number;
}

/** What those who compile parts of a definition need of the compiler. */
export interface DefinitionCompiler {
  /** The innermost open definition. @throws ForthException -14 if there is none */
  definition(): Definition;
  /** The innermost open definition; undefined if there is none, as after ] alone. */
  innermost(): Definition | undefined;
  /** Emits an instruction by name; returns its virtual address. */
  emit(name: string, arg?: number): number;
}
