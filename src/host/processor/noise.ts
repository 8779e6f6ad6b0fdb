// Whether the processor was left alone while it was measured: stolen time, a clock that was throttled, repeats that differ.
import { quantile } from "../statistics.ts";
import type { Figure } from "./figures.ts";
import { STEADY } from "./figures.ts";
import type { Samples } from "./samples.ts";

/** Of all windows; a quiet machine has under a twentieth. */
const MANY_DISTURBED = 0.3;
/** A turbo that comes and goes moves the clock by so much, or less. */
const CLOCK_MOVES = 0.05;

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;

/** What was wrong, a sentence each; none where nothing was. */
export function noiseOf(samples: Samples, figures: readonly Figure[]): string[] {
  const all = [...samples.curves.values()].flat();
  const disturbed = all.reduce((sum, sample) => sum + sample.disturbed, 0) / all.length;
  const rates = all.map(({ cyclesPerTick }) => cyclesPerTick);
  const [slow, fast] = [quantile(rates, 0.05), quantile(rates, 0.95)];
  const unsteady = figures.filter(({ median, low, high, isSize }) => !isSize && high - low > Math.max(STEADY * median, 0.25));
  return [
    ...(disturbed > MANY_DISTURBED ? [`noisy: ${percent(disturbed)} of the windows were disturbed by other work`] : []),
    ...(fast / slow > 1 + CLOCK_MOVES
      ? [`throttled, or not always at one frequency: the clock moved by ${percent(fast / slow - 1)} while it was measured`]
      : []),
    ...(unsteady.length > 0 ? [`repeats differ by more than ${percent(STEADY)}: ${unsteady.map(({ id }) => id).join(", ")}`] : []),
  ];
}
