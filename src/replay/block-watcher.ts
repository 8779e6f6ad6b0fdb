// The interface for everything that processes the executed blocks of a run: the census, replays, caches, contexts, lanes.

export interface BlockWatcher {
  /** The run begins: the first instruction of this block is dispatched. */
  enter(block: number): void;
  /** Takes the blocks `ids[from] … ids[to - 1]`; `ids[to]` follows them. */
  run(ids: Int32Array, from: number, to: number): void;
  /** The run ends with this block: nothing follows its last instruction. */
  finish(block: number): void;
  /** Resets all counts but keeps the models' state, at the end of a warm-up. */
  reset(): void;
}
