// What is left to invent for: by program, what the best predictor that could be built mispredicts, beside oracles that know the
// virtual addresses of the last instructions and never forget, and how uncertain a dispatch's target is given its virtual address.
import type { TopLevelSpec } from "vega-lite";
import { groupBy } from "../../results/group-by.ts";
import { averaged, runOf } from "../drawing/averages.ts";
import { defineChart } from "../drawing/chart.ts";
import {
  atMost,
  colourOf,
  type Datum,
  dispatches,
  distinct,
  MOST_PANELS,
  RATE,
  rateOf,
  round,
  SCHEMA,
  titled,
} from "../drawing/drawing.ts";
import { numberIn, type ResultRecord, textIn } from "../result-records.ts";

const TITLE = "What could be predicted at all";
const BEST = "best model";
const ENTROPY = "target_entropy_given_virtual_address_bits";

/** Virtual instructions whose addresses an oracle is told; undefined for a front end that is none. */
function toldOf(predictor: string): number | undefined {
  const [model] = predictor.split("+");
  if (model !== "oracle" && !model.startsWith("oracle:")) return undefined;
  return Number(/instructions=(\d+)/.exec(model)?.[1] ?? 1);
}

/** Whether a front end could be built: no oracle, and no table without limits. */
const isReal = (record: ResultRecord): boolean =>
  toldOf(textIn(record, "predictor")) === undefined &&
  !textIn(record, "predictor").startsWith("perfect") &&
  numberIn(record, "storage_bits") !== undefined;

const limitName = (told: number): string => (told === 1 ? "oracle, one virtual address" : `oracle, ${told} virtual addresses`);

interface Limits {
  /** Rates of one program and technique, each with what it is of, and for the best model which one that is. */
  readonly rates: readonly Datum[];
  readonly entropies: readonly Datum[];
  /** In the order of the legend. */
  readonly names: readonly string[];
}

function limitsOf(records: readonly ResultRecord[]): Limits {
  const all = dispatches(records).filter((record) => rateOf(record) !== undefined);
  const told = [...new Set(all.flatMap((record) => toldOf(textIn(record, "predictor")) ?? []))].sort((a, b) => a - b);
  const rates: Datum[] = [];
  const entropies: Datum[] = [];
  for (const group of groupBy(all, (record) => JSON.stringify([record.program, record.technique])).values()) {
    const subject = { program: textIn(group[0], "program"), technique: textIn(group[0], "technique") };
    const points = group.map((record): Datum => {
      const known = toldOf(textIn(record, "predictor"));
      const real = known === undefined && isReal(record);
      const what = known === undefined ? (real ? BEST : "") : limitName(known);
      return { ...runOf(record), what, model: textIn(record, "predictor"), rate: rateOf(record) ?? 0 };
    });
    // several layout seeds are one number
    const means = averaged(
      points.filter(({ what }) => what !== ""),
      ["what", "model"],
      ["rate"],
    ).points.map(({ what, model, rate }) => ({ ...subject, what, model, rate }));
    const [best, ...others] = means.filter(({ what }) => what === BEST).sort((a, b) => Number(a.rate) - Number(b.rate));
    const oracles = means.filter(({ what }) => what !== BEST);
    if (best === undefined || oracles.length === 0) continue;
    // the best model last, so that no oracle hides it
    rates.push(...oracles.map((point) => ({ ...point, beside: 0 })), { ...best, beside: others.length });
    const bits = group.flatMap((record) => numberIn(record, ENTROPY) ?? []);
    if (bits.length > 0) entropies.push({ ...subject, bits: round(bits.reduce((sum, each) => sum + each, 0) / bits.length) });
  }
  return { rates, entropies, names: [BEST, ...told.map(limitName)] };
}

export default defineChart({
  title: TITLE,
  description:
    "What the best model of these results mispredicts, beside oracles: tables of last targets without limits, by exactly the virtual addresses of the last instructions. One of many addresses meets each new path once; a model that chooses among many lengths can be better than any of them. On the right the entropy of a dispatch's target given its virtual address.",
  needs: "an oracle beside a model, such as --predictor=oracle,oracle:instructions=8,ittage",
  of: "rows",
  place: 77,
  special: true,
  fits: (records) => limitsOf(records).rates.length > 0,
  spec(records) {
    const { rates, entropies, names } = limitsOf(records);
    const panels = atMost(
      distinct(records, "technique").filter((name) => rates.some(({ technique }) => technique === name)),
      MOST_PANELS,
      "techniques",
    );
    const row = { field: "program", type: "nominal", title: "program", axis: { grid: true, tickBand: "center" } } as const;
    const rows = panels.shown.map((name) => {
      const own = { filter: { field: "technique", equal: name } };
      const points = {
        title: { text: name, fontSize: 12, anchor: "start" },
        transform: [own, { filter: "isValid(datum.rate)" }],
        width: 360,
        height: { step: 15 },
        mark: { type: "point", filled: true, size: 55, opacity: 1, tooltip: { content: "data" } },
        encoding: {
          y: row,
          x: { field: "rate", type: "quantitative", title: RATE, scale: { type: "symlog", constant: 0.1 } },
          color: colourOf("what", "what predicts", names),
          shape: { field: "what", title: "what predicts", sort: [...names], scale: { domain: [...names] } },
        },
      };
      if (entropies.length === 0) return points;
      const bars = {
        transform: [own, { filter: "isValid(datum.bits)" }],
        width: 120,
        height: { step: 15 },
        mark: { type: "bar", color: "#666666", tooltip: { content: "data" } },
        encoding: {
          y: { ...row, axis: { labels: false, title: null } },
          x: { field: "bits", type: "quantitative", title: "entropy given the virtual address (bits)", axis: { titleFontSize: 9 } },
        },
      };
      return { hconcat: [points, bars] };
    });
    const models = [...new Set(rates.filter(({ what }) => what === BEST).map(({ model }) => String(model)))];
    const best =
      models.length > 3
        ? `${models.length} models are best of some program: their names are in the tooltips`
        : `best: ${models.join(", ")}`;
    return {
      $schema: SCHEMA,
      title: titled(TITLE, best, ...panels.said),
      data: { values: [...rates, ...entropies] },
      vconcat: rows,
    } as TopLevelSpec;
  },
});
