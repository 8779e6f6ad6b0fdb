// Estimates a sweep before it runs: measures some of its techniques and front ends on one program of the lab, and multiplies.
// Other programs behave differently, so this is good to a factor of about two.

import { UsageError } from "../errors.ts";
import { findProgram, type Size } from "../guests/programs.ts";
import type { Session } from "../jobs/session.ts";
import { counted } from "../numbers.ts";
import { BASELINE } from "../results/rows.ts";
import { likelyLength, UNITS_TO_BEGIN } from "../simulate/length.ts";
import { codeDigest } from "./code-digest.ts";
import { type Item, itemKey } from "./folder/item.ts";
import { resultText } from "./folder/result-files.ts";
import { computeItem } from "./folder/run-item.ts";
import type { Plan } from "./plan.ts";
import { cpuSeconds, duration } from "./stopwatch.ts";

export interface SweepEstimate {
  readonly points: number;
  readonly items: number;
  /** Of all items. */
  readonly oneCoreSeconds: number;
  readonly bytes: number;
  /** How it was computed, in a sentence. */
  readonly how: string;
}

const SAMPLE = "queens";
const SAMPLED_TECHNIQUES = 3;
const SAMPLED_FRONT_ENDS = 8;
/** No further technique is measured after this time on one core. */
const ENOUGH_SECONDS = 3;
/** For inputs of at least this length, in replays of 100 thousand blocks, the sample runs at size full instead of test. */
const LONG = 10;

/** Picks some of many, evenly spread. */
const spread = <T>(things: readonly T[], count: number): T[] =>
  things.length <= count ? [...things] : Array.from({ length: count }, (_, i) => things[Math.floor((i * things.length) / count)]);

/** An item like the study's own, for the sampled program. */
async function sampleItem({ axes }: Plan, technique: string, size: Size): Promise<Item> {
  const program = await findProgram(SAMPLE);
  const frontEnds = spread(axes.frontEnds, SAMPLED_FRONT_ENDS);
  const namesOf = (machine: boolean): string[] => frontEnds.flatMap((frontEnd) => (frontEnd.machine === machine ? frontEnd.name : []));
  const request = {
    code: codeDigest(),
    input: SAMPLE,
    inputSha256: program.sha256,
    size,
    technique,
    seed: 0,
    machines: namesOf(true),
    predictors: namesOf(false),
    penalties: axes.penalties,
    options: {},
    files: {},
  };
  const weight = frontEnds.length * (UNITS_TO_BEGIN + likelyLength(program, size));
  return { ...request, key: itemKey(request), weight };
}

async function measure(
  plan: Plan,
  session: Session,
  size: Size,
): Promise<{ weight: number; seconds: number; bytes: number; replays: number }> {
  const { techniques } = plan.axes;
  const names = techniques.length === 0 ? [BASELINE] : spread(techniques, SAMPLED_TECHNIQUES).map(({ name }) => name);
  // a first run loads code and runs training programs
  for (const name of names) await computeItem(await sampleItem(plan, name, "test"), session);
  const sum = { weight: 0, seconds: 0, bytes: 0, replays: 0 };
  for (const name of names) {
    const item = await sampleItem(plan, name, size);
    const before = cpuSeconds();
    const result = await computeItem(item, session);
    sum.seconds += cpuSeconds() - before;
    sum.weight += item.weight;
    sum.bytes += resultText("", result).length;
    sum.replays += item.machines.length + item.predictors.length;
    if (sum.seconds > ENOUGH_SECONDS) break;
  }
  return sum;
}

/** @throws UsageError when the sample fails, as a user's predictor may */
export async function estimate(plan: Plan, session: Session): Promise<SweepEstimate> {
  let points = 0;
  let items = 0;
  let weight = 0;
  let lineBytes = 0;
  let replays = 0;
  for (const { item, points: own } of plan.items()) {
    points += own;
    items++;
    weight += item.weight;
    lineBytes += JSON.stringify(item).length + 1;
    replays += item.machines.length + item.predictors.length;
  }
  const size = weight / replays - UNITS_TO_BEGIN > LONG ? "full" : "test";
  const sample = await measure(plan, session, size).catch((error) => {
    throw new UsageError(`no estimate: ${error instanceof Error ? error.message : error}`);
  });
  return {
    points,
    items,
    oneCoreSeconds: (weight * sample.seconds) / sample.weight,
    bytes: lineBytes + (replays * sample.bytes) / sample.replays,
    how: `from ${sample.replays} replays of ${SAMPLE} (${size}), measured now: right within a factor of two or so for our programs, less so for other inputs`,
  };
}

/** What `--dry-run` prints, a line each. */
export function estimateLines({ points, items, oneCoreSeconds, bytes, how }: SweepEstimate, jobs: number): string[] {
  const used = Math.min(jobs, items);
  const threads = counted(used, "worker thread");
  return [
    `${counted(points, "point")} in ${counted(items, "item")}`,
    `time: about ${duration(oneCoreSeconds)} of one core, ${duration(oneCoreSeconds / used)} with ${threads}`,
    `disk: about ${Math.max(0.1, bytes / 1e6).toLocaleString("en-US", { maximumSignificantDigits: 2 })} MB`,
    `Estimated ${how}.`,
  ];
}
