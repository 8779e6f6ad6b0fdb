// The page of timings: real cycles against estimated ones as dots on a diagonal, and every number.
import type { TopLevelSpec } from "vega-lite";
import type { Timings } from "../../host/time/time.ts";
import { type Datum, round, SCHEMA, seriesEncoding, titled } from "../drawing/drawing.ts";
import { fitOf, timingParts } from "../tables/timing.ts";
import { figure } from "./figure.ts";
import { html } from "./html.ts";
import { renderPage } from "./page.ts";
import { shownPart } from "./part.ts";

const TITLE = "Real and estimated cycles a virtual instruction";

/** Powers of two in a range, and from 3 on the middles between them where the range is narrow. */
function ticksIn(low: number, high: number): number[] {
  const ticks: number[] = [];
  for (let power = 2 ** Math.floor(Math.log2(low)); power <= high; power *= 2) {
    ticks.push(power);
    if (high / low < 50 && power >= 2) ticks.push(1.5 * power);
  }
  return ticks.filter((tick) => tick >= low && tick <= high);
}

/** Dots around a diagonal, on which estimates are right. */
export function diagonalSpec({ rows }: Timings): TopLevelSpec | undefined {
  const values = rows.flatMap((row): Datum[] =>
    row.estimated === undefined
      ? []
      : [
          {
            program: row.program,
            technique: row.align === undefined ? row.technique : `${row.technique}, aligned to ${row.align}`,
            compiler: row.compiler,
            real: round(row.cycles / row.virtualInstructions),
            estimated: round(row.estimated.cycles / row.virtualInstructions),
          },
        ],
  );
  if (values.length === 0) return undefined;
  const all = values.flatMap(({ real, estimated }) => [Number(real), Number(estimated)]);
  const domain = [Math.min(...all) / 1.1, Math.max(...all) * 1.1];
  const ticks = ticksIn(domain[0], domain[1]);
  const axis = (field: string, title: string) =>
    ({
      field,
      type: "quantitative",
      title,
      scale: { type: "log", domain, nice: false },
      axis: { format: "~g", values: ticks },
    }) as const;
  const x = axis("real", "real cycles");
  const y = axis("estimated", "estimated cycles");
  const techniques = [...new Set(values.map(({ technique }) => String(technique)))];
  return {
    $schema: SCHEMA,
    title: titled(TITLE, ...fitOf(rows), "on the line the estimate is right"),
    data: { values },
    width: 420,
    height: 420,
    layer: [
      {
        mark: { type: "line", strokeWidth: 1, color: "#888888" },
        transform: [
          { aggregate: [{ op: "count", as: "rows" }], groupby: [] },
          { calculate: `[${domain.join(", ")}]`, as: "end" },
          { flatten: ["end"] },
        ],
        encoding: { x: { ...x, field: "end" }, y: { ...y, field: "end" } },
      },
      {
        mark: { type: "point", filled: true, size: 45, opacity: 0.8, tooltip: true },
        encoding: { x, y, ...seriesEncoding("technique", "technique", techniques) },
      },
    ],
  };
}

/** @param command the command that measures again */
export async function timingPage(timings: Timings, command: string): Promise<string> {
  const spec = diagonalSpec(timings);
  const chart = {
    id: "diagonal",
    title: TITLE,
    description: "A dot for each program, technique and compiler. Above the line the model takes too many cycles, below it too few.",
  };
  const parts = timingParts(timings);
  return renderPage({
    title: "Real cycles beside estimated ones",
    lead: html`<p>How many cycles do these interpreters take here, and what does the model say? Every program ran natively in every form, in turns; memory, stacks and output were those of the guest.</p>`,
    sections: [
      ...(spec === undefined ? [] : [{ id: "chart", title: "Dots on a diagonal", content: await figure(chart.id, { chart, spec }) }]),
      { id: "numbers", title: "Every number", content: html`${parts.map(shownPart)}` },
    ],
    command,
    charts: spec !== undefined,
    measured: true,
  });
}
