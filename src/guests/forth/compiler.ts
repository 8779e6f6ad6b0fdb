// Compiles colon definitions to threaded code: code of words, control structures with their stack, local variables.
import type { Dictionary, Word } from "./dictionary.ts";
import { ForthException } from "./exceptions.ts";
import type { Machine } from "./machine/machine.ts";

/** An unresolved forward branch, a place to branch back to, a loop with its LEAVEs, a CASE with its ENDOFs, a TRY. */
type ControlItem =
  | { readonly type: "orig"; readonly at: number; readonly localsBytes: number }
  | { readonly type: "dest"; readonly at: number; readonly localsBytes: number }
  | { readonly type: "do"; readonly at: number; readonly localsBytes: number; readonly leaves: number[] }
  | { readonly type: "case"; readonly ends: { at: number; localsBytes: number }[] }
  | { readonly type: "try"; readonly at: number; readonly localsBytes: number }
  | { readonly type: "recover"; readonly at: number; readonly localsBytes: number };

/** Kind of a local variable (Gforth's W: D: F: W^ D^ F^): its one or two cells, or their address. */
export interface LocalKind {
  readonly cells: 1 | 2;
  readonly address: boolean;
  /** Its two cells are a floating-point number. */
  readonly float?: true;
}

const CELL_LOCAL: LocalKind = { cells: 1, address: false };

const OPENED_BY: Record<ControlItem["type"], string> = {
  orig: "IF",
  dest: "BEGIN",
  do: "DO",
  case: "CASE",
  try: "TRY",
  recover: "RECOVER",
};

interface Local {
  readonly name: string;
  /** Bytes from the bottom of the definition's locals to the end of this one. */
  readonly end: number;
  readonly kind: LocalKind;
}

/** One definition being compiled; quotations nest them. */
interface Definition {
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

export class Compiler {
  readonly #machine: Machine;
  readonly #dictionary: Dictionary;
  readonly #ops: Record<string, number>;
  #definitions: Definition[] = [];
  /** The newest code field, for DOES>, IMMEDIATE's kin, LATESTXT. */
  latestXt = 0;

  constructor(machine: Machine, dictionary: Dictionary) {
    this.#machine = machine;
    this.#dictionary = dictionary;
    this.#ops = {};
    for (const name of ["(docol)", "(docon)", "(dovar)", "(doval)", "(dodefer)", "(dodoes)"]) this.#ops[name] = machine.number(name);
  }

  get compiling(): boolean {
    return this.#definitions.length > 0;
  }

  #definition(): Definition {
    const definition = this.#definitions.at(-1);
    if (definition === undefined) throw new ForthException(-14);
    return definition;
  }

  /** Emits an instruction by name. */
  emit(name: string, arg = 0): number {
    return this.#machine.emit(this.#machine.number(name), arg);
  }

  literal(x: number): void {
    this.emit("lit", x);
  }

  /** Compiles an execution token, as Gforth compiles each kind of word. */
  compile(xt: number): void {
    const { op, arg } = this.#machine;
    if (this.#machine.tokens[xt] !== 1) throw new ForthException(-9, `${xt} is not an execution token`);
    switch (op[xt]) {
      case this.#ops["(docol)"]:
        this.emit("call", arg[xt]);
        break;
      case this.#ops["(docon)"]:
      case this.#ops["(dovar)"]:
        this.emit("lit", arg[xt]);
        break;
      case this.#ops["(doval)"]:
        this.emit("lit@", arg[xt]);
        break;
      case this.#ops["(dodefer)"]:
        this.emit("lit-perform", arg[xt]);
        break;
      case this.#ops["(dodoes)"]:
        this.emit("does-exec", xt);
        break;
      default:
        this.#machine.emit(op[xt], 0);
    }
  }

  /** POSTPONE: compiles code that appends a word's compilation semantics. */
  postpone({ xt, immediate, compilation }: Word): void {
    if (immediate || compilation !== undefined) {
      this.compile(compilation ?? xt);
      return;
    }
    this.literal(xt);
    this.emit("compile,");
  }

  // --- definitions ---

  /** A code field, with a name or without. What is made in the middle of a definition (between [ and ]) is stepped over. */
  #field(name: string | undefined, op: number, arg: number, hidden: boolean): Word | undefined {
    if (name === "") throw new ForthException(-16);
    if (name !== undefined && name.length > 255) throw new ForthException(-19);
    this.latestXt = this.#machine.emitToken(op, arg);
    return name === undefined ? undefined : this.#dictionary.add(name, this.latestXt, hidden);
  }

  /** A new word with a code field of the given kind; its cell after the field is free for DOES>. */
  create(name: string | undefined, kind: string, arg: number): void {
    const around = this.compiling ? this.emit("branch") : -1;
    this.#field(name, this.#machine.number(kind), arg, false);
    if (around >= 0) this.#target(around);
  }

  /** Starts a colon definition; without a name, :NONAME. Returns its execution token. */
  begin(name?: string): number {
    const around = this.compiling ? this.emit("branch") : -1;
    const start = this.#machine.here + 2;
    const word = this.#field(name, this.#ops["(docol)"], start, true);
    this.#definitions.push({ start, xt: this.latestXt, word, control: [], locals: [], localsBytes: 0, around });
    return this.latestXt;
  }

  /** The name of the definition being compiled, for messages. */
  get unfinished(): string | undefined {
    const definition = this.#definitions.at(-1);
    return definition && (definition.word?.name ?? ":noname");
  }

  /** Ends the definition with an exit. */
  end(): number {
    const definition = this.#definition();
    if (definition.control.length > 0) {
      throw new ForthException(-22, `${OPENED_BY[definition.control[definition.control.length - 1].type]} without its end`);
    }
    this.exit();
    if (definition.word !== undefined) definition.word.hidden = false;
    this.#definitions.pop();
    if (definition.around >= 0) this.#target(definition.around);
    return definition.xt;
  }

  /** Drops whatever was being compiled, after an exception. */
  abandon(): void {
    this.#definitions = [];
  }

  exit(): void {
    const { localsBytes } = this.#definition();
    if (localsBytes > 0) this.emit("lp+!#", localsBytes);
    this.emit(";s");
  }

  recurse(): void {
    this.emit("call", this.#definition().start);
  }

  /** DOES> in a definition: the code after it becomes that of the word that is newest when this runs. */
  does(): void {
    const definition = this.#definition();
    // locals live from here on in the DOES> code's own frame
    this.literal(this.#machine.here + (definition.localsBytes > 0 ? 4 : 3));
    this.emit("(does>)");
    this.exit();
    definition.locals.length = 0;
    definition.localsBytes = 0;
  }

  /** Gives the newest word DOES> code. */
  attachDoes(code: number): void {
    const { op, arg } = this.#machine;
    const xt = this.latestXt;
    if (op[xt] !== this.#ops["(dovar)"] && op[xt] !== this.#ops["(dodoes)"]) {
      throw new ForthException(-31, "DOES> applied to a word that CREATE did not make");
    }
    this.#machine.patch(xt, this.#ops["(dodoes)"], arg[xt]);
    arg[xt + 1] = code;
  }

  // --- control structures ---

  #push(item: ControlItem): void {
    this.#definition().control.push(item);
  }

  #pop<T extends ControlItem["type"]>(type: T): Extract<ControlItem, { type: T }> {
    const item = this.#definition().control.pop();
    if (item?.type !== type) throw new ForthException(-22);
    return item as Extract<ControlItem, { type: T }>;
  }

  #target(at: number): void {
    this.#machine.target(at);
  }

  /** Frees locals that were declared since a branch target was noted. */
  #dropLocals(to: number, keep: boolean): void {
    const definition = this.#definition();
    const extra = definition.localsBytes - to;
    if (extra <= 0) return;
    this.emit("lp+!#", extra);
    if (!keep) return;
    definition.localsBytes = to;
    while (definition.locals.length > 0 && definition.locals[definition.locals.length - 1].end > to) definition.locals.pop();
  }

  /** IF (?branch) and AHEAD (branch). */
  forward(branch: "?branch" | "branch"): void {
    this.#push({ type: "orig", at: this.emit(branch), localsBytes: this.#definition().localsBytes });
  }
  resolve(): void {
    const orig = this.#pop("orig");
    const missing = orig.localsBytes - this.#definition().localsBytes;
    if (missing <= 0) {
      this.#dropLocals(orig.localsBytes, true);
      this.#target(orig.at);
      return;
    }
    // the branch leaves the scope of locals that the way here has left already (BEGIN { x } … WHILE … REPEAT)
    const around = this.emit("branch");
    this.#target(orig.at);
    this.emit("lp+!#", missing);
    this.#target(around);
  }
  else(): void {
    const orig = this.#pop("orig");
    this.#dropLocals(orig.localsBytes, true);
    this.forward("branch");
    this.#target(orig.at);
  }
  dest(): void {
    this.#push({ type: "dest", at: this.#machine.here, localsBytes: this.#definition().localsBytes });
  }
  /** AGAIN (branch) and UNTIL (?branch). */
  back(branch: "?branch" | "branch"): void {
    const dest = this.#pop("dest");
    const extra = this.#definition().localsBytes - dest.localsBytes;
    if (branch === "branch" || extra <= 0) {
      this.#dropLocals(dest.localsBytes, true);
      this.emit(branch, dest.at);
      return;
    }
    // UNTIL with locals declared inside the loop: both ways out free them
    this.emit("0=");
    const out = this.emit("?branch");
    this.#dropLocals(dest.localsBytes, false);
    this.emit("branch", dest.at);
    this.#target(out);
    this.#dropLocals(dest.localsBytes, true);
  }
  while(): void {
    this.forward("?branch");
    this.roll(1);
  }
  repeat(): void {
    this.back("branch");
    this.resolve();
  }
  /** CS-PICK and CS-ROLL count origs and dests from the top. */
  pick(index: number): void {
    const { control } = this.#definition();
    const item = control[control.length - 1 - index];
    if (item?.type !== "dest") throw new ForthException(-22);
    control.push(item);
  }
  roll(index: number): void {
    const { control } = this.#definition();
    if (index >= control.length) throw new ForthException(-22);
    control.push(...control.splice(control.length - 1 - index, 1));
  }

  loopStart(name: string): void {
    const at = this.emit(name);
    const leaves = name === "(do)" || name === "(for)" ? [] : [at];
    this.#push({ type: "do", at: this.#machine.here, localsBytes: this.#definition().localsBytes, leaves });
  }
  leave(branch: "branch" | "?branch"): void {
    const loop = this.#definition().control.findLast((item) => item.type === "do");
    if (loop?.type !== "do") throw new ForthException(-22, "LEAVE outside a loop");
    this.#dropLocals(loop.localsBytes, false);
    loop.leaves.push(this.emit(branch));
  }
  loopEnd(name: string): void {
    const loop = this.#pop("do");
    this.#dropLocals(loop.localsBytes, true);
    this.emit(name, loop.at);
    for (const at of loop.leaves) this.#target(at);
    this.emit("unloop");
  }

  /** TRY: from here on exceptions come to the IFERROR, RESTORE or RECOVER that follows. */
  try(): void {
    this.#push({ type: "try", at: this.emit("(try)"), localsBytes: this.#definition().localsBytes });
  }
  /** IFERROR … THEN: what exceptions come to, with the frame set up again, so that it serves up to ENDTRY. */
  ifError(): void {
    const item = this.#definition().control.at(-1);
    if (item?.type !== "try") throw new ForthException(-22);
    this.#dropLocals(item.localsBytes, true);
    this.forward("branch");
    this.#target(item.at);
    this.emit("(retry)", this.#machine.here);
  }
  endTry(): void {
    const { control } = this.#definition();
    if (control.at(-1)?.type === "recover") {
      const { at, localsBytes } = this.#pop("recover");
      this.#dropLocals(localsBytes, true);
      this.#target(at);
      return;
    }
    this.#dropLocals(this.#pop("try").localsBytes, true);
    this.emit("(endtry)");
  }
  /** ENDTRY-IFERROR … THEN: the frame ends, then what exceptions come to. */
  endTryIfError(): void {
    const { at, localsBytes } = this.#pop("try");
    this.#dropLocals(localsBytes, true);
    this.emit("(endtry)");
    this.forward("branch");
    this.#target(at);
  }
  /** RECOVER … ENDTRY: what exceptions come to, and nothing else. */
  recover(): void {
    const { at, localsBytes } = this.#pop("try");
    this.#dropLocals(localsBytes, true);
    this.emit("(endtry)");
    this.#push({ type: "recover", at: this.emit("branch"), localsBytes });
    this.#target(at);
  }

  case(): void {
    this.#push({ type: "case", ends: [] });
  }
  of(): void {
    this.emit("over");
    this.emit("=");
    this.forward("?branch");
    this.emit("drop");
  }
  endof(): void {
    const orig = this.#pop("orig");
    const { control } = this.#definition();
    const item = control.at(-1);
    if (item?.type !== "case") throw new ForthException(-22);
    this.#dropLocals(orig.localsBytes, true);
    item.ends.push({ at: this.emit("branch"), localsBytes: orig.localsBytes });
    this.#target(orig.at);
  }
  endcase(): void {
    const item = this.#pop("case");
    this.emit("drop");
    for (const { at } of item.ends) this.#target(at);
  }

  // --- locals: a frame of cells below lp, the newest at lp ---

  /** Declares a local that takes its value from the stack. */
  declareLocal(name: string, kind = CELL_LOCAL): void {
    const definition = this.#definition();
    // two cells lie in memory as 2@ wants them
    if (kind.float) this.emit("f>l");
    else {
      if (kind.cells === 2) this.emit("swap");
      for (let i = 0; i < kind.cells; i++) this.emit(">l");
    }
    definition.localsBytes += 4 * kind.cells;
    if (definition.localsBytes > 4096) throw new ForthException(-7, "too many local variables in one definition");
    definition.locals.push({ name: name.toLowerCase(), end: definition.localsBytes, kind });
  }
  #local(name: string): { readonly offset: number; readonly kind: LocalKind } | undefined {
    const definition = this.#definitions.at(-1);
    const local = definition?.locals.findLast((candidate) => candidate.name === name.toLowerCase());
    return definition === undefined || local === undefined ? undefined : { offset: definition.localsBytes - local.end, kind: local.kind };
  }
  /** Compiles a local's value; false if the name is none. */
  localFetch(name: string): boolean {
    const local = this.#local(name);
    if (local === undefined) return false;
    const { offset, kind } = local;
    if (kind.float && !kind.address) {
      if (offset === 0) this.emit("f@local0");
      else if (offset === 8) this.emit("f@local1");
      else this.emit("f@local#", offset);
    } else if (kind.address || kind.cells === 2) {
      this.emit("laddr#", offset);
      if (!kind.address) this.emit("2@");
    } else if (offset <= 12) this.emit(`@local${offset / 4}`);
    else this.emit("@local#", offset);
    return true;
  }
  /** Compiles TO or +TO a local; false if the name is none. */
  localStore(name: string, store: "!" | "+!"): boolean {
    const local = this.#local(name);
    if (local === undefined) return false;
    if (local.kind.address || (local.kind.cells === 2 && store === "+!")) throw new ForthException(-32);
    this.emit("laddr#", local.offset);
    this.emit(local.kind.float ? "f!" : local.kind.cells === 2 ? "2!" : store);
    return true;
  }
}
