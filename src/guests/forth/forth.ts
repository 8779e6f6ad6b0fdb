// A Forth 2012 system: the text interpreter over the machine, the dictionary and the compiler; data space, parsing
// and output, as words need them. All of this is TypeScript and leaves no trace; what colon definitions execute is traced.
import { messageOf } from "../../errors.ts";
import { BlockFile } from "./block-file.ts";
import { Compiler } from "./compiler.ts";
import type { Console } from "./console.ts";
import { Dictionary, FORTH_WORDLIST, type Word } from "./dictionary.ts";
import { unescaped } from "./escapes.ts";
import { ForthException, Halt } from "./exceptions.ts";
import { Files } from "./files.ts";
import { Heap } from "./heap.ts";
import { Hooks } from "./hooks.ts";
import { Input } from "./input.ts";
import type { Cell, CellBits } from "./machine/cells.ts";
import type { InstructionOptions } from "./machine/instructions.ts";
import { instructions } from "./machine/instructions.ts";
import { type HostWord, Machine } from "./machine/machine.ts";
import { BLOCK_BUFFERS, DICTIONARY_START, STRINGS, type SystemCells, systemCells } from "./memory-map.ts";
import { OptionalWords, type WordSet } from "./optional-words.ts";
import { SourceFiles } from "./source-files.ts";
import { TextInterpreter } from "./text-interpreter.ts";

/** Bytes of data that the words of an optional set may have. */
const OPTIONAL_DATA = 4096;
const MOST_EMPTY_LINES = 100;
/** Bits of the machine's mark for nested sources; the depth of the floating-point stack is above them. */
const MARK_OF_FLOATS = 8;

/** What programs may choose of their machine. */
export interface ForthOptions {
  /** Bytes of data memory. */
  readonly memoryBytes?: number | undefined;
  readonly cellBits?: CellBits | undefined;
}

export class Forth {
  readonly machine: Machine;
  /** Addresses of the system's own cells. */
  readonly at: SystemCells;
  readonly dictionary: Dictionary;
  readonly compiler: Compiler;
  readonly heap: Heap;
  readonly files = new Files();
  readonly console: Console;
  readonly input: Input;
  readonly blocks: BlockFile;
  readonly interpreter: TextInterpreter;
  readonly sources: SourceFiles;
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
  /** Lines that ACCEPT made up at the end of the input. */
  #emptyLines = 0;

  constructor(console: Console, optional: readonly WordSet<Forth>[], { memoryBytes, cellBits }: ForthOptions = {}) {
    this.console = console;
    this.machine = new Machine(memoryBytes, cellBits);
    this.at = systemCells(this.machine.cell.bytes);
    this.heap = new Heap(this.machine.dictionaryEnd, this.machine.heapEnd);
    this.#dataSpace = [DICTIONARY_START, this.machine.dictionaryEnd];
    this.dictionary = new Dictionary({
      fetch: () => this.machine.memory.fetch(this.at.current),
      store: (wid) => this.machine.memory.store(this.at.current, wid),
    });
    this.compiler = new Compiler(this.machine, this.dictionary);
    this.blocks = new BlockFile(this.machine, this.files, BLOCK_BUFFERS);
    this.input = new Input(this.machine, this.heap, this.at.in, this.at.blk, this.blocks, () => console.readLine());
    this.interpreter = new TextInterpreter(this);
    this.sources = new SourceFiles(this.interpreter, this.files, this.input, (text) => this.announce(text));
    this.dictionary.dp = () => this.dp;
    this.hooks = new Hooks(this.machine, this.at.hooks);
    this.machine.memory.store(this.at.base, 10);
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
      // a word that POSTPONEs one may be executed between [ and ]
      if (!this.compiling && !this.compiler.compiling) throw new ForthException(-14);
      run();
    };
    this.word(name, "--", act, { immediate: true });
  }

  /** HERE. */
  get dp(): number {
    return this.machine.memory.fetch(this.at.dp);
  }
  set dp(address: number) {
    this.machine.memory.store(this.at.dp, address);
  }
  /** The file that TYPE and EMIT write to; 1 is the console. */
  get output(): number {
    return this.machine.memory.fetch(this.at.output);
  }
  set output(id: number) {
    this.machine.memory.store(this.at.output, id);
  }
  get compiling(): boolean {
    return this.machine.memory.fetch(this.at.state) !== 0;
  }
  set compiling(on: boolean) {
    this.machine.memory.store(this.at.state, on ? -1 : 0);
  }

  // --- data space ---

  allot(bytes: number): void {
    const [start, end] = this.#dataSpace;
    if (this.dp + bytes > end || this.dp + bytes < start) throw new ForthException(-8);
    this.dp += bytes;
  }
  align(): void {
    this.allot(-this.dp & (this.machine.cell.bytes - 1));
  }
  comma(x: Cell): void {
    const { bytes } = this.machine.cell;
    this.allot(bytes);
    this.machine.memory.store(this.dp - bytes, x);
  }
  /** Copies a text into the dictionary, and leaves HERE as aligned as it was; returns its address. */
  place(text: string): number {
    const address = this.dp;
    this.allot((text.length + this.machine.cell.bytes - 1) & -this.machine.cell.bytes);
    this.machine.memory.setText(address, text);
    return address;
  }
  /** Copies a text to where it stays until many more strings were read. */
  transient(text: string): number {
    if (text.length > DICTIONARY_START - STRINGS) throw new ForthException(-18);
    if (this.#stringAt + text.length > DICTIONARY_START) this.#stringAt = STRINGS;
    const address = this.#stringAt;
    this.#stringAt += (text.length + 7) & ~7;
    this.machine.memory.setText(address, text);
    return address;
  }

  // --- parsing ---

  parseText(delimiter: string): string {
    const [address, length] = this.input.parse(delimiter.charCodeAt(0));
    return this.machine.memory.text(address, length);
  }
  /** The next name; an empty string at the end of the line. */
  parseName(): string {
    const [address, length] = this.input.parseName();
    return this.machine.memory.text(address, length);
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
    if (word === undefined) throw this.interpreter.undefinedWord(name);
    return word;
  }

  /** The text of S\\" up to its closing quote, with escapes replaced. */
  parseEscaped(): string {
    const { current } = this.input;
    const { text, length } = unescaped(
      this.machine.memory.text(current.address + this.input.position, current.length - this.input.position),
    );
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
    this.interpreter.execute(this.hooks.action(name));
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
    this.interpreter.interpreted = 0;
    this.machine.blocks.forget();
    this.dictionary.missing = (name) => this.optional.provide(name);
  }

  /** Adds the optional word sets that a text needs, once the system is whole. */
  announce(text: string): void {
    if (this.systemWords > 0) this.optional.provideFor(text);
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
      base: machine.memory.fetch(this.at.base),
      word: this.interpreter.word,
      interpreted: this.interpreter.interpreted,
    };
    const room = this.heap.allocate(OPTIONAL_DATA);
    if (room === 0) throw new ForthException(-59);
    this.#dataSpace = [room, room + OPTIONAL_DATA];
    this.dp = room;
    this.compiling = false;
    machine.memory.store(this.at.base, 10);
    dictionary.order = [FORTH_WORDLIST];
    dictionary.current = FORTH_WORDLIST;
    for (const [name, effect, run, options] of words) this.word(name, effect, (m) => run(m, this), options);
    complete?.(this);
    this.interpreter.evaluateText(prelude, "prelude");
    Object.assign(dictionary, { latest, order, current });
    compiler.latestXt = latestXt;
    machine.memory.store(this.at.base, before.base);
    this.compiling = before.compiling;
    this.#dataSpace = [DICTIONARY_START, machine.dictionaryEnd];
    this.dp = before.dp;
    this.interpreter.word = before.word;
    this.interpreter.interpreted = before.interpreted;
    if (around >= 0) machine.target(around);
  }

  bye(exitCode: number): never {
    throw new Halt("bye", exitCode & 255);
  }
}
