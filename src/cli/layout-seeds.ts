// Several layout seeds on the command line, as predictors are written: --layout-seed=1..5, --layout-seed=1,7. Each is a simulation
// of its own, and each row says its seed.
import { Option } from "@commander-js/extra-typings";
import { UsageError } from "../errors.ts";
import { whole } from "../numbers.ts";
import { OPTIONS } from "../options/table.ts";
import { readValue } from "../options/value.ts";
import { joinResults, type Results } from "../results/rows.ts";
import { parseNumber } from "./options.ts";

/** More seeds need a sweep. */
const MOST_SEEDS = 100;

/** @throws UsageError with one line that says what was expected and what came */
function readSeeds(text: string): number[] {
  const seeds = text.split(",").flatMap((part) => {
    const read = (number: string): number => readValue("--layout-seed", OPTIONS.layoutSeed.value, parseNumber("layout-seed")(number));
    const [first, last, ...more] = part.split("..");
    if (last === undefined) return read(first);
    const [from, to] = [read(first), read(last)];
    if (more.length > 0 || to < from) throw new UsageError(`--layout-seed: a range is written 1..5, the smaller number first, got ${part}`);
    if (to - from >= MOST_SEEDS)
      throw new UsageError(`--layout-seed: at most ${MOST_SEEDS} seeds, got ${whole(to - from + 1)}: more are a study (bplab sweep)`);
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  });
  if (new Set(seeds).size > MOST_SEEDS) throw new UsageError(`--layout-seed: at most ${MOST_SEEDS} seeds: more are a study (bplab sweep)`);
  return [...new Set(seeds)];
}

/** @param several what becomes of several seeds, in words */
export const layoutSeedsOption = (several = "; several (1..5 or 1,7) make a mean ± half the range in tables, and a band in charts") =>
  new Option("--layout-seed <list>", `${OPTIONS.layoutSeed.help}${several}`).argParser(readSeeds);

/** Refuses flags whose results have no mean over seeds. @throws UsageError if several seeds are given with one of them */
export function checkSeeds(seeds: readonly number[] | undefined, flags: Readonly<Record<string, unknown>>): void {
  if (seeds === undefined || seeds.length < 2) return;
  const single = Object.entries(flags).find(([, value]) => value !== undefined && value !== false);
  if (single !== undefined)
    throw new UsageError(
      `${single[0]} shows one layout: give one --layout-seed, got ${seeds.length} (${seeds.slice(0, 5).join(", ")}${seeds.length > 5 ? ", …" : ""})`,
    );
}

/** Simulates each seed in turn, and joins the results. */
export async function underSeeds(
  seeds: readonly number[] | undefined,
  simulate: (layoutSeed: number | undefined) => Promise<Results>,
): Promise<Results> {
  const [first, ...others] = seeds ?? [undefined];
  const results = await simulate(first);
  for (const seed of others) joinResults(results, await simulate(seed));
  return results;
}
