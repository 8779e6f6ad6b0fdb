// Recorded branches: the replay beside bare loops in TypeScript and, where there is a C compiler, in C; and the whole process
// from a file to its rows. The recordings are those of test/data/truth, again and again.
import { execFileSync, spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { type FrontEnd, readFrontEnds } from "../src/front-end/front-end.ts";
import { createEventRun } from "../src/recordings/event-run.ts";
import { findWritableFormat, readRecording } from "../src/recordings/find-recording.ts";
import { createEventReplay } from "../src/replay/event-replay.ts";
import { convert } from "../src/workbench/convert.ts";
import { branchesOf, type EventStream } from "./branch-stream.ts";
import { race } from "./race.ts";
import { TRACES } from "./recorded.ts";
import { importAfresh, PIECE, ROUNDS } from "./replay.ts";
import type { Result } from "./result.ts";

const TRUTH = fileURLToPath(new URL("../../test/data/truth/", import.meta.url));
const BIN = fileURLToPath(new URL("../bundle/bplab.cjs", import.meta.url));
const SBBT_HEADER_BYTES = 24;
/** 56 million branches. */
const TIMES = 40;
const RUNS = 3;
const C_ROUNDS = 15;
/** Branches in one call of a bare loop, as in the replay. */
const CALL = 1024;

/** Whole processes: predictor, format, and the goal in seconds on a machine of the class that the goals were set for. */
const WHOLE: readonly (readonly [predictor: string, format: string, aim: number])[] = [
  ["gshare", "bpt", 150],
  ["btb+no-direction", "bpt", 150],
  ["btb", "bpt", 150],
  ["gshare", "sbbt", 110],
  ["tage", "bpt", 24],
  ["ittage+no-direction", "bpt", 40],
];

const LOOPS = ["gshare", "btb"] as const;

/** Goals: 0.6 of the speed of a loop without counts per site, 0.8 of one with the same counts. */
const PLAIN = { atLeast: 0.6 };
const COUNTING = { atLeast: 0.8 };

function writeTraces(folder: string): string {
  const path = join(folder, "recorded.sbbt");
  const file = openSync(path, "w");
  const traces = TRACES.map((name) => gunzipSync(readFileSync(join(TRUTH, `${name}.sbbt.gz`))));
  const header = Buffer.from(traces[0].subarray(0, SBBT_HEADER_BYTES));
  for (const field of [8, 16]) {
    const sum = traces.reduce((all, trace) => all + trace.readBigUInt64LE(field), 0n);
    header.writeBigUInt64LE(sum * BigInt(TIMES), field);
  }
  writeSync(file, header);
  for (let time = 0; time < TIMES; time++) for (const trace of traces) writeSync(file, trace, SBBT_HEADER_BYTES);
  closeSync(file);
  return path;
}

/** Recordings once, one after the other, as a replay takes them: branches of some kinds. */
export async function inMemory(paths: readonly string[], kinds: number): Promise<EventStream> {
  const pieces: Int32Array[] = [];
  const run = createEventRun({ wanted: kinds, onEvents: (stream, count) => void pieces.push(stream.slice(0, count)) });
  for (const path of paths) await (await readRecording(path)).read(run.sink, false);
  const stream = new Int32Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    stream.set(piece, at);
    at += piece.length;
  }
  return { events: run.events, stream };
}

/** No model here needs gaps. */
const NO_GAPS = new Int32Array(0);

/** The replay and a bare loop that misses exactly as often; million branches a second of each. */
async function compareEvents(
  recording: EventStream,
  frontEnd: FrontEnd,
  file: string,
): Promise<{ readonly value: number; readonly comparedValue: number; readonly unit: string }> {
  const { events, stream } = recording;
  const replay = await createEventReplay(events, frontEnd, frontEnd.covers);
  const bare = (await importAfresh(file))(branchesOf(recording));
  const pieces = Math.ceil(stream.length / PIECE);
  const stopOf = (piece: number): number => Math.min(stream.length, (piece + 1) * PIECE);
  const times = race(
    [
      (piece) => replay.run(stream.subarray(piece * PIECE, stopOf(piece)), stopOf(piece) - piece * PIECE, NO_GAPS),
      (piece) => {
        for (let from = piece * PIECE; from < stopOf(piece); from += CALL) bare.run(from, Math.min(from + CALL, stopOf(piece)));
      },
    ],
    pieces,
    ROUNDS,
  );
  const sum = (counts: Iterable<number>): number => [...counts].reduce((total, count) => total + count, 0);
  const [replayed, counted] = [sum(replay.bySite("misses") ?? []), sum(bare.misses)];
  if (replayed !== counted) throw new Error(`${frontEnd.name}: the replay missed ${replayed} times, the bare loop ${counted}`);
  const millions = stream.length / 1e6;
  return { value: millions / times[0], comparedValue: millions / times[1], unit: "M branches/s" };
}

/** Million branches a second of the loops in C; none where there is no compiler. */
function loopsInC(folder: string, name: string, recording: EventStream): readonly [plain: number, counting: number] | undefined {
  const program = join(folder, "loops");
  const source = fileURLToPath(new URL("../../bench/c/loops.c", import.meta.url));
  if (spawnSync("cc", ["-O3", "-o", program, source]).status !== 0) return undefined;
  const { pcs, targets, takens, sites } = branchesOf(recording);
  const stream = join(folder, "stream");
  writeFileSync(stream, Buffer.concat([pcs, targets, takens, sites].map((column) => Buffer.from(column.buffer))));
  const [plain, counting] = execFileSync(program, [name, stream, String(C_ROUNDS)], { encoding: "utf8" })
    .split(" ")
    .map(Number);
  return [pcs.length / plain / 1e6, pcs.length / counting / 1e6];
}

/** The replay of recordings in memory, beside bare loops. @param what they are called */
export async function besideLoops(folder: string, paths: readonly string[], what: string): Promise<Result[]> {
  const results: Result[] = [];
  for (const name of LOOPS) {
    const [frontEnd] = await readFrontEnds(`${name}+no-return-stack+no-direction`);
    const recording = await inMemory(paths, frontEnd.covers);
    const subject = `${name}, ${what}, with counts for every site`;
    const plain = await compareEvents(recording, frontEnd, name);
    results.push({ subject, comparedWith: "bare loop without", ...plain, bound: PLAIN });
    const counting = await compareEvents(recording, frontEnd, `${name}-statistics`);
    results.push({ subject, comparedWith: "bare loop with", ...counting, bound: COUNTING });
    const inC = loopsInC(folder, name, recording);
    if (inC === undefined) continue;
    results.push({ subject, ...plain, comparedWith: "the loop in C without", comparedValue: inC[0] });
    results.push({ subject, ...counting, comparedWith: "the loop in C with", comparedValue: inC[1] });
  }
  return results;
}

/** Whole processes, from the file to the rows. */
async function whole(folder: string): Promise<Result[]> {
  const sbbt = writeTraces(folder);
  const files: Record<string, string> = { sbbt, bpt: join(folder, "recorded.bpt") };
  const file = openSync(files.bpt, "w");
  let branches = 0;
  await convert(await readRecording(sbbt), await findWritableFormat(files.bpt), {
    write: (bytes) => void writeSync(file, bytes),
    provenance: {},
    onProgress: (done) => {
      branches = done;
    },
  });
  closeSync(file);
  return WHOLE.map(([predictor, format, aim]) => {
    let best = Number.POSITIVE_INFINITY;
    for (let run = 0; run < RUNS; run++) {
      const start = process.hrtime.bigint();
      execFileSync(process.execPath, [BIN, "simulate", files[format], `--predictor=${predictor}`]);
      best = Math.min(best, Number(process.hrtime.bigint() - start) / 1e9);
    }
    return {
      subject: `${predictor}, whole process, from ${format}`,
      value: branches / best / 1e6,
      unit: "M branches/s",
      comparedWith: "what is aimed at",
      comparedValue: aim,
      bound: { atLeast: 1 },
    };
  });
}

export async function benchFiles(): Promise<Result[]> {
  const folder = mkdtempSync(join(tmpdir(), "bplab-bench-"));
  try {
    const paths = TRACES.map((name) => join(TRUTH, `${name}.sbbt.gz`));
    return [...(await besideLoops(folder, paths, "recorded")), ...(await whole(folder))];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
