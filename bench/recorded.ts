// Every predictor over recorded branches of real interpreters, all kinds mixed: together with all others, which are loaded and take
// turns with it, and in a separate thread with its own V8 that loads nothing else. Both run the model's own functions in a bare
// loop, so that the difference is V8's type feedback from other models.
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { NONE } from "../src/branch.ts";
import { loadPredictor, predictorIds } from "../src/front-end/load-predictor.ts";
import type { CreateBareLoop } from "./bare/bare-loop.ts";
import type { BranchStream } from "./branch-stream.ts";
import { type Contestant, race } from "./race.ts";
import { readSbbt } from "./read-sbbt.ts";
import type { Result } from "./result.ts";

/** Recordings of real interpreters, in test/data/truth. */
export const TRACES = ["ocamlrun-kb", "switch-gcc-r", "call-gcc-fib"];
/** Branches in a piece, and in one call of the loop: as with replays. */
const PIECE = 65536;
const CALL = 1024;
/** The same for both, alone and among others: the fastest counts. */
const ROUNDS = 3;
/** One in eight instances runs at two thirds of the speed, alone or not, because V8 made different inlining decisions. */
const INSTANCES = 2;
/** Share of its speed that a model must keep when all others are loaded. */
const BOUND = { atLeast: 0.8 };

/** The result of a run of one model. */
export interface Timing {
  readonly seconds: number;
  readonly misses: number;
}

/** The traces one after another. Lengths of instructions are not recorded, so no return is predicted right. */
export function recordedStream(): BranchStream {
  const traces = TRACES.map((name) => readSbbt(fileURLToPath(new URL(`../../test/data/truth/${name}.sbbt.gz`, import.meta.url))));
  const count = traces.reduce((sum, trace) => sum + trace.count, 0);
  const joined = (column: "pcs" | "targets" | "taken" | "kinds"): Int32Array => {
    const all = new Int32Array(count);
    let at = 0;
    for (const trace of traces) {
      all.set(trace[column], at);
      at += trace.count;
    }
    return all;
  };
  const pcs = joined("pcs");
  const nothing = new Int32Array(count);
  return {
    pcs,
    targets: joined("targets"),
    takens: joined("taken"),
    kinds: joined("kinds"),
    afters: pcs,
    statics: new Int32Array(count).fill(NONE),
    sites: nothing,
    siteCount: 1,
    records: nothing,
    recordCount: 1,
    blockStarts: nothing,
  };
}

let serial = 0;

async function contestant(id: string, stream: BranchStream): Promise<{ readonly run: Contestant; readonly misses: () => number }> {
  const { default: verbs } = await import(`./bare/verbs.js?recorded=${++serial}`);
  const model = await loadPredictor(id);
  const create: CreateBareLoop = verbs((await model.load())(), model.covers, model.tracks);
  const loop = create(stream);
  return {
    misses: () => loop.misses[0],
    run(piece) {
      const stop = Math.min(stream.pcs.length, (piece + 1) * PIECE);
      for (let from = piece * PIECE; from < stop; from += CALL) loop.run(from, Math.min(from + CALL, stop));
    },
  };
}

/** Runs `each` instances of these models in turns; the fastest instance of each counts. */
export async function timings(ids: readonly string[], stream: BranchStream, each = INSTANCES): Promise<Timing[]> {
  const instances = Array.from({ length: each }, () => ids).flat();
  const contestants = await Promise.all(instances.map((id) => contestant(id, stream)));
  const pieces = Math.ceil(stream.pcs.length / PIECE);
  const times = race(
    contestants.map(({ run }) => run),
    pieces,
    ROUNDS,
  );
  return ids.map((id, i) => ({
    seconds: Math.min(...times.filter((_, at) => instances[at] === id)),
    misses: contestants[i].misses(),
  }));
}

/** Runs one model in threads without any other model; the fastest of as many threads counts. */
async function alone(id: string): Promise<Timing> {
  const runs: Timing[] = [];
  while (runs.length < INSTANCES) {
    runs.push(
      await new Promise((resolve, reject) => {
        const worker = new Worker(new URL("./alone.js", import.meta.url), { workerData: id });
        worker.once("message", resolve);
        worker.once("error", reject);
      }),
    );
  }
  return runs.reduce((best, run) => (run.seconds < best.seconds ? run : best));
}

export async function benchRecorded(): Promise<Result[]> {
  const models = await Promise.all(predictorIds().map(async (id) => ({ id, declares: (await loadPredictor(id)).declares })));
  const ids = models.filter(({ declares }) => declares.length === 0).map(({ id }) => id); // recordings tell addresses and nothing else
  const stream = recordedStream();
  const branches = stream.pcs.length / 1e6;
  const among = await timings(ids, stream);
  const results: Result[] = [];
  for (const [i, id] of ids.entries()) {
    const single = await alone(id);
    if (single.misses !== among[i].misses) throw new Error(`${id} missed ${among[i].misses} times among others, alone ${single.misses}`);
    results.push({
      subject: `${id}, all others in turns`,
      value: branches / among[i].seconds,
      unit: "M branches/s",
      comparedWith: "alone",
      comparedValue: branches / single.seconds,
      bound: BOUND,
    });
  }
  return results;
}
