// Makes a machine file (docs/machines.md) from measurements: the measured costs, and a front end of the measured sizes.
import type { CostFigure, CostName } from "../../front-end/machines/costs.ts";
import { MACHINE_FORMAT, type MachineFile } from "../../front-end/machines/machine-schema.ts";
import type { Spread } from "../statistics.ts";
import type { FigureId, MeasuredFigure } from "./figures.ts";

/** A value with the least and the most of its repeats. */
type Range = Pick<MeasuredFigure, "value" | "low" | "high">;

/** Rounds to a few more digits than repeats agree in. */
const digits = (value: number): number => Number(value.toPrecision(4));

/** A number of entries as sets and ways: the points of the curves are 3, 4, 5 or 7 times a power of two. */
export function setsAndWays(entries: number): { readonly sets: number; readonly ways: number } {
  const ways = [4, 3, 5, 7].find((count) => Number.isInteger(Math.log2(entries / count))) ?? 4;
  return { ways, sets: 2 ** Math.max(0, Math.round(Math.log2(entries / ways))) };
}

/** Tables of the model for indirect jumps. */
const TABLES = 6;
/** Bits of history that it has for each jump. */
const BITS_A_JUMP = 10;
const MOST_BITS = 4000;
const MOST_ROWS = 65536;

/** A model holds a loop if its tables have 1.5 times as many entries as the loop has jumps, because they do not fill evenly. */
const rowsFor = (loop: number): number => Math.min(MOST_ROWS, Math.max(16, 2 ** Math.round(Math.log2((loop * 1.5) / TABLES))));

/** The list of predictors of the measured sizes, with the lab's defaults for unmeasured parts. */
export function frontEndOf(size: (id: FigureId) => number | undefined): string {
  const buffer = (text: string, entries: number | undefined): string => {
    if (entries === undefined) return text;
    const { sets, ways } = setsAndWays(entries);
    return `${text}:sets=${sets}:ways=${ways}`;
  };
  const loop = size("loopLength");
  const reach = size("historyJumps");
  const depth = size("returnStackDepth");
  const first = size("firstBufferBranches");
  return [
    `tage-lite:tables=${TABLES}${loop === undefined ? "" : `:rows=${rowsFor(loop)}`}${reach === undefined ? "" : `:maxHistory=${Math.min(MOST_BITS, Math.max(BITS_A_JUMP, BITS_A_JUMP * reach))}`}`,
    buffer("btb:holds=taken", size("lastBufferBranches")),
    ...(first === undefined ? [] : [buffer("btb:first", first)]),
    "tage",
    `return-stack${depth === undefined ? "" : `:depth=${depth}`}`,
  ].join("+");
}

export interface MeasurementOrigin {
  /** "AMD EPYC 9654". */
  readonly processor: string;
  /** Who measured it, with what, when. */
  readonly source: string;
  /** One of the lab's machines, whose predictors are used with the measured costs. */
  readonly like?: string;
  /** Instructions per cycle, from compiled interpreters; undefined if none could be run. */
  readonly instructionsPerCycle: Spread | undefined;
  /** Everything else that was measured. */
  readonly measurements: unknown;
}

/** A size in words. */
function sized(figure: MeasuredFigure | undefined, unit: string): string {
  if (figure === undefined) return "";
  const { value, next } = figure;
  return next === undefined ? `at least ${value} ${unit}` : `${value} ${unit}, fewer than ${next}`;
}

type FigureOf = (id: FigureId) => MeasuredFigure | undefined;

/** The difference of two figures. */
function minus(of: FigureOf, a: FigureId, b: FigureId): Range | undefined {
  const [more, less] = [of(a), of(b)];
  return (
    more &&
    less && { value: more.value - less.value, low: Math.min(more.value - less.value, more.low - less.high), high: more.high - less.low }
  );
}

/** The measured costs. */
function costsIn(
  of: FigureOf,
  { source, instructionsPerCycle }: Pick<MeasurementOrigin, "source" | "instructionsPerCycle">,
): Partial<Record<CostName, CostFigure>> {
  const positive = (value: number): number => digits(Math.max(0, value));
  const costs: Partial<Record<CostName, CostFigure>> = {};
  const put = (name: CostName, range: Range | undefined, said = source): void => {
    if (range === undefined) return;
    const { value, low, high } = range;
    costs[name] = { value: positive(value), low: positive(low), high: positive(high), basis: "measured", source: said };
  };
  put("penaltyCycles", of("indirectPenaltyCycles"));
  put("conditionalPenaltyCycles", of("conditionalPenaltyCycles"));
  put("overrideCycles", of("overrideCycles"));
  put("slowLevelCycles", minus(of, "lastBufferCycles", "firstBufferCycles"));
  put("bubbleCycles", minus(of, "beyondBufferCycles", "lastBufferCycles"), `${source}; what the second-level cache adds is in it`);
  put(
    "instructionsPerCycle",
    instructionsPerCycle && { ...instructionsPerCycle, value: instructionsPerCycle.median },
    `${source}; two compiled interpreters`,
  );
  const pair = of("callReturnCycles");
  if (pair !== undefined && instructionsPerCycle !== undefined) {
    // minus the call and the return themselves, which are charged as instructions
    const half = (cycles: number): number => (cycles - 2 / instructionsPerCycle.median) / 2;
    const spread = { value: half(pair.value), low: half(pair.low), high: half(pair.high) };
    const said = `${source}; half of what a call and its return add, less two instructions`;
    put("callCycles", spread, said);
    put("returnCycles", spread, said);
  }
  return costs;
}

/** The levels of the branch target buffer whose sizes were found. */
const levelsIn = (of: FigureOf, source: string) =>
  [
    { size: of("firstBufferBranches"), cycles: of("firstBufferCycles") },
    { size: of("lastBufferBranches"), cycles: of("lastBufferCycles") ?? of("firstBufferCycles") },
  ].flatMap(({ size, cycles }, i, all) =>
    size === undefined || (i > 0 && size.value <= (all[0].size?.value ?? 0))
      ? []
      : [{ entries: size.value, ...(cycles === undefined ? {} : { cycles: digits(cycles.value) }), basis: "measured" as const, source }],
  );

/** Measurements of each part of the front end, and its model. */
function partsIn(of: FigureOf, like: string | undefined) {
  const measured = (published: string, approximation?: string) =>
    published === ""
      ? undefined
      : { published, confidence: "measured" as const, ...(approximation === undefined ? {} : { approximation }) };
  const own = like === undefined;
  const penalty = of("indirectPenaltyCycles");
  return Object.fromEntries(
    Object.entries({
      buffer: measured(
        `first level ${sized(of("firstBufferBranches"), "branches")}; last level ${sized(of("lastBufferBranches"), "branches")}`,
        own ? "sets and ways are assumed" : `that of ${like}`,
      ),
      indirect: measured(
        `loops of ${sized(of("loopLength"), "jumps")}, histories of ${sized(of("historyJumps"), "jumps")}`,
        own ? "an ITTAGE of about that size: algorithm and history are not known" : `that of ${like}`,
      ),
      returns: measured(sized(of("returnStackDepth"), "entries"), own ? undefined : `that of ${like}`),
      ...(own
        ? { direction: { published: "", confidence: "unpublished" as const, approximation: "TAGE of the lab's default size, assumed" } }
        : {}),
      penalty: measured(penalty === undefined ? "" : `${digits(penalty.value)} cycles, with the load of the target`),
    }).filter(([, part]) => part !== undefined),
  );
}

export function machineFileOf(figures: readonly MeasuredFigure[], origin: MeasurementOrigin): MachineFile {
  const { processor, source, like, measurements } = origin;
  const of = (id: FigureId): MeasuredFigure | undefined => figures.find((figure) => figure.id === id);
  const levels = levelsIn(of, source);
  return {
    format: MACHINE_FORMAT,
    title: `${processor}, calibrated`,
    ...(like === undefined ? { frontEnd: frontEndOf((id) => of(id)?.value) } : { like }),
    costs: costsIn(of, origin),
    ...(levels.length === 0 ? {} : { levels }),
    parts: partsIn(of, like),
    source,
    measurements,
  };
}
