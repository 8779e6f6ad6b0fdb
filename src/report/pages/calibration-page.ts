// The page of a calibration: figures, and the curves in which their cliffs can be seen.
import type { TopLevelSpec } from "vega-lite";
import type { Calibration } from "../../host/calibrate.ts";
import type { FigureId } from "../../host/processor/figures.ts";
import type { Samples } from "../../host/processor/samples.ts";
import { type Datum, round, SCHEMA, seriesEncoding, titled } from "../drawing/drawing.ts";
import { calibrationParts, FIGURE_TITLES } from "../tables/calibration.ts";
import { figure } from "./figure.ts";
import { html, htmlTable, type Markup } from "./html.ts";
import { renderPage } from "./page.ts";

/** A chart of the page: some curves over one axis, and the figures computed from them. */
interface CurveChart {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly x: string;
  readonly y: string;
  /** Curves by their names in the legend. */
  readonly curves: Readonly<Record<string, string>>;
  readonly figures: readonly FigureId[];
  /** Divisor of a value: the curve of depths measures all levels at once. */
  readonly per?: (x: number) => number;
}

const CHARTS: readonly CurveChart[] = [
  {
    id: "loops",
    title: "Loops of indirect jumps",
    description:
      "48 blocks that end with an indirect jump each, in a random order that comes again and again. On the first level each jump goes where it went last time, on the second history predicts where, past the cliff jumps are mispredicted.",
    x: "jumps in the loop",
    y: "cycles a jump",
    curves: { loop: "48 blocks" },
    figures: ["loopLength"],
  },
  {
    id: "targets",
    title: "Targets of one indirect jump",
    description: "One jump goes to its targets in turn, and each jumps back: two jumps a target.",
    x: "targets",
    y: "cycles for two jumps",
    curves: { targets: "in turn" },
    figures: ["targetsOfOneJump"],
  },
  {
    id: "reach",
    title: "How far back history reaches",
    description:
      "A random jump, some branches that are always the same, and a jump that does what the random one did. While history reaches back it costs what a jump costs that is always the same; past the cliff, what a random one costs.",
    x: "branches between both jumps",
    y: "cycles from one to the other and back",
    curves: {
      "reach-jumps-same": "indirect jumps between, second the same",
      "reach-jumps-follows": "indirect jumps between, second as the first",
      "reach-jumps-fresh": "indirect jumps between, second random",
      "reach-conditionals-same": "conditionals between, second the same",
      "reach-conditionals-follows": "conditionals between, second as the first",
      "reach-conditionals-fresh": "conditionals between, second random",
    },
    figures: ["historyJumps", "historyConditionals"],
  },
  {
    id: "jumps",
    title: "Direct jumps, one after the other",
    description:
      "A cliff that stands at one number of jumps, however far apart they are, is a buffer's; one that moves with the distance is the instruction cache's.",
    x: "jumps",
    y: "cycles a jump",
    curves: { "jumps-16": "16 bytes apart", "jumps-32": "32 bytes apart", "jumps-64": "64 bytes apart" },
    figures: ["firstBufferBranches", "lastBufferBranches"],
  },
  {
    id: "indirect",
    title: "Indirect jumps with one target each",
    description: "As above, with jumps through a register.",
    x: "jumps",
    y: "cycles a jump",
    curves: { "indirect-16": "16 bytes apart", "indirect-32": "32 bytes apart" },
    figures: ["indirectBufferBranches"],
  },
  {
    id: "depth",
    title: "Depth of calls",
    description: "Functions that call each other and return: past the return stack each level costs a misprediction.",
    x: "levels",
    y: "cycles a level, call and return",
    curves: { depth: "calls and returns" },
    figures: ["returnStackDepth"],
    per: (x) => x,
  },
];

function specOf({ title, curves, x, y, per = () => 1 }: CurveChart, samples: Samples, cliffs: readonly string[]): TopLevelSpec {
  const names = Object.values(curves);
  const values = Object.entries(curves).flatMap(([name, label]): Datum[] => {
    const all = samples.curves.get(name) ?? [];
    return [...new Set(all.map((sample) => sample.x))].flatMap((at): Datum[] => {
      const cycles = all.flatMap((sample) => (sample.x === at ? sample.cycles / per(at) : []));
      // a logarithm has no place for 0
      return [
        {
          curve: label,
          x: Math.max(at, 0.5),
          cycles: round(Math.min(...cycles)),
          high: round(Math.max(...cycles)),
        },
      ];
    });
  });
  const { color, shape } = seriesEncoding("curve", "curve", names);
  const axis = {
    field: "x",
    type: "quantitative",
    title: x,
    scale: { type: "log", base: 2 },
    axis: { format: "~g", labelOverlap: true },
  } as const;
  return {
    $schema: SCHEMA,
    title: titled(title, ...cliffs, "points: least of all repeats; bars: up to the most"),
    data: { values },
    width: 640,
    height: 280,
    encoding: { x: axis, color: names.length === 1 ? { value: "#0072b2" } : color },
    layer: [
      { mark: { type: "rule", opacity: 0.5 }, encoding: { y: { field: "cycles", type: "quantitative", title: y }, y2: { field: "high" } } },
      {
        mark: { type: "line", strokeWidth: 1.5 },
        encoding: { y: { field: "cycles", type: "quantitative", title: y } },
      },
      {
        mark: { type: "point", filled: true, size: 30, tooltip: true },
        encoding: { y: { field: "cycles", type: "quantitative", title: y }, ...(names.length === 1 ? {} : { shape }) },
      },
    ],
  };
}

/** @param command the command that measures again */
export async function calibrationPage(calibration: Calibration, command: string): Promise<string> {
  const { samples, figures, system } = calibration;
  const [, table, ...lines] = calibrationParts(calibration);
  if (table === undefined || typeof table === "string") throw new Error("a calibration without its table");
  const drawn: Markup[] = [];
  for (const chart of CHARTS) {
    const cliffs = figures.flatMap(({ id, value: last, next }) =>
      chart.figures.includes(id)
        ? `${FIGURE_TITLES[id][0]}: ${next === undefined ? `no cliff up to ${last}` : `level up to ${last}, cliff before ${next}`}`
        : [],
    );
    const { id, title, description } = chart;
    drawn.push(await figure(id, { chart: { id, title, description }, spec: specOf(chart, samples, cliffs) }));
  }
  return renderPage({
    title: `${system.processor}: its branches by the clock`,
    lead: html`<p>What does a misprediction cost on this processor, and how much do its tables hold? Measured by the clock alone, ${samples.rounds} times.</p>`,
    sections: [
      {
        id: "figures",
        title: "Figures",
        content: html`<div class="scroll">${htmlTable(
          "Figures",
          table.head,
          table.rows.map((row) => [...row]),
          2,
        )}</div>`,
      },
      {
        id: "doubts",
        title: "What they rest on",
        content: html`<ul>${lines.map((line) => html`<li>${typeof line === "string" ? line.replace(/^· /, "") : ""}</li>`)}</ul>`,
      },
      { id: "curves", title: "Curves", content: html`${drawn}` },
    ],
    command,
    charts: true,
    measured: true,
  });
}
