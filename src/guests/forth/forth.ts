// A Forth 2012 system with 32-bit cells: the text interpreter over the machine, the dictionary and the compiler.
// The text interpreter and the compiler are TypeScript and leave no trace; what colon definitions execute is traced.
//
// Memory:  system cells | WORD and number buffers | PAD | block buffers | S" strings | dictionary … | heap … | locals
import { dirname, isAbsolute, join } from "node:path";
import { Blocks } from "./blocks.ts";
import { Compiler } from "./compiler.ts";
import type { Console } from "./console.ts";
import { Dictionary, type Word } from "./dictionary.ts";
import { ForthException, Halt } from "./exceptions.ts";
import { Files } from "./files.ts";
import { Heap } from "./heap.ts";
import { Input } from "./input.ts";
import type { InstructionOptions } from "./instructions.ts";
import { instructions } from "./instructions.ts";
import { DICTIONARY_END, HEAP_END, type HostWord, Machine } from "./machine.ts";
import { readNumber } from "./numbers.ts";

/** Cells of the system in data memory. */
export const CELL = { state: 4096, base: 4100, in: 4104, blk: 4108, scr: 4112, span: 4116 } as const;
export const HOLD_END = 4864;
export const WORD_BUFFER = 5120;
export const PAD = 8192;
const BLOCK_BUFFERS = 16384;
const STRINGS = 65536;
const STRINGS_END = STRINGS + 65536;
const DICTIONARY_START = STRINGS_END;

const ESCAPES: Record<string, string> = {
  a: "\x07",
  b: "\b",
  e: "\x1b",
  f: "\f",
  l: "\n",
  m: "\r\n",
  n: "\n",
  q: '"',
  r: "\r",
  t: "\t",
  v: "\v",
  z: "\0",
  '"': '"',
  "\\": "\\",
};

export class Forth {
  readonly machine = new Machine();
  readonly dictionary = new Dictionary();
  readonly compiler = new Compiler(this.machine, this.dictionary);
  readonly heap = new Heap(DICTIONARY_END, HEAP_END);
  readonly files = new Files();
  readonly console: Console;
  readonly input: Input;
  /** HERE. */
  dp = DICTIONARY_START;
  readonly blocks = new Blocks(this.machine, BLOCK_BUFFERS);
  /** Files that REQUIRED need not load again. */
  readonly loaded = new Set<string>();
  #stringAt = STRINGS;
  /** The word that the text interpreter is working on, for messages. */
  #word = "";

  constructor(console: Console) {
    this.console = console;
    this.input = new Input(this.machine, this.heap, CELL.in, CELL.blk, this.blocks, () => console.readLine());
    this.machine.store(CELL.base, 10);
    this.machine.inputDepth = () => this.input.stack.length;
    this.machine.unnest = (depth) => {
      while (this.input.stack.length > depth) this.input.leave();
    };
    for (const [name, , , options = {}] of instructions) {
      if (options.hidden) continue;
      this.dictionary.add(name, this.machine.emitToken(this.machine.number(name), 0));
    }
  }

  /** Defines a word that the host executes. Its effect gives the cells that it takes and leaves. */
  word(name: string, effect: string, run: HostWord, options: InstructionOptions = {}): void {
    const number = this.machine.defineHostWord(name, effect, run, options);
    const word = this.dictionary.add(name, this.machine.emitToken(number, 0));
    word.immediate = options.immediate === true;
  }

  get compiling(): boolean {
    return this.machine.fetch(CELL.state) !== 0;
  }
  set compiling(on: boolean) {
    this.machine.store(CELL.state, on ? -1 : 0);
  }

  // --- data space ---

  allot(bytes: number): void {
    if (this.dp + bytes > DICTIONARY_END || this.dp + bytes < DICTIONARY_START) throw new ForthException(-8);
    this.dp += bytes;
  }
  align(): void {
    this.allot(-this.dp & 3);
  }
  comma(x: number): void {
    this.allot(4);
    this.machine.store(this.dp - 4, x);
  }
  /** Copies a text into the dictionary; returns its address. */
  place(text: string): number {
    const address = this.dp;
    this.allot(text.length);
    this.machine.setText(address, text);
    return address;
  }
  /** Copies a text to where it stays until many more strings were read. */
  transient(text: string): number {
    if (text.length > STRINGS_END - STRINGS) throw new ForthException(-18);
    if (this.#stringAt + text.length > STRINGS_END) this.#stringAt = STRINGS;
    const address = this.#stringAt;
    this.#stringAt += (text.length + 7) & ~7;
    this.machine.setText(address, text);
    return address;
  }

  // --- parsing ---

  parseText(delimiter: string): string {
    const [address, length] = this.input.parse(delimiter.charCodeAt(0));
    return this.machine.text(address, length);
  }
  /** The next name; an empty string at the end of the line. */
  parseName(): string {
    const [address, length] = this.input.parseName();
    return this.machine.text(address, length);
  }
  /** The next name, which must be there. */
  nextName(): string {
    const name = this.parseName();
    if (name === "") throw new ForthException(-16, "a name is missing at the end of the line");
    return name;
  }
  /** The word that the next name names. */
  tick(): Word {
    const name = this.nextName();
    const word = this.dictionary.find(name);
    if (word === undefined) throw this.#undefined(name);
    return word;
  }
  #undefined(name: string): ForthException {
    this.#word = name;
    return new ForthException(-13);
  }

  /** The text of S\\" up to its closing quote, with escapes replaced. */
  parseEscaped(): string {
    const { current } = this.input;
    const rest = this.machine.text(current.address + this.input.position, current.length - this.input.position);
    let text = "";
    let at = 0;
    for (; at < rest.length && rest[at] !== '"'; at++) {
      if (rest[at] !== "\\") {
        text += rest[at];
        continue;
      }
      const code = rest[++at] ?? "";
      if (code === "x") {
        const hex = /^[0-9a-f]{2}/i.exec(rest.slice(at + 1));
        if (hex === null) throw new ForthException(-24, "two hexadecimal digits must follow \\x");
        text += String.fromCharCode(Number.parseInt(hex[0], 16));
        at += 2;
      } else {
        const replacement = ESCAPES[code];
        if (replacement === undefined) throw new ForthException(-24, `unknown escape \\${code} in a string`);
        text += replacement;
      }
    }
    this.input.position += Math.min(at + 1, rest.length);
    return text;
  }

  type(text: string): void {
    this.console.write(Buffer.from(text, "latin1"));
  }

  /** KEY: the next character. @throws ForthException -39 at the end of the input, where a program would wait for ever */
  key(): number {
    const key = this.console.readKey();
    if (key < 0) throw new ForthException(-39, "unexpected end of input in KEY");
    return key;
  }

  bye(exitCode: number): never {
    throw new Halt("bye", exitCode & 255);
  }

  // --- the text interpreter ---

  /** What EXECUTE does, from the text interpreter. */
  execute(xt: number): void {
    const { machine } = this;
    if (machine.tokens[xt] !== 1) throw new ForthException(-9, `${xt} is not an execution token`);
    const arg = machine.arg[xt];
    switch (machine.shapes[machine.op[xt]].name) {
      case "(docol)":
        machine.run(arg);
        break;
      case "(docon)":
      case "(dovar)":
        machine.push(arg);
        break;
      case "(doval)":
        machine.push(machine.fetch(arg));
        break;
      case "(dodefer)":
        this.execute(machine.fetch(arg));
        break;
      case "(dodoes)":
        machine.push(arg);
        machine.run(machine.arg[xt + 1]);
        break;
      case "execute":
        this.execute(machine.pop());
        break;
      default:
        machine.runPrimitive(xt);
    }
  }

  /** Interprets the rest of the current line. */
  interpret(): void {
    for (;;) {
      const name = this.parseName();
      if (name === "") return;
      this.#word = name;
      if (this.compiling && this.compiler.localFetch(name)) continue;
      const word = this.dictionary.find(name);
      if (word !== undefined) {
        if (this.compiling && !word.immediate) this.compiler.compile(word.xt);
        else this.execute(word.xt);
        continue;
      }
      const number = readNumber(name, this.machine.fetch(CELL.base));
      if (number === undefined) throw this.#undefined(name);
      for (const x of number.double ? [number.low, number.high] : [number.low]) {
        if (this.compiling) this.compiler.literal(x);
        else this.machine.push(x);
      }
    }
  }

  /** Runs something on a nested source, and leaves that again whatever happens. */
  #nested(run: () => void): void {
    const depth = this.input.stack.length;
    try {
      run();
    } catch (thrown) {
      this.locate(thrown);
      throw thrown;
    } finally {
      while (this.input.stack.length >= depth) this.input.leave();
    }
  }

  /** Notes on whatever ends a run where the text interpreter stands, unless something inside has. */
  locate(thrown: unknown): void {
    if (!(thrown instanceof ForthException || thrown instanceof Halt) || thrown.place !== undefined) return;
    const { name, line } = this.input.current;
    thrown.place = `${name}:${line}`;
    if (thrown instanceof ForthException) thrown.word = this.#word;
  }

  evaluate(address: number, length: number): void {
    if (length > 0) this.machine.check(address, length);
    this.input.enterString(address, length);
    this.#nested(() => this.interpret());
  }

  /** Interprets text given by the host: a command line's words. */
  evaluateText(text: string, name: string): void {
    const address = this.heap.allocate(text.length);
    this.machine.setText(address, text);
    Object.assign(this.input.enterString(address, text.length), { name, line: 1 });
    this.#nested(() => this.interpret());
    this.heap.free(address);
  }

  /** Runs a parsing word with a text as its input. */
  evaluateParsing(text: string, xt: number): void {
    this.input.enterString(this.transient(text), text.length);
    this.#nested(() => this.execute(xt));
  }

  evaluateBlock(number: number): void {
    this.input.enterBlock(number);
    this.#nested(() => this.interpret());
  }

  /** Where a file named in a program is: beside the file being read, as in Gforth, if it is not found from the folder. */
  resolve(path: string): string {
    if (isAbsolute(path)) return path;
    const from = this.input.stack.findLast((source) => source.file !== undefined)?.file?.path;
    return from === undefined ? path : join(dirname(from), path);
  }

  /** Reads an open file to its end as Forth. */
  includeFile(id: number): void {
    const file = this.files.byId(id);
    if (file === undefined) throw new ForthException(-37, `${id} is not an open file`);
    this.input.enterFile(file);
    this.#nested(() => {
      while (this.input.refill()) this.interpret();
    });
  }

  included(path: string): void {
    let file: ReturnType<Files["open"]> | undefined;
    for (const candidate of new Set([this.resolve(path), path])) {
      try {
        file = this.files.open(candidate, "r");
        break;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOENT") {
          throw new ForthException(-37, `cannot read ${candidate}: ${(error as Error).message}`);
        }
      }
    }
    if (file === undefined) throw new ForthException(-38, `no such file: ${path}`);
    this.loaded.add(file.path);
    try {
      this.includeFile(file.id);
    } finally {
      this.files.close(file);
    }
  }

  required(path: string): void {
    if (!this.loaded.has(this.resolve(path)) && !this.loaded.has(path)) this.included(path);
  }

  /** QUIT: empties the return stack and reads the terminal until it ends. */
  quit(): void {
    while (this.input.stack.length > 1) this.input.leave();
    this.machine.rp = 0;
    this.machine.handler = 0;
    this.compiling = false;
    this.compiler.abandon();
    while (this.input.refill()) this.interpret();
  }

  /**
   * Runs `program` with this Forth until it ends or says BYE. QUIT continues on the terminal.
   * @returns the exit code that BYE gave
   * @throws ForthException what the program did not catch, with its place
   */
  session(program: () => void): number {
    try {
      for (let step = program; ; step = () => this.quit()) {
        try {
          step();
          return 0;
        } catch (thrown) {
          if (!(thrown instanceof ForthException)) throw thrown;
          if (thrown.code !== -56) {
            this.locate(thrown);
            throw thrown;
          }
        }
      }
    } catch (thrown) {
      if (thrown instanceof Halt && thrown.reason === "bye") return thrown.exitCode;
      throw thrown;
    } finally {
      this.files.closeAll();
    }
  }
}
