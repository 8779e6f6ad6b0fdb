// Finds disturbances of the measurement: stolen time, a throttled clock, repeats that differ.
import { quantile } from "../statistics.ts";
import { isUnsteady, type MeasuredFigure, STEADY } from "./figures.ts";
import type { Samples } from "./samples.ts";

/** Share of disturbed windows that gives a warning; a quiet machine has less than a twentieth. */
const MANY_DISTURBED = 0.3;
/** Change of frequency that gives a warning; turbo modes stay below it. */
const CLOCK_MOVES = 0.05;

/** Ratio of repeats that gives a warning: if two threads of one core take turns at fetching, a jump takes up to twice as long. */
const SHARED = 1.3;

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;

/** Disturbances, one sentence each. */
export function noiseOf(samples: Samples, figures: readonly MeasuredFigure[]): string[] {
  const all = [...samples.curves.values()].flat();
  const disturbed = all.reduce((sum, sample) => sum + sample.disturbed, 0) / all.length;
  const rates = all.map(({ cyclesPerTick }) => cyclesPerTick);
  const [slow, fast] = [quantile(rates, 0.05), quantile(rates, 0.95)];
  const unsteady = figures.filter(isUnsteady);
  const jump = figures.find(({ id }) => id === "firstBufferCycles");
  return [
    ...(disturbed > MANY_DISTURBED ? [`noisy: ${percent(disturbed)} of the windows were disturbed by other work`] : []),
    ...(fast / slow > 1 + CLOCK_MOVES
      ? [`throttled, or not always at one frequency: the clock moved by ${percent(fast / slow - 1)} while it was measured`]
      : []),
    ...(jump !== undefined && jump.high > jump.value * SHARED
      ? [
          "something shared the core for a while: a jump took longer in some repeats; figures are from the least of all repeats at every point",
        ]
      : []),
    ...(unsteady.length > 0 ? [`repeats differ by more than ${percent(STEADY)}: ${unsteady.map(({ id }) => id).join(", ")}`] : []),
  ];
}
