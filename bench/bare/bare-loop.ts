// The loops in this folder: hand-written predictors over a flat stream of branches, in plain typed arrays. One lookup instead of a
// model's two functions, no lowering, no kinds: the least work that gives the same misses of the same branches.
//
// They are written without a profiler. Each is loaded afresh for every stream, like a plug-in, and called for as many blocks at once
// as the replay's loop, so that V8 optimises both alike.
import type { BranchStream } from "../branch-stream.ts";

export interface BareLoop {
  /** Mispredictions, per record. */
  readonly misses: Int32Array;
  /** Replays branches `from` to `to` of the stream. */
  run(from: number, to: number): void;
}

/** The default export of each file. */
export type CreateBareLoop = (stream: BranchStream) => BareLoop;
