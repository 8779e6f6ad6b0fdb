// Source files of a Forth program: finds them beside the file being read, among the libraries that Forth brings, and reads them once.
import { dirname, isAbsolute, join } from "#platform/path";
import { ForthException } from "./exceptions.ts";
import type { Files, OpenFile } from "./files.ts";
import type { Input } from "./input.ts";
import { library } from "./library/library.ts";
import type { TextInterpreter } from "./text-interpreter.ts";

export class SourceFiles {
  /** Files that REQUIRED need not load again. */
  readonly loaded = new Set<string>();
  readonly #interpreter: TextInterpreter;
  readonly #files: Files;
  readonly #input: Input;
  readonly #announce: (text: string) => void;

  /** @param announce is told of a file's text before it is interpreted */
  constructor(interpreter: TextInterpreter, files: Files, input: Input, announce: (text: string) => void) {
    this.#interpreter = interpreter;
    this.#files = files;
    this.#input = input;
    this.#announce = announce;
  }

  /** Where a file named in a program is: beside the file being read, as in Gforth, if it is not found from the folder. */
  resolve(path: string): string {
    if (isAbsolute(path)) return path;
    const from = this.#input.stack.findLast((source) => source.file !== undefined)?.file?.path;
    return from === undefined ? path : join(dirname(from), path);
  }

  /** Reads an open file to its end as Forth. */
  includeFile(id: number): void {
    const file = this.#files.byId(id);
    if (file === undefined) throw new ForthException(-37, `${id} is not an open file`);
    this.#announce(file.rest().toString("latin1"));
    this.#input.enterFile(file);
    this.#interpreter.nested(() =>
      this.#interpreter.whole(() => {
        while (this.#input.refill()) this.#interpreter.interpret();
      }),
    );
  }

  /** Beside the program, where libraries of several files are looked for last. */
  #besideProgram(path: string): string {
    const program = this.#input.stack.find((source) => source.file !== undefined)?.file?.path;
    return program === undefined || isAbsolute(path) ? path : join(dirname(program), path);
  }

  included(path: string): void {
    let file: OpenFile | undefined;
    for (const candidate of new Set([this.resolve(path), path, this.#besideProgram(path)])) {
      try {
        file = this.#files.open(candidate, "r");
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
      this.#interpreter.evaluateText(text, path);
      return;
    }
    this.loaded.add(file.path);
    try {
      this.includeFile(file.id);
    } finally {
      this.#files.close(file);
    }
  }

  required(path: string): void {
    for (const candidate of [this.resolve(path), path, this.#besideProgram(path)]) if (this.loaded.has(candidate)) return;
    this.included(path);
  }
}
