// Mispredictions by opcode: a bar for each opcode, stacked by its branch sites, as shares of those of all sites of the results. A panel for
// each program, technique and front end.
import type { TopLevelSpec } from "vega-lite";
import { counted } from "../../numbers.ts";
import { groupBy } from "../../results/group-by.ts";
import { RECORDED } from "../../results/rows.ts";
import { defineChart } from "../drawing/chart.ts";
import { atMost, colourOf, type Datum, distinct, MOST_PANELS, round, SCHEMA, titled } from "../drawing/drawing.ts";
import { numberIn, type ResultRecord, textIn } from "../result-records.ts";

const TITLE = "Mispredictions by opcode and branch site";

const MOST_BARS = 20;

/** Records of sites that were mispredicted. */
const missed = (records: readonly ResultRecord[]): ResultRecord[] =>
  records.filter((record) => (numberIn(record, "mispredictions") ?? 0) > 0);

const totalOf = (records: readonly ResultRecord[]): number =>
  records.reduce((sum, record) => sum + (numberIn(record, "mispredictions") ?? 0), 0);

const titleOf = (record: ResultRecord): string => ["program", "technique", "predictor"].map((name) => textIn(record, name)).join(", ");

interface Panel {
  readonly title: string;
  readonly said: string;
  /** A bar's subject: an opcode; of recordings, whose opcodes are unknown, a branch. */
  readonly subject: "opcode" | "branch";
  readonly values: readonly Datum[];
  readonly names: readonly string[];
}

function panelOf(title: string, sites: readonly ResultRecord[]): Panel {
  const total = totalOf(sites);
  const bars = [...groupBy(sites, (record) => textIn(record, "owner"))].map(([opcode, own]) => ({ opcode, own, total: totalOf(own) }));
  bars.sort((a, b) => b.total - a.total || (a.opcode < b.opcode ? -1 : 1));
  const kept = bars.slice(0, MOST_BARS);
  const values = kept.flatMap(({ opcode, own }) =>
    [...own]
      .sort((a, b) => (numberIn(b, "mispredictions") ?? 0) - (numberIn(a, "mispredictions") ?? 0))
      .map(
        (record): Datum => ({
          run: title,
          opcode,
          "branch site": textIn(record, "site"),
          kind: textIn(record, "kind"),
          share: round(((numberIn(record, "mispredictions") ?? 0) / total) * 100),
          mispredictions: numberIn(record, "mispredictions") ?? 0,
          branches: numberIn(record, "branches") ?? 0,
        }),
      ),
  );
  const subject = sites[0].technique === RECORDED ? "branch" : "opcode";
  const cut =
    bars.length > kept.length
      ? `; the worst ${kept.length} of ${counted(bars.length, subject, subject === "branch" ? "branches" : "opcodes")} are shown`
      : "";
  return {
    title,
    said: `${counted(total, "misprediction")} at ${counted(sites.length, "site")} of the results${cut}`,
    subject,
    values,
    names: kept.map(({ opcode }) => opcode),
  };
}

export default defineChart({
  title: TITLE,
  description:
    "One bar an opcode, with the branches of its code and of the dispatch after it, each a piece of the bar; shared dispatch has a bar of its own. Shares are of the mispredictions of all sites that the results hold (--per-site=N).",
  needs: "sites that were mispredicted",
  of: "sites",
  place: 80,
  fits: (records) => missed(records).length > 0,
  spec(records) {
    const runs = groupBy(missed(records), titleOf);
    const { shown, said } = atMost([...runs.keys()], MOST_PANELS, "runs");
    const kinds = distinct(missed(records), "kind").sort();
    const panels = shown.map((title) => panelOf(title, runs.get(title) ?? []));
    const drawn = panels.map(({ title, said: below, subject, names }) => ({
      title: { text: title, subtitle: below, fontSize: 12 },
      ...(panels.length > 1 ? { transform: [{ filter: { field: "run", equal: title } }] } : {}),
      width: 300,
      height: { step: 16 },
      mark: { type: "bar", tooltip: { content: "data" }, style: "piece" },
      encoding: {
        y: { field: "opcode", type: "nominal", title: subject, sort: names },
        x: {
          field: "share",
          type: "quantitative",
          title: "% of the mispredictions at all sites of the results",
          scale: { domain: [0, 100] },
        },
        color: colourOf("kind", "kind of branch", kinds),
        detail: { field: "branch site" },
        order: { field: "share", type: "quantitative", sort: "descending" },
      },
    }));
    const top = { $schema: SCHEMA, title: titled(TITLE, ...said), data: { values: panels.flatMap(({ values }) => values) } };
    return { ...top, columns: 2, concat: drawn } as unknown as TopLevelSpec;
  },
});
