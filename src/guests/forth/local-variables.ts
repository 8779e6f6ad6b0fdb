// Compiles local variables: a frame of cells below lp, the newest at lp.
import type { DefinitionCompiler, LocalKind } from "./definition.ts";
import { ForthException } from "./exceptions.ts";

const FLOAT_BYTES = 8;
const CELL_LOCAL: LocalKind = { cells: 1, address: false };

export class LocalVariables {
  readonly #compiler: DefinitionCompiler;

  readonly #cellBytes: number;

  constructor(compiler: DefinitionCompiler, cellBytes: number) {
    this.#compiler = compiler;
    this.#cellBytes = cellBytes;
  }

  /** Frees locals that were declared since a branch target was noted. @param to bytes of locals there @param keep whether they are out of scope from here on */
  drop(to: number, keep: boolean): void {
    const definition = this.#compiler.definition();
    const extra = definition.localsBytes - to;
    if (extra <= 0) return;
    this.#compiler.emit("lp+!#", extra);
    if (!keep) return;
    definition.localsBytes = to;
    while (definition.locals.length > 0 && definition.locals[definition.locals.length - 1].end > to) definition.locals.pop();
  }

  /** Declares a local that takes its value from the stack. */
  declare(name: string, kind = CELL_LOCAL): void {
    const definition = this.#compiler.definition();
    // two cells lie in memory as 2@ wants them
    if (kind.float) this.#compiler.emit("f>l");
    else {
      if (kind.cells === 2) this.#compiler.emit("swap");
      for (let i = 0; i < kind.cells; i++) this.#compiler.emit(">l");
    }
    definition.localsBytes += kind.float ? FLOAT_BYTES : this.#cellBytes * kind.cells;
    if (definition.localsBytes > 4096) throw new ForthException(-7, "too many local variables in one definition");
    definition.locals.push({ name: name.toLowerCase(), end: definition.localsBytes, kind });
  }
  #find(name: string): { readonly offset: number; readonly kind: LocalKind } | undefined {
    const definition = this.#compiler.innermost();
    const local = definition?.locals.findLast((candidate) => candidate.name === name.toLowerCase());
    return definition === undefined || local === undefined ? undefined : { offset: definition.localsBytes - local.end, kind: local.kind };
  }
  /** Compiles a local's value; false if the name is none. */
  fetch(name: string): boolean {
    const local = this.#find(name);
    if (local === undefined) return false;
    const { offset, kind } = local;
    if (kind.float && !kind.address) {
      if (offset === 0) this.#compiler.emit("f@local0");
      else if (offset === FLOAT_BYTES) this.#compiler.emit("f@local1");
      else this.#compiler.emit("f@local#", offset);
    } else if (kind.address || kind.cells === 2) {
      this.#compiler.emit("laddr#", offset);
      if (!kind.address) this.#compiler.emit("2@");
    } else if (offset <= 3 * this.#cellBytes) this.#compiler.emit(`@local${offset / this.#cellBytes}`);
    else this.#compiler.emit("@local#", offset);
    return true;
  }
  /** Compiles TO or +TO a local; false if the name is none. */
  store(name: string, store: "!" | "+!"): boolean {
    const local = this.#find(name);
    if (local === undefined) return false;
    if (local.kind.address || (local.kind.cells === 2 && store === "+!")) throw new ForthException(-32);
    this.#compiler.emit("laddr#", local.offset);
    this.#compiler.emit(local.kind.float ? "f!" : local.kind.cells === 2 ? "2!" : store);
    return true;
  }
}
