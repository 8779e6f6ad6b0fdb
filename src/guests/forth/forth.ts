// A Forth 2012 system with 32-bit cells: the text interpreter over the machine, the dictionary and the compiler.
// The text interpreter and the compiler are TypeScript and leave no trace; what colon definitions execute is traced.
import { dirname, isAbsolute, join } from "#platform/path";
import { messageOf } from "../../errors.ts";
import { BlockFile } from "./block-file.ts";
import { Compiler } from "./compiler.ts";
import type { Console } from "./console.ts";
import { Dictionary, FORTH_WORDLIST, type Word } from "./dictionary.ts";
import { unescaped } from "./escapes.ts";
import { asForthException, ForthException, Halt } from "./exceptions.ts";
import { Files, type OpenFile } from "./files.ts";
import { Heap } from "./heap.ts";
import { Hooks } from "./hooks.ts";
import { Input } from "./input.ts";
import { library } from "./library/library.ts";
import type { InstructionOptions } from "./machine/instructions.ts";
import { instructions } from "./machine/instructions.ts";
import { type HostWord, Machine } from "./machine/machine.ts";
import { BLOCK_BUFFERS, CELL, DICTIONARY_START, STRINGS } from "./memory-map.ts";
import { readLiteral } from "./numbers.ts";
import { OptionalWords, type WordSet } from "./optional-words.ts";

/** Bytes of data that the words of an optional set may have. */
const OPTIONAL_DATA = 4096;
const MOST_EMPTY_LINES = 100;
/** Bits of the machine's mark for nested sources; the depth of the floating-point stack is above them. */
const MARK_OF_FLOATS = 8;
/** Deferred words that lead to each other. */
const LONGEST_CHAIN = 1000;

export class Forth {
  readonly machine: Machine;
  readonly dictionary: Dictionary;
  readonly compiler: Compiler;
  readonly heap: Heap;
  readonly files = new Files();
  readonly console: Console;
  readonly input: Input;
  readonly blocks: BlockFile;
  /** Files that REQUIRED need not load again. */
  readonly loaded = new Set<string>();
  /** Where ALLOT may go. */
  #dataSpace: readonly [start: number, end: number];
  #stringAt = STRINGS;
  /** The name that the next defining word takes instead of parsing one (NEXTNAME; NONAME: none at all). */
  #nextName: { readonly name: string | undefined } | undefined;
  readonly hooks: Hooks;
  readonly optional: OptionalWords<Forth>;
  /** Readers of literals that are no cells: each takes a text, compiles or pushes it, and says so. */
  readonly literals: ((text: string) => boolean)[] = [];
  /** How TO stores into values that are no cells, by the DOES> code of such words. */
  readonly storesOfValues = new Map<number, { readonly instruction: string; store(address: number): void }>();
  /** What EXCEPTION made: messages of new exceptions. */
  readonly exceptionTexts = new Map<number, string>();
  /** Words that are the system's own, which FORGET must keep. */
  systemWords = 0;
  /** Words that the text interpreter took; they count against the machine's limit too. */
  #interpreted = 0;
  /** Lines that ACCEPT made up at the end of the input. */
  #emptyLines = 0;
  /** The word that the text interpreter is working on, for messages. */
  #word = "";

  constructor(console: Console, optional: readonly WordSet<Forth>[], memoryBytes?: number) {
    this.console = console;
    this.machine = new Machine(memoryBytes);
    this.heap = new Heap(this.machine.dictionaryEnd, this.machine.heapEnd);
    this.#dataSpace = [DICTIONARY_START, this.machine.dictionaryEnd];
    this.dictionary = new Dictionary(this.machine.cells, CELL.current >> 2);
    this.compiler = new Compiler(this.machine, this.dictionary);
    this.blocks = new BlockFile(this.machine, this.files, BLOCK_BUFFERS);
    this.input = new Input(this.machine, this.heap, CELL.in, CELL.blk, this.blocks, () => console.readLine());
    this.dictionary.dp = () => this.dp;
    this.hooks = new Hooks(this.machine);
    this.machine.store(CELL.base, 10);
    this.output = 1;
    this.dp = DICTIONARY_START;
    this.machine.hostMark = () => this.input.stack.length | (this.machine.floats.depth << MARK_OF_FLOATS);
    this.machine.restoreHost = (mark) => {
      while (this.input.stack.length > (mark & ((1 << MARK_OF_FLOATS) - 1))) this.input.leave();
      this.machine.floats.depth = mark >> MARK_OF_FLOATS;
    };
    this.optional = new OptionalWords(optional, this.dictionary, (set) => this.#define(set));
    for (const [name, , , options = {}] of instructions) {
      if (options.hidden) continue;
      this.dictionary.add(name, this.machine.emitToken(this.machine.number(name), 0));
    }
  }

  /** Defines a word that the host executes. Its effect gives the cells that it takes and leaves. */
  word(name: string, effect: string, run: HostWord, options: InstructionOptions = {}): void {
    const number = this.machine.defineHostWord(name, effect, run, options);
    if (options.hidden) return;
    const word = this.dictionary.add(name, this.machine.emitToken(number, 0));
    word.immediate = options.immediate === true;
  }

  /** Defines an immediate word that only acts inside a definition: control structures and their kin. */
  compileOnly(name: string, run: () => void): void {
    const act = (): void => {
      if (!this.compiling) throw new ForthException(-14);
      run();
    };
    this.word(name, "--", act, { immediate: true });
  }

  /** HERE. */
  get dp(): number {
    return this.machine.fetch(CELL.dp);
  }
  set dp(address: number) {
    this.machine.store(CELL.dp, address);
  }
  /** The file that TYPE and EMIT write to; 1 is the console. */
  get output(): number {
    return this.machine.fetch(CELL.output);
  }
  set output(id: number) {
    this.machine.store(CELL.output, id);
  }
  get compiling(): boolean {
    return this.machine.fetch(CELL.state) !== 0;
  }
  set compiling(on: boolean) {
    this.machine.store(CELL.state, on ? -1 : 0);
  }

  // --- data space ---

  allot(bytes: number): void {
    const [start, end] = this.#dataSpace;
    if (this.dp + bytes > end || this.dp + bytes < start) throw new ForthException(-8);
    this.dp += bytes;
  }
  align(): void {
    this.allot(-this.dp & 3);
  }
  comma(x: number): void {
    this.allot(4);
    this.machine.store(this.dp - 4, x);
  }
  /** Copies a text into the dictionary, and leaves HERE as aligned as it was; returns its address. */
  place(text: string): number {
    const address = this.dp;
    this.allot((text.length + 3) & ~3);
    this.machine.setText(address, text);
    return address;
  }
  /** Copies a text to where it stays until many more strings were read. */
  transient(text: string): number {
    if (text.length > DICTIONARY_START - STRINGS) throw new ForthException(-18);
    if (this.#stringAt + text.length > DICTIONARY_START) this.#stringAt = STRINGS;
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
  /** The name that a defining word gives; undefined for none. */
  newName(): string | undefined {
    const given = this.#nextName;
    this.#nextName = undefined;
    return given === undefined ? this.nextName() : given.name;
  }
  /** NEXTNAME, and NONAME without a name. */
  nameNext(name: string | undefined): void {
    this.#nextName = { name };
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
    const { text, length } = unescaped(this.machine.text(current.address + this.input.position, current.length - this.input.position));
    this.input.position += length;
    return text;
  }

  write(bytes: Uint8Array): void {
    if (this.output === 1) {
      this.console.write(bytes);
      return;
    }
    try {
      this.writeTo(this.output, bytes);
    } catch (error) {
      throw new ForthException(-37, `cannot write the output: ${messageOf(error)}`);
    }
  }
  /** Shows a text as TYPE does. */
  type(text: string): void {
    if (!this.hooks.replaced("type")) this.write(Buffer.from(text, "latin1"));
    else {
      this.machine.push(this.transient(text));
      this.machine.push(text.length);
      this.runHook("type");
    }
  }
  emit(char: number): void {
    if (!this.hooks.replaced("emit")) this.write(Uint8Array.of(char));
    else {
      this.machine.push(char);
      this.runHook("emit");
    }
  }

  /**
   * Defines a word whose action programs may replace as if it were deferred (Gforth: IS TYPE), with its usual action under its name
   * in parentheses. It may run colon code, so it ends its block.
   */
  hook(name: string, effect: string, run: HostWord): void {
    this.word(`(${name})`, effect, run);
    const usual = this.dictionary.latest?.xt ?? 0;
    const hooked = (): void => {
      if (this.hooks.replaced(name)) this.runHook(name);
      else run(this.machine);
    };
    this.word(name, effect, hooked, { ends: true });
    this.hooks.add(name, this.dictionary.latest?.xt ?? 0, usual);
  }
  runHook(name: string): void {
    this.execute(this.hooks.action(name));
  }
  /** @throws an Error when the file is not open or cannot be written */
  writeTo(id: number, bytes: Uint8Array): void {
    if (id === 1) this.console.write(bytes);
    else if (id === 2) this.console.writeError(bytes);
    else {
      const file = this.files.byId(id);
      if (file === undefined) throw new Error(`no open file ${id}`);
      file.write(bytes);
    }
  }
  /** Blanks, however many. */
  spaces(count: number): void {
    for (let left = count; left > 0; left -= 4096) this.type(" ".repeat(Math.min(left, 4096)));
  }

  /** KEY: the next character. @throws ForthException -39 at the end of the input, where a program would wait for ever */
  key(): number {
    const key = this.console.readKey();
    if (key < 0) throw new ForthException(-39, "unexpected end of input in KEY");
    return key;
  }

  /** ACCEPT's line. At the end of the input some empty ones, then an exception: a program may ask again for ever. */
  acceptLine(): Buffer {
    const line = this.console.readLine();
    if (line !== undefined) return line;
    if (++this.#emptyLines > MOST_EMPTY_LINES) throw new ForthException(-39, "unexpected end of input in ACCEPT");
    return Buffer.alloc(0);
  }

  /** The system is whole: what it ran so far is no part of any program's trace or count, and what it defined stays. */
  complete(): void {
    this.systemWords = this.dictionary.words.length;
    this.#interpreted = 0;
    this.machine.forgetTrace();
    this.dictionary.missing = (name) => this.optional.provide(name);
  }

  /** Gives this Forth the words of a set, wherever it is: in the middle of a definition, of a table in data space, of another vocabulary. */
  #define({ words, complete, prelude }: WordSet<Forth>): void {
    const { machine, dictionary, compiler } = this;
    const around = compiler.compiling ? compiler.emit("branch") : -1;
    const { latest, order, current } = dictionary;
    const { latestXt } = compiler;
    const before = {
      dp: this.dp,
      compiling: this.compiling,
      base: machine.fetch(CELL.base),
      word: this.#word,
      interpreted: this.#interpreted,
    };
    const room = this.heap.allocate(OPTIONAL_DATA);
    if (room === 0) throw new ForthException(-59);
    this.#dataSpace = [room, room + OPTIONAL_DATA];
    this.dp = room;
    this.compiling = false;
    machine.store(CELL.base, 10);
    dictionary.order = [FORTH_WORDLIST];
    dictionary.current = FORTH_WORDLIST;
    for (const [name, effect, run, options] of words) this.word(name, effect, (m) => run(m, this), options);
    complete?.(this);
    this.evaluateText(prelude, "prelude");
    Object.assign(dictionary, { latest, order, current });
    compiler.latestXt = latestXt;
    machine.store(CELL.base, before.base);
    this.compiling = before.compiling;
    this.#dataSpace = [DICTIONARY_START, machine.dictionaryEnd];
    this.dp = before.dp;
    this.#word = before.word;
    this.#interpreted = before.interpreted;
    if (around >= 0) machine.target(around);
  }

  bye(exitCode: number): never {
    throw new Halt("bye", exitCode & 255);
  }

  // --- the text interpreter ---

  /** What EXECUTE does, from the text interpreter. */
  execute(token: number): void {
    const { machine } = this;
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
          machine.push(arg);
          return;
        case "(doval)":
          machine.push(machine.fetch(arg));
          return;
        case "(dodoes)":
          machine.push(arg);
          machine.run(machine.arg[xt + 1]);
          return;
        case "(dodefer)":
          xt = machine.fetch(arg);
          break;
        case "execute":
          xt = machine.pop();
          break;
        case "perform":
          xt = machine.fetch(machine.pop());
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
    const { machine } = this;
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
      const name = this.parseName();
      if (name === "") return;
      this.#word = name;
      this.step();
      const { compiling } = this;
      if (compiling && this.compiler.localFetch(name)) continue;
      const word = this.dictionary.find(name);
      if (word !== undefined) {
        if (compiling && word.compilation !== undefined) this.execute(word.compilation);
        else if (compiling && !word.immediate) this.compiler.compile(word.xt);
        else if (word.compileOnly && !compiling) throw new ForthException(-14);
        else this.execute(word.xt);
        continue;
      }
      const number = readLiteral(name, this.machine.fetch(CELL.base));
      if (number === undefined) {
        if (this.literals.some((read) => read(name))) continue;
        throw this.#undefined(name);
      }
      for (const x of number.double ? [number.low, number.high] : [number.low]) {
        if (compiling) this.compiler.literal(x);
        else this.machine.push(x);
      }
    }
  }

  /** Words that the text interpreter took. */
  get interpreted(): number {
    return this.#interpreted;
  }
  /** Counts what the text interpreter does: a text can repeat itself without running any virtual instruction. */
  step(): void {
    if (++this.#interpreted > this.machine.limit) throw new Halt("limit");
  }

  /** Runs something on a nested source, and leaves that again whatever happens. */
  #nested(run: () => void): void {
    const depth = this.input.stack.length;
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
      while (this.input.stack.length >= depth) this.input.leave();
    }
  }

  /** Notes where the text interpreter stands, unless something inside has. */
  locate(exception: ForthException | Halt): void {
    if (exception.place !== undefined) return;
    const { name, line } = this.input.current;
    exception.place = `${name}:${line}`;
    exception.word = this.#word;
  }

  evaluate(address: number, length: number): void {
    if (length > 0) this.machine.check(address, length);
    this.input.enterString(address, length);
    this.#nested(() => this.interpret());
  }

  /** Interprets text given by the host: a command line's words. */
  evaluateText(text: string, name: string): void {
    if (this.systemWords > 0) this.optional.provideFor(text);
    const address = this.heap.allocate(text.length);
    if (address === 0) throw new ForthException(-59);
    this.machine.setText(address, text);
    Object.assign(this.input.enterString(address, text.length), { name, line: 1 });
    this.#nested(() => this.#whole(() => this.interpret()));
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
    this.optional.provideFor(file.rest().toString("latin1"));
    this.input.enterFile(file);
    this.#nested(() =>
      this.#whole(() => {
        while (this.input.refill()) this.interpret();
      }),
    );
  }

  /** Interprets a text in which no definition may stay open. */
  #whole(interpret: () => void): void {
    const unfinished = (): string | undefined => (this.compiling ? this.compiler.unfinished : undefined);
    const before = unfinished();
    interpret();
    const after = unfinished();
    if (after === undefined || after === before) return;
    this.#word = after;
    throw new ForthException(-39, "unfinished definition at the end");
  }

  included(path: string): void {
    let file: OpenFile | undefined;
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
    if (file === undefined) {
      const text = library.get(path);
      if (text === undefined) throw new ForthException(-38, `no such file: ${path}`);
      this.loaded.add(path);
      this.evaluateText(text, path);
      return;
    }
    this.loaded.add(file.path);
    try {
      this.includeFile(file.id);
    } finally {
      this.files.close(file);
    }
  }

  required(path: string): void {
    if (this.loaded.has(this.resolve(path)) || this.loaded.has(path)) return;
    this.included(path);
  }

  /** QUIT: empties the return stack and reads the terminal until it ends. */
  quit(): void {
    while (this.input.stack.length > 1) this.input.leave();
    this.machine.clearReturnStack();
    this.output = 1;
    this.dp = DICTIONARY_START;
    this.compiling = false;
    this.compiler.abandon();
    while (this.input.refill()) this.interpret();
  }

  /** An exception that nothing catches, with all that is known of it. */
  #explained(exception: ForthException): ForthException {
    this.locate(exception);
    const text = this.exceptionTexts.get(exception.code);
    if (exception.detail !== undefined || text === undefined) return exception;
    return Object.assign(new ForthException(exception.code, text), { place: exception.place, word: exception.word });
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
          const exception = asForthException(thrown);
          if (exception.code !== -56) throw this.#explained(exception);
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
