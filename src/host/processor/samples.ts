// Reads the output of measure.c as curves: core cycles per branch at every point, for every round.
import { RunError } from "../../errors.ts";
import { quantile } from "../statistics.ts";

/** One point of a curve in one round. */
export interface CurveSample {
  readonly round: number;
  /** The curve's variable: branches, targets, levels of calls. */
  readonly x: number;
  /** Core cycles per branch, or per other event of the curve. */
  readonly cycles: number;
  /** Additions per tick of the clock, that is core cycles per tick. */
  readonly cyclesPerTick: number;
  /** Share of the windows that took at least a quarter longer than quick ones. */
  readonly disturbed: number;
}

export interface Samples {
  readonly facts: ReadonlyMap<string, number>;
  /** Ticks of the clock per nanosecond, in every round. */
  readonly ticksPerNs: readonly number[];
  readonly curves: ReadonlyMap<string, readonly CurveSample[]>;
  readonly rounds: number;
}

/** Quantile of a point's windows that figures are computed from: stolen time and interrupts lie above it. */
const LOW = 0.05;
/** A window that takes this many times as long as a quick one was disturbed. */
const DISTURBED = 1.25;

function sampleOf(words: readonly string[]): { readonly curve: string; readonly sample: CurveSample } {
  const [round, curve, x, units, additions, ...windows] = words;
  const pairs = windows.map((window) => window.split(":").map(Number));
  const numbers = [round, x, units, additions].map(Number);
  if (pairs.length === 0 || [...numbers, ...pairs.flat()].some(Number.isNaN) || pairs.some((pair) => pair.length !== 2))
    throw new RunError(`measuring: expected a point with its windows, got ${words.slice(0, 6).join(" ")}`);
  const quick = quantile(
    pairs.map(([window]) => window),
    LOW,
  );
  const chain = quantile(
    pairs.map(([, ticks]) => ticks),
    LOW,
  );
  if (quick === 0 || chain === 0)
    throw new RunError("measuring: the clock does not advance while the processor works: is the processor emulated?");
  const cyclesPerTick = numbers[3] / chain;
  return {
    curve,
    sample: {
      round: numbers[0],
      x: numbers[1],
      cycles: (quick / numbers[2]) * cyclesPerTick,
      cyclesPerTick,
      disturbed: pairs.filter(([window]) => window > quick * DISTURBED).length / pairs.length,
    },
  };
}

/** @throws RunError when it is incomplete, or no output of measure.c */
export function readSamples(text: string): Samples {
  const facts = new Map<string, number>();
  const ticksPerNs: number[] = [];
  const curves = new Map<string, CurveSample[]>();
  let rounds = 0;
  const lines = text.trimEnd().split("\n");
  if (lines.at(-1) !== "end") throw new RunError("measuring ended before its end");
  for (const line of lines.slice(0, -1)) {
    const [kind, ...words] = line.split(" ");
    if (kind === "fact" && words.length === 2) {
      if (words[0] === "ticks-per-ns") ticksPerNs.push(Number(words[1]));
      else facts.set(words[0], Number(words[1]));
    } else if (kind === "point") {
      const { curve, sample } = sampleOf(words);
      const samples = curves.get(curve);
      if (samples === undefined) curves.set(curve, [sample]);
      else samples.push(sample);
      rounds = Math.max(rounds, sample.round + 1);
    } else throw new RunError(`measuring: expected a fact or a point, got ${line.slice(0, 60)}`);
  }
  return { facts, ticksPerNs, curves, rounds };
}

/**
 * A curve of one round, or of the least of all rounds at every point: cycles by x, in the order in which it was measured.
 * @throws RunError where there is none
 */
export function curveOf({ curves }: Samples, name: string, round: number | "best"): ReadonlyMap<number, number> {
  const curve = new Map<number, number>();
  for (const sample of curves.get(name) ?? []) {
    if (round === "best") curve.set(sample.x, Math.min(sample.cycles, curve.get(sample.x) ?? Number.POSITIVE_INFINITY));
    else if (sample.round === round) curve.set(sample.x, sample.cycles);
  }
  if (curve.size === 0) throw new RunError(`measuring: the curve ${name} is missing`);
  return curve;
}
