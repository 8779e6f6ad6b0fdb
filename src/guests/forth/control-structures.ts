// Compiles control structures: branches, loops, CASE, TRY, with the stack of those that are open.
import type { ControlItem, DefinitionCompiler } from "./definition.ts";
import { ForthException } from "./exceptions.ts";
import type { LocalVariables } from "./local-variables.ts";
import type { Machine } from "./machine/machine.ts";

const OPENED_BY: Record<ControlItem["type"], string> = {
  orig: "IF",
  dest: "BEGIN",
  do: "DO",
  case: "CASE",
  try: "TRY",
  recover: "RECOVER",
};

export class ControlStructures {
  readonly #compiler: DefinitionCompiler;
  readonly #machine: Machine;
  readonly #locals: LocalVariables;

  constructor(compiler: DefinitionCompiler, machine: Machine, locals: LocalVariables) {
    this.#compiler = compiler;
    this.#machine = machine;
    this.#locals = locals;
  }

  /** @throws ForthException -22 if a structure of the definition is still open */
  checkClosed(): void {
    const open = this.#compiler.definition().control.at(-1);
    if (open !== undefined) throw new ForthException(-22, `${OPENED_BY[open.type]} without its end`);
  }

  #push(item: ControlItem): void {
    this.#compiler.definition().control.push(item);
  }

  #pop<T extends ControlItem["type"]>(type: T): Extract<ControlItem, { type: T }> {
    const item = this.#compiler.definition().control.pop();
    if (item?.type !== type) throw new ForthException(-22);
    return item as Extract<ControlItem, { type: T }>;
  }

  #target(at: number): void {
    this.#machine.target(at);
  }

  /** IF (?branch) and AHEAD (branch). */
  forward(branch: "?branch" | "branch"): void {
    this.#push({ type: "orig", at: this.#compiler.emit(branch), localsBytes: this.#compiler.definition().localsBytes });
  }
  resolve(): void {
    const orig = this.#pop("orig");
    const missing = orig.localsBytes - this.#compiler.definition().localsBytes;
    if (missing <= 0) {
      this.#locals.drop(orig.localsBytes, true);
      this.#target(orig.at);
      return;
    }
    // the branch leaves the scope of locals that the way here has left already (BEGIN { x } … WHILE … REPEAT)
    const around = this.#compiler.emit("branch");
    this.#target(orig.at);
    this.#compiler.emit("lp+!#", missing);
    this.#target(around);
  }
  else(): void {
    const orig = this.#pop("orig");
    this.#locals.drop(orig.localsBytes, true);
    this.forward("branch");
    this.#target(orig.at);
  }
  dest(): void {
    this.#push({ type: "dest", at: this.#machine.here, localsBytes: this.#compiler.definition().localsBytes });
  }
  /** AGAIN (branch) and UNTIL (?branch). */
  back(branch: "?branch" | "branch"): void {
    const dest = this.#pop("dest");
    const extra = this.#compiler.definition().localsBytes - dest.localsBytes;
    if (branch === "branch" || extra <= 0) {
      this.#locals.drop(dest.localsBytes, true);
      this.#compiler.emit(branch, dest.at);
      return;
    }
    // UNTIL with locals declared inside the loop: both ways out free them
    this.#compiler.emit("0=");
    const out = this.#compiler.emit("?branch");
    this.#locals.drop(dest.localsBytes, false);
    this.#compiler.emit("branch", dest.at);
    this.#target(out);
    this.#locals.drop(dest.localsBytes, true);
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
    const { control } = this.#compiler.definition();
    const item = control[control.length - 1 - index];
    if (item?.type !== "dest") throw new ForthException(-22);
    control.push(item);
  }
  roll(index: number): void {
    const { control } = this.#compiler.definition();
    if (index >= control.length) throw new ForthException(-22);
    control.push(...control.splice(control.length - 1 - index, 1));
  }

  loopStart(name: string): void {
    const at = this.#compiler.emit(name);
    const leaves = name === "(do)" || name === "(for)" ? [] : [at];
    this.#push({ type: "do", at: this.#machine.here, localsBytes: this.#compiler.definition().localsBytes, leaves });
  }
  leave(branch: "branch" | "?branch"): void {
    const loop = this.#compiler.definition().control.findLast((item) => item.type === "do");
    if (loop?.type !== "do") throw new ForthException(-22, "LEAVE outside a loop");
    this.#locals.drop(loop.localsBytes, false);
    loop.leaves.push(this.#compiler.emit(branch));
  }
  loopEnd(name: string): void {
    const loop = this.#pop("do");
    this.#locals.drop(loop.localsBytes, true);
    this.#compiler.emit(name, loop.at);
    for (const at of loop.leaves) this.#target(at);
    this.#compiler.emit("unloop");
  }

  /** TRY: from here on exceptions come to the IFERROR, RESTORE or RECOVER that follows. */
  try(): void {
    this.#push({ type: "try", at: this.#compiler.emit("(try)"), localsBytes: this.#compiler.definition().localsBytes });
  }
  /** IFERROR … THEN: what exceptions come to, with the frame set up again, so that it serves up to ENDTRY. */
  ifError(): void {
    const item = this.#compiler.definition().control.at(-1);
    if (item?.type !== "try") throw new ForthException(-22);
    this.#locals.drop(item.localsBytes, true);
    this.forward("branch");
    this.#target(item.at);
    this.#compiler.emit("(retry)", this.#machine.here);
  }
  endTry(): void {
    const { control } = this.#compiler.definition();
    if (control.at(-1)?.type === "recover") {
      const { at, localsBytes } = this.#pop("recover");
      this.#locals.drop(localsBytes, true);
      this.#target(at);
      return;
    }
    this.#locals.drop(this.#pop("try").localsBytes, true);
    this.#compiler.emit("(endtry)");
  }
  /** ENDTRY-IFERROR … THEN: the frame ends, then what exceptions come to. */
  endTryIfError(): void {
    const { at, localsBytes } = this.#pop("try");
    this.#locals.drop(localsBytes, true);
    this.#compiler.emit("(endtry)");
    this.forward("branch");
    this.#target(at);
  }
  /** RECOVER … ENDTRY: what exceptions come to, and nothing else. */
  recover(): void {
    const { at, localsBytes } = this.#pop("try");
    this.#locals.drop(localsBytes, true);
    this.#compiler.emit("(endtry)");
    this.#push({ type: "recover", at: this.#compiler.emit("branch"), localsBytes });
    this.#target(at);
  }

  case(): void {
    this.#push({ type: "case", ends: [] });
  }
  of(): void {
    this.#compiler.emit("over");
    this.#compiler.emit("=");
    this.forward("?branch");
    this.#compiler.emit("drop");
  }
  endof(): void {
    const orig = this.#pop("orig");
    const { control } = this.#compiler.definition();
    const item = control.at(-1);
    if (item?.type !== "case") throw new ForthException(-22);
    this.#locals.drop(orig.localsBytes, true);
    item.ends.push({ at: this.#compiler.emit("branch"), localsBytes: orig.localsBytes });
    this.#target(orig.at);
  }
  endcase(): void {
    const item = this.#pop("case");
    this.#compiler.emit("drop");
    for (const { at } of item.ends) this.#target(at);
  }
}
