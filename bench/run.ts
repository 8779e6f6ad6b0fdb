// npm run bench: what each stage costs, as a ratio to a bare typed-array loop that does the same work in the same run.
// Rates depend on the machine; ratios decide. `--format=csv` prints CSV.
//
// The bare loops: for the guest, the smallest interpreter that runs the same word (bare-interpreter.ts); for lowering, a
// copy of as many records of four integers; for replay, a BTB of 512 × 4 written out by hand over the same branches
// (bare-btb.ts), which does the same work as `btb` and is a yardstick for every other model.
import { ALL_KINDS, INDIRECT } from "../src/branch.ts";
import { createLowering } from "../src/dispatch/lowering.ts";
import { readTechniques, techniqueIds } from "../src/dispatch/techniques.ts";
import { readFrontEnds } from "../src/front-end.ts";
import { createRecorder } from "../src/guests/forth/console.ts";
import { createForth } from "../src/guests/forth/system.ts";
import { measure } from "../src/lab.ts";
import { findProgram } from "../src/programs.ts";
import { createReplay } from "../src/replay.ts";
import { toCsv } from "../src/report/csv.ts";
import { textTable } from "../src/report/table.ts";
import type { VirtualProgram } from "../src/trace/virtual.ts";
import { bareBtb } from "./bare-btb.ts";
import { bareFib, FIB_SOURCE } from "./bare-interpreter.ts";
import { compare, type Result, result } from "./timing.ts";

const TURNS = 5;
const results: Result[] = [];

function benchGuest(): void {
  const n = 27;
  const machineRun = (listen: boolean): (() => void) => {
    const forth = createForth(createRecorder());
    forth.evaluateText(FIB_SOURCE, "bench");
    let blocks = 0;
    if (listen) {
      forth.machine.sink = (_, count) => {
        blocks += count;
      };
    }
    return () => {
      forth.evaluateText(`${n} fib drop`, "bench");
      forth.machine.finish();
      if (listen && blocks === 0) throw new Error("nothing was traced");
    };
  };
  const instructions = bareFib(n, false);
  const [bare, bareTraced, silent, heard] = compare(TURNS, [
    () => bareFib(n, false),
    () => bareFib(n, true),
    machineRun(false),
    machineRun(true),
  ]);
  const unit = "virtual instructions";
  results.push(result("bare interpreter, writing block ids", unit, instructions, bareTraced, bare));
  results.push(result("Forth guest, nobody listening", unit, instructions, silent, bare));
  results.push(result("Forth guest, trace consumed", unit, instructions, heard, bare));
  // the bound: tracing at most 1.5 times the untraced run
  results.push(result("Forth guest, traced against untraced", unit, instructions, heard, silent, 1 / 1.5));
}

/** A program that has run once, and the blocks that it executed. */
function record(id: string, limit: number): { readonly program: VirtualProgram; readonly ids: Int32Array; readonly count: number } {
  const run = findProgram(id).start("full", 1e9);
  const ids = new Int32Array(limit + 1);
  let count = 0;
  run.run((chunk, length) => {
    const take = Math.min(length, limit + 1 - count);
    ids.set(chunk.subarray(0, take), count);
    count += take;
  });
  return { program: run.program, ids, count: Math.min(count, limit + 1) - 1 };
}

async function benchLowering(program: VirtualProgram): Promise<void> {
  for (const technique of await readTechniques(techniqueIds().join(","))) {
    let records = 0;
    const expand = (): void => {
      const lowering = createLowering(program, technique.layout(program));
      records = 0;
      for (let block = 0; block < program.blockCount; block++) {
        const { interior, tails } = lowering.block(block);
        records += interior.length + tails[0].length + tails[1].length;
      }
    };
    expand();
    const from = Int32Array.from({ length: records * 4 }, (_, i) => i);
    const into = new Int32Array(records * 4);
    const copy = (): void => {
      for (let i = 0; i < from.length; i++) into[i] = from[i];
    };
    const [bare, lowered] = compare(TURNS, [copy, expand]);
    results.push(result(`lowering: ${technique.name}`, "branch records", records, lowered, bare));
  }
}

/** Replays a recorded trace through one front end, against the bare BTB on the same branches. */
async function benchReplay(
  trace: ReturnType<typeof record>,
  techniqueName: string,
  predictor: string,
  kinds: number,
  note = "",
  atLeast?: number,
): Promise<void> {
  const { program, ids, count } = trace;
  const [technique] = await readTechniques(techniqueName);
  const [frontEnd] = await readFrontEnds(predictor);
  const lowering = createLowering(program, technique.layout(program));
  const replay = await createReplay(program, lowering, frontEnd);
  const bare = bareBtb(program, lowering, kinds);
  let branches = 0;
  for (let i = 0; i < count; i++) {
    const block = lowering.block(ids[i]);
    const tail = block.tails[lowering.block(ids[i + 1]).start === block.end ? 0 : 1];
    for (const { site } of block.interior) if (site.kind & kinds) branches++;
    for (const { site } of tail) if (site.kind & kinds) branches++;
  }
  const [bareTime, time] = compare(TURNS, [() => bare.run(ids, count), () => replay.run(ids, 0, count)]);
  if (predictor === "btb+no-return-stack+no-direction") {
    const missed = replay.missesBySite().reduce((sum, misses) => sum + misses, 0);
    if (missed !== bare.misses()) throw new Error(`the bare BTB and the lab's disagree: ${bare.misses()} and ${missed}`);
  }
  const name = predictor.replace("+no-return-stack+no-direction", "");
  results.push(result(`replay: ${name} on ${techniqueName}${note}`, "branches", branches, time, bareTime, atLeast));
}

/** Resident memory while a trace of growing length streams through the whole pipeline. */
async function benchMemory(trace: ReturnType<typeof record>): Promise<string[]> {
  const { program, ids, count } = trace;
  const lines: string[] = [];
  for (const times of [1, 4, 16]) {
    const chunk = new Int32Array(32769);
    await measure(
      {
        program,
        run(sink) {
          for (let time = 0; time < times; time++) {
            for (let from = 0; from < count; from += 32768) {
              const length = Math.min(32768, count - from);
              chunk.set(ids.subarray(from, from + length));
              const last = time === times - 1 && from + length >= count;
              sink(chunk, length, last ? -1 : ids[(from + length) % count]);
            }
          }
        },
      },
      { techniques: await readTechniques("switch,direct-threading"), frontEnds: await readFrontEnds("btb"), warmup: 0 },
    );
    const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
    const mebibytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`;
    lines.push(`trace × ${times}: resident ${mebibytes(rss)}, heap ${mebibytes(heapUsed)}, array buffers ${mebibytes(arrayBuffers)}`);
  }
  return lines;
}

benchGuest();
const queens = record("queens", 2_000_000);
const compiler = record("compiler", 2_000_000);
await benchLowering(compiler.program);
const alone = "+no-return-stack+no-direction";
for (const trace of [queens, compiler]) {
  const note = trace === queens ? " (queens)" : " (compiler)";
  for (const technique of ["direct-threading", "switch"]) await benchReplay(trace, technique, `btb${alone}`, INDIRECT, note, 0.6);
}
const indirect = ["btb:unbounded", "btb-2bit", "two-level", "two-level:unbounded", "tage-lite"];
for (const predictor of indirect) await benchReplay(queens, "direct-threading", predictor + alone, INDIRECT);
for (const technique of ["call-threading", "subroutine-threading"])
  await benchReplay(queens, technique, "btb", ALL_KINDS, " with return stack and gshare");
for (const predictor of ["gshare+no-return-stack", "bimodal+no-return-stack"]) await benchReplay(queens, "call-threading", predictor, 1);
await benchReplay(queens, "subroutine-threading", "return-stack+no-direction", 8 | 16 | 32);
// more than ten predictors have run by now: a fresh BTB must be as fast as the first
await benchReplay(queens, "direct-threading", `btb${alone}`, INDIRECT, " (queens), after all others", 0.6);
const memory = await benchMemory(queens);

const round = (value: number): number => Number(value.toPrecision(3));
const holds = ({ ratio, atLeast }: Result): string =>
  atLeast === undefined ? "" : ratio >= atLeast ? `≥ ${round(atLeast)} holds` : `≥ ${round(atLeast)} DOES NOT HOLD`;
if (process.argv.includes("--format=csv")) {
  process.stdout.write(
    toCsv<Result>(
      [
        ["what", ({ what }) => what],
        ["unit", ({ unit }) => unit],
        ["millions_per_second", ({ rate }) => round(rate)],
        ["bare_loop_millions_per_second", ({ bareRate }) => round(bareRate)],
        ["ratio", ({ ratio }) => round(ratio)],
        ["ratio_that_must_hold", ({ atLeast }) => (atLeast === undefined ? null : round(atLeast))],
      ],
      results,
    ),
  );
} else {
  const rows = results.map((line) => [
    line.what,
    line.unit,
    line.rate.toFixed(1),
    line.bareRate.toFixed(1),
    line.ratio.toFixed(2),
    holds(line),
  ]);
  process.stdout.write(
    `${textTable(["what", "unit", "M/s", "bare loop M/s", "ratio", ""], rows, 2)}\n\nMemory, streaming:\n  ${memory.join("\n  ")}\n`,
  );
}
