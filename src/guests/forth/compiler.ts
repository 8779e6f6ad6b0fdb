// Compiles colon definitions to threaded code: what a word leaves behind when it is compiled, control structures with
// their stack, local variables.
import type { Dictionary, Word } from "./dictionary.ts";
import { ForthException } from "./exceptions.ts";
import type { Machine } from "./machine.ts";

/** An unresolved forward branch, a place to branch back to, a loop with its LEAVEs, a CASE with its ENDOFs. */
type ControlItem =
  | { readonly type: "orig"; readonly at: number; readonly localsBytes: number }
  | { readonly type: "dest"; readonly at: number; readonly localsBytes: number }
  | { readonly type: "do"; readonly at: number; readonly localsBytes: number; readonly leaves: number[] }
  | { readonly type: "case"; readonly ends: { at: number; localsBytes: number }[] };

interface Local {
  readonly name: string;
  /** Bytes from the bottom of the definition's locals to the end of this one. */
  readonly end: number;
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

  /** Lays down what an execution token does, the way Gforth compiles each kind of word. */
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

  // --- definitions ---

  /** A new word with a code field of the given kind; its cell after the field is free for DOES>. */
  create(name: string, kind: string, arg: number, hidden = false): Word {
    if (name === "") throw new ForthException(-16);
    if (name.length > 255) throw new ForthException(-19);
    this.latestXt = this.#machine.emitToken(this.#machine.number(kind), arg);
    return this.#dictionary.add(name, this.latestXt, hidden);
  }

  /** Starts a colon definition; without a name, :NONAME. Returns its execution token. */
  begin(name?: string): number {
    const start = this.#machine.here + 2;
    let word: Word | undefined;
    if (name === undefined) this.latestXt = this.#machine.emitToken(this.#ops["(docol)"], start);
    else word = this.create(name, "(docol)", start, true);
    this.#definitions.push({ start, xt: this.latestXt, word, control: [], locals: [], localsBytes: 0 });
    return this.latestXt;
  }

  /** Ends the definition with an exit. */
  end(): number {
    const definition = this.#definition();
    if (definition.control.length > 0) {
      throw new ForthException(-22, `unfinished control structure (${definition.control.at(-1)?.type})`);
    }
    this.exit();
    if (definition.word !== undefined) definition.word.hidden = false;
    this.#definitions.pop();
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

  /** DOES> in a definition: what follows becomes the code of the word that is newest when this runs. */
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
    this.#machine.arg[at] = this.#machine.here;
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
    this.#dropLocals(orig.localsBytes, true);
    this.#target(orig.at);
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

  /** Declares locals in the order in which their values are popped: the first takes the top of the stack. */
  declareLocals(names: readonly string[]): void {
    const definition = this.#definition();
    for (const name of names) {
      this.emit(">l");
      definition.localsBytes += 4;
      definition.locals.push({ name: name.toLowerCase(), end: definition.localsBytes });
    }
  }
  #local(name: string): number | undefined {
    const definition = this.#definitions.at(-1);
    const local = definition?.locals.findLast((candidate) => candidate.name === name.toLowerCase());
    return definition === undefined || local === undefined ? undefined : definition.localsBytes - local.end;
  }
  /** Compiles a local's value; false if the name is none. */
  localFetch(name: string): boolean {
    const offset = this.#local(name);
    if (offset === undefined) return false;
    if (offset <= 12) this.emit(`@local${offset / 4}`);
    else this.emit("@local#", offset);
    return true;
  }
  /** Compiles TO a local; false if the name is none. */
  localStore(name: string): boolean {
    const offset = this.#local(name);
    if (offset === undefined) return false;
    this.emit("laddr#", offset);
    this.emit("!");
    return true;
  }
}
