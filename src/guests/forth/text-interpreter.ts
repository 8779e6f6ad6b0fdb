// The text interpreter of the Forth guest: takes names from the input, executes or compiles their words, and evaluates nested sources.
// It leaves no trace; what colon definitions execute is traced.
import type { Compiler } from "./compiler.ts";
import type { Dictionary } from "./dictionary.ts";
import { asForthException, ForthException, Halt } from "./exceptions.ts";
import type { Heap } from "./heap.ts";
import type { Input } from "./input.ts";
import type { Machine } from "./machine/machine.ts";
import type { SystemCells } from "./memory-map.ts";
import { cellsOfNumber, readLiteral } from "./numbers.ts";

/** Deferred words that lead to each other. */
const LONGEST_CHAIN = 1000;

/** The parts of a Forth that its text interpreter works with. */
export interface InterpretedSystem {
  readonly machine: Machine;
  readonly dictionary: Dictionary;
  readonly compiler: Compiler;
  /** Addresses of the system's own cells. */
  readonly at: SystemCells;
  readonly heap: Heap;
  readonly input: Input;
  readonly compiling: boolean;
  /** Readers of literals that are no cells: each takes a text, compiles or pushes it, and says so. */
  readonly literals: readonly ((text: string) => boolean)[];
  /** The next name; an empty string at the end of the line. */
  parseName(): string;
  /** Copies a text to where it stays for a while; returns its address. */
  transient(text: string): number;
  /** Told of a text before it is interpreted. */
  announce(text: string): void;
}

export class TextInterpreter {
  readonly #system: InterpretedSystem;
  /** Words that it took; they count against the machine's limit too. */
  interpreted = 0;
  /** The word that it is working on, for messages. */
  word = "";

  constructor(system: InterpretedSystem) {
    this.#system = system;
  }

  /** The exception for a name that no word has. */
  undefinedWord(name: string): ForthException {
    this.word = name;
    return new ForthException(-13);
  }

  /** What EXECUTE does, from the text interpreter. */
  execute(token: number): void {
    const { machine } = this.#system;
    let xt = token;
    for (let deferred = 0; deferred < LONGEST_CHAIN; deferred++) {
      if (machine.tokens[xt] !== 1) throw new ForthException(-9, `${xt} is not an execution token`);
      const arg = machine.arg[xt];
      switch (machine.shapes[machine.op[xt]].name) {
        case "(docol)":
          machine.run(arg);
          return;
        case "(docon)":
        case "(dovar)":
          machine.push(machine.literals[xt]);
          return;
        case "(doval)":
          machine.push(machine.memory.fetchCell(arg));
          return;
        case "(dodoes)":
          machine.push(arg);
          machine.run(machine.arg[xt + 1]);
          return;
        case "(dodefer)":
          xt = machine.memory.fetch(arg);
          break;
        case "execute":
          xt = machine.pop();
          break;
        case "perform":
          xt = machine.memory.fetch(machine.pop());
          break;
        case "catch":
          this.#catch(machine.pop());
          return;
        case "throw": {
          const code = machine.pop();
          if (code === 0) return;
          throw machine.caught?.code === code ? machine.caught : new ForthException(code);
        }
        default:
          machine.runPrimitive(xt);
          return;
      }
    }
    throw new ForthException(-27, `a chain of ${LONGEST_CHAIN} deferred words: does one defer to itself?`);
  }

  /** CATCH, from the text interpreter. */
  #catch(xt: number): void {
    const { machine } = this.#system;
    const { sp, rp, lp, handler } = machine;
    const mark = machine.hostMark();
    try {
      this.execute(xt);
      machine.push(0);
    } catch (thrown) {
      const exception = asForthException(thrown);
      machine.caught = exception;
      machine.restoreHost(mark);
      machine.restore({ sp, rp, lp, handler });
      machine.push(exception.code);
    }
  }

  /** Interprets the rest of the current line. */
  interpret(): void {
    for (;;) {
      const name = this.#system.parseName();
      if (name === "") return;
      this.word = name;
      this.step();
      const { compiling } = this.#system;
      if (compiling && this.#system.compiler.locals.fetch(name)) continue;
      const word = this.#system.dictionary.find(name);
      if (word !== undefined) {
        if (compiling && word.compilation !== undefined) this.execute(word.compilation);
        else if (compiling && !word.immediate) this.#system.compiler.compile(word.xt);
        else if (word.compileOnly && !compiling) throw new ForthException(-14);
        else this.execute(word.xt);
        continue;
      }
      const { machine } = this.#system;
      const number = readLiteral(name, machine.memory.fetch(this.#system.at.base), machine.cell.bits);
      if (number === undefined) {
        if (this.#system.literals.some((read) => read(name))) continue;
        throw this.undefinedWord(name);
      }
      for (const x of cellsOfNumber(number, machine.cell)) {
        if (compiling) this.#system.compiler.literal(x);
        else machine.push(x);
      }
    }
  }

  /** Counts what the text interpreter does: a text can repeat itself without running any virtual instruction. */
  step(): void {
    if (++this.interpreted > this.#system.machine.blocks.limit) throw new Halt("limit");
  }

  /** Runs something on a nested source, and leaves that again whatever happens. */
  nested(run: () => void): void {
    const depth = this.#system.input.stack.length;
    try {
      run();
    } catch (thrown) {
      if (thrown instanceof Halt) {
        this.locate(thrown);
        throw thrown;
      }
      const exception = asForthException(thrown);
      this.locate(exception);
      throw exception;
    } finally {
      while (this.#system.input.stack.length >= depth) this.#system.input.leave();
    }
  }

  /** Notes where the text interpreter stands, unless something inside has. */
  locate(exception: ForthException | Halt): void {
    if (exception.place !== undefined) return;
    const { name, line } = this.#system.input.current;
    exception.place = `${name}:${line}`;
    exception.word = this.word;
  }

  evaluate(address: number, length: number): void {
    if (length > 0) this.#system.machine.memory.check(address, length);
    this.#system.input.enterString(address, length);
    this.nested(() => this.interpret());
  }

  /** Interprets text given by the host: a command line's words. */
  evaluateText(text: string, name: string): void {
    this.#system.announce(text);
    const address = this.#system.heap.allocate(text.length);
    if (address === 0) throw new ForthException(-59);
    this.#system.machine.memory.setText(address, text);
    Object.assign(this.#system.input.enterString(address, text.length), { name, line: 1 });
    this.nested(() => this.whole(() => this.interpret()));
    this.#system.heap.free(address);
  }

  /** Runs a parsing word with a text as its input. */
  evaluateParsing(text: string, xt: number): void {
    this.#system.input.enterString(this.#system.transient(text), text.length);
    this.nested(() => this.execute(xt));
  }

  evaluateBlock(number: number): void {
    this.#system.input.enterBlock(number);
    this.nested(() => this.interpret());
  }

  /** Interprets a text in which no definition may stay open. */
  whole(interpret: () => void): void {
    const unfinished = (): string | undefined => (this.#system.compiling ? this.#system.compiler.unfinished : undefined);
    const before = unfinished();
    interpret();
    const after = unfinished();
    if (after === undefined || after === before) return;
    this.word = after;
    throw new ForthException(-39, "unfinished definition at the end");
  }
}
