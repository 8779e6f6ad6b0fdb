// Selects the records that a chart or a table may compare: of one setting, each run once. Rows are distinguished by the columns that
// identify them, the settings, and the assumed costs.
import { counted } from "../numbers.ts";
import { columnsOf } from "../results/columns.ts";
import { groupBy } from "../results/group-by.ts";
import { RECORDED } from "../results/rows.ts";
import { type ResultRecord, type ResultTable, textIn } from "./result-records.ts";

/** Runs with different seeds are repetitions of one run. */
export const SEED = "layout_seed";

export interface WantedSetting {
  /** Columns that may differ: the chart has an axis for them. */
  readonly varied?: readonly string[];
  /** Whether it shows estimates of cycles: then runs with different costs are different runs. */
  readonly costs?: boolean;
}

export interface OneSetting {
  readonly records: readonly ResultRecord[];
  /** Names of the costs in which records of one front end differ. */
  readonly costs: readonly string[];
  /** A sentence about omitted rows; undefined if there are none. */
  readonly note: string | undefined;
}

const keyOf = (record: ResultRecord, names: readonly string[]): string => JSON.stringify(names.map((name) => record[name] ?? null));

/** The records of the most frequent setting, and a sentence about the others. @param which "", " of programs" or " of recordings" */
function mostFrequent(
  records: readonly ResultRecord[],
  settings: readonly string[],
  which: string,
): readonly [kept: readonly ResultRecord[], note: string | undefined] {
  const groups = [...groupBy(records, (record) => keyOf(record, settings)).values()];
  const most = groups.reduce((best, group) => (group.length > best.length ? group : best));
  if (groups.length === 1) return [most, undefined];
  const differing = settings.filter((name) => new Set(records.map((record) => record[name] ?? null)).size > 1);
  const said = differing.map((name) => `${name}=${textIn(most[0], name) || "none"}`).join(", ");
  const omitted = `${records.length - most.length} of ${counted(records.length, "row")}${which}`;
  return [most, `${said}; ${omitted}, with other settings, are left out`];
}

/**
 * The records of the most frequent setting, of programs and of recordings. Layout seeds are kept where means over them are possible: addresses of sites and targets
 * differ between seeds.
 */
export function ofOneSetting({ of, records }: ResultTable, { varied = [], costs: wanted = false }: WantedSetting = {}): OneSetting {
  const repeated = of === "rows" || of === "intervals";
  const settings = columnsOf(of, "setting").filter((name) => !varied.includes(name) && !(repeated && name === SEED));
  const notes: string[] = [];
  // a recording has neither size nor bodies: beside a program it is no run with other settings
  const kinds = [...groupBy(records, ({ technique }) => (technique === RECORDED ? " of recordings" : " of programs"))];
  const most = kinds.flatMap(([which, own]) => {
    const [kept, note] = mostFrequent(own, settings, kinds.length > 1 ? which : "");
    if (note !== undefined) notes.push(note);
    return kept;
  });
  const costs = columnsOf(of, "cost");
  const identity = [...columnsOf(of, "identifies"), ...columnsOf(of, "setting")];
  const measures = columnsOf(of, "measures");
  let [repeats, others] = [0, 0];
  const once = [...groupBy(most, (record) => keyOf(record, [...identity, ...costs])).values()].map(([first, ...more]) => {
    for (const other of more) {
      if (keyOf(other, measures) === keyOf(first, measures)) repeats++;
      else others++;
    }
    return first;
  });
  if (repeats > 0)
    notes.push(`${counted(repeats, "row")} that repeat${repeats === 1 ? "s" : ""} others ${repeats === 1 ? "is" : "are"} left out`);
  if (others > 0)
    notes.push(
      `${counted(others, "row")} with other numbers for the same run ${others === 1 ? "is" : "are"} left out: only the first counts`,
    );
  const differing = costs.filter((name) =>
    [...groupBy(once, ({ predictor }) => String(predictor)).values()].some((own) => new Set(own.map((record) => record[name])).size > 1),
  );
  // the conditional penalty, unless it is given, is the other one: it tells no rows apart
  const differ = differing.filter(
    (name, i) => !differing.slice(0, i).some((first) => once.every((record) => record[first] === record[name])),
  );
  // the cost of a misprediction does not change their number
  const kept = wanted ? once : [...groupBy(once, (record) => keyOf(record, identity)).values()].map(([first]) => first);
  return { records: kept, costs: wanted ? differ : [], note: notes.length === 0 ? undefined : notes.join("; ") };
}
