// What watches the executed blocks of a run, whatever it makes of them: the census, replays, caches, contexts, lanes of techniques.

export interface BlockWatcher {
  /** The run begins: the first instruction of this block is dispatched. */
  enter(block: number): void;
  /** Takes the blocks `ids[from] … ids[to - 1]`; `ids[to]` follows them. */
  run(ids: Int32Array, from: number, to: number): void;
  /** The run ends with this block: nothing follows its last instruction. */
  finish(block: number): void;
  /** Forgets all counts and keeps what models have learned: the end of a warm-up. */
  reset(): void;
}
