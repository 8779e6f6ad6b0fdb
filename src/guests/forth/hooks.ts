// Words whose action programs may replace as if they were deferred, as in Gforth: TYPE, EMIT, KEY. The action of each is a cell of
// data memory.
import type { Machine } from "./machine/machine.ts";

interface Hook {
  readonly xt: number;
  /** Where its action stands. */
  readonly cell: number;
  /** Its own action. */
  readonly usual: number;
}

export class Hooks {
  readonly #machine: Machine;
  readonly #start: number;
  readonly #hooks = new Map<string, Hook>();

  /** @param start where the cells of the actions are */
  constructor(machine: Machine, start: number) {
    this.#machine = machine;
    this.#start = start;
  }

  add(name: string, xt: number, usual: number): void {
    const cell = this.#start + this.#machine.cell.bytes * this.#hooks.size;
    this.#hooks.set(name, { xt, cell, usual });
    this.#machine.memory.store(cell, usual);
  }
  /** Where the action of a word is; undefined if the word is not deferred here. */
  cellOf(xt: number): number | undefined {
    return [...this.#hooks.values()].find((hook) => hook.xt === xt)?.cell;
  }
  action(name: string): number {
    const hook = this.#hooks.get(name);
    return hook === undefined ? 0 : this.#machine.memory.fetch(hook.cell);
  }
  replaced(name: string): boolean {
    return this.#hooks.has(name) && this.action(name) !== this.#hooks.get(name)?.usual;
  }
}
