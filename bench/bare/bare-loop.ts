// What the loops in this folder are: a predictor by hand, over a flat stream of branches, in plain typed arrays. One lookup
// where a model has two verbs, no lowering, no kinds: as little as can be done for the same misses of the same branches.
//
// Written as one would without a profiler. Each is loaded afresh for every stream, like a plug-in, and called for as many
// blocks at once as the replay's loop, so that V8 optimises it alike.
import type { BranchStream } from "../branch-stream.ts";

export interface BareLoop {
  /** Mispredictions, per record. */
  readonly misses: Int32Array;
  /** Replays branches `from` to `to` of the stream. */
  run(from: number, to: number): void;
}

/** What each file exports as its default. */
export type CreateBareLoop = (stream: BranchStream) => BareLoop;
