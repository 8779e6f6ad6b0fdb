// Compiles colon definitions to threaded code: fields and code of words, and what is open while they are being defined.
import { ControlStructures } from "./control-structures.ts";
import type { Definition, DefinitionCompiler } from "./definition.ts";
import type { Dictionary, Word } from "./dictionary.ts";
import { ForthException } from "./exceptions.ts";
import { LocalVariables } from "./local-variables.ts";
import type { Cell } from "./machine/cells.ts";
import type { Machine } from "./machine/machine.ts";

export class Compiler {
  readonly #machine: Machine;
  readonly #dictionary: Dictionary;
  readonly #ops: Record<string, number>;
  readonly control: ControlStructures;
  readonly locals: LocalVariables;
  #definitions: Definition[] = [];
  /** The newest code field, for DOES>, IMMEDIATE's kin, LATESTXT. */
  latestXt = 0;

  constructor(machine: Machine, dictionary: Dictionary) {
    this.#machine = machine;
    this.#dictionary = dictionary;
    const part: DefinitionCompiler = {
      definition: () => this.#definition(),
      innermost: () => this.#definitions.at(-1),
      emit: (name, arg = 0) => this.emit(name, arg),
    };
    this.locals = new LocalVariables(part, machine.cell.bytes);
    this.control = new ControlStructures(part, machine, this.locals);
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
  emit(name: string, arg: Cell = 0): number {
    return this.#machine.emit(this.#machine.number(name), arg);
  }

  literal(x: Cell): void {
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
        this.emit("lit", this.#machine.literals[xt]);
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

  /** A code field, with a name or without. What is made in the middle of a definition (between [ and ]) is stepped over. */
  #field(name: string | undefined, op: number, arg: Cell, hidden: boolean): Word | undefined {
    if (name === "") throw new ForthException(-16);
    if (name !== undefined && name.length > 255) throw new ForthException(-19);
    this.latestXt = this.#machine.emitToken(op, arg);
    return name === undefined ? undefined : this.#dictionary.add(name, this.latestXt, hidden);
  }

  /** A new word with a code field of the given kind; its cell after the field is free for DOES>. */
  create(name: string | undefined, kind: string, arg: Cell): void {
    const around = this.compiling ? this.emit("branch") : -1;
    this.#field(name, this.#machine.number(kind), arg, false);
    if (around >= 0) this.#machine.target(around);
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
    this.control.checkClosed();
    this.exit();
    if (definition.word !== undefined) definition.word.hidden = false;
    this.#definitions.pop();
    if (definition.around >= 0) this.#machine.target(definition.around);
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
}
