// Accuracy against storage: every front end with every technique, and the Pareto frontier.

import { counted } from "../../numbers.ts";
import { defineChart } from "../drawing/chart.ts";
import { type Datum, distinct, highestFirst, RATE_LINES, SCHEMA, seriesEncoding, titled } from "../drawing/drawing.ts";
import { measureScale } from "../drawing/scales.ts";
import type { ResultRecord } from "../result-records.ts";
import { type Candidate, candidatesOf, frontierOf } from "../tables/budgets.ts";

const TITLE = "Mispredictions against storage";

/** More points would hide each other; those on a frontier are always drawn. */
const MOST_POINTS = 2000;

interface Frontiers {
  /** The frontiers of the techniques. */
  readonly own: ReadonlySet<Candidate>;
  /** The overall frontier. */
  readonly overall: readonly Candidate[];
}

function frontiersOf(candidates: readonly Candidate[]): Frontiers {
  const techniques = new Set(candidates.map(({ technique }) => technique));
  const own = [...techniques].flatMap((name) => frontierOf(candidates.filter(({ technique }) => technique === name)));
  return { own: new Set(own), overall: frontierOf(candidates) };
}

const fits = (records: readonly ResultRecord[]): boolean => new Set(candidatesOf(records).all.map(({ bits }) => bits)).size > 2;

const [WIDTH, HEIGHT] = [460, 340];
/** Least distance of labels beside points, in pixels. */
const [APART_X, APART_Y] = [18, 11];

/** Points of a frontier whose labels do not overlap. */
function legible(frontier: readonly Candidate[], all: readonly Candidate[]): Set<Candidate> {
  const sizes = all.map(({ bits }) => Math.log2(bits));
  const range = (values: readonly number[]): number =>
    values.reduce((a, b) => Math.max(a, b)) - values.reduce((a, b) => Math.min(a, b)) || 1;
  const x = ({ bits }: Candidate): number => (Math.log2(bits) / range(sizes)) * WIDTH;
  const y = ({ rate }: Candidate): number => (rate / (range([0, ...all.map((candidate) => candidate.rate)]) || 1)) * HEIGHT;
  const shown: Candidate[] = [];
  for (const candidate of frontier) {
    const free = shown.every((other) => Math.abs(x(candidate) - x(other)) > APART_X || Math.abs(y(candidate) - y(other)) > APART_Y);
    if (free) shown.push(candidate);
  }
  return new Set(shown);
}

/** A column of the list of frontier points. */
const column = (field: string, format: string | undefined, x: number, align: "left" | "right") =>
  ({
    mark: { type: "text", align, style: "label", fontSize: 12 },
    encoding: {
      x: { value: x },
      y: { type: "ordinal", field: "number", title: null, axis: null },
      text: format === undefined ? { field } : ({ field, type: "quantitative", format } as const),
    },
  }) as const;

export default defineChart({
  title: TITLE,
  description:
    "One point a technique and front end, one line a technique: what its best front end of at most that size reaches. The numbered points are the frontier of all; nothing as small or smaller mispredicts less. Storage is that of the models which the front end is named by, without the return stack and the gshare that complete it.",
  needs: "front ends of at least three sizes whose storage is known, such as btb:sets=64..4096",
  of: "rows",
  place: 35,
  fits,
  spec(records) {
    const { all, said } = candidatesOf(records);
    const rates = measureScale(all.map(({ rate }) => rate));
    const { own, overall } = frontiersOf(all);
    const others = all.filter((candidate) => !own.has(candidate));
    const numberable = legible(overall, all);
    const drawn = [...own, ...others.slice(0, MOST_POINTS)];
    const values = drawn.map(
      (candidate): Datum => ({
        ...candidate,
        frontier: own.has(candidate) ? "yes" : "no",
        number: overall.indexOf(candidate) + 1,
        beside: numberable.has(candidate) ? overall.indexOf(candidate) + 1 : "",
      }),
    );
    const axes = {
      x: {
        field: "bits",
        type: "quantitative",
        title: "storage of the front end's models, bits",
        scale: { type: "log", base: 2, nice: false, padding: 12 },
        axis: { format: ",d", grid: false, labelOverlap: true },
      },
      y: { field: "rate", type: "quantitative", title: RATE_LINES, scale: rates.scale, axis: rates.axis },
    } as const;
    const series = seriesEncoding("technique", "technique", highestFirst(values, "technique", "rate"));
    const numbered = [{ filter: "datum.number > 0" }];
    return {
      $schema: SCHEMA,
      title: titled(
        TITLE,
        `${counted(distinct(records, "predictor").length, "front end")}, ${counted(new Set(all.map(({ technique }) => technique)).size, "technique")}`,
        ...said,
        ...(others.length > MOST_POINTS ? [`${others.length - MOST_POINTS} points that are on no frontier are not drawn`] : []),
      ),
      data: { values },
      hconcat: [
        {
          width: WIDTH,
          height: HEIGHT,
          layer: [
            {
              mark: { type: "point", filled: true, size: 45, tooltip: true },
              encoding: { ...axes, ...series, opacity: { condition: { test: "datum.frontier === 'yes'", value: 0.95 }, value: 0.3 } },
            },
            {
              transform: [{ filter: "datum.frontier === 'yes'" }],
              mark: { type: "line", interpolate: "step-after", strokeWidth: 1.5 },
              encoding: { ...axes, color: series.color },
            },
            {
              transform: numbered,
              mark: { type: "text", align: "right", baseline: "top", dx: -4, dy: 3, style: "label", fontSize: 11 },
              encoding: { ...axes, text: { field: "beside" } },
            },
          ],
        },
        {
          title: { text: "The frontier of all: bits, rate, what it is", fontSize: 12, fontWeight: "normal", anchor: "start" },
          width: 330,
          height: { step: 17 },
          transform: [...numbered, { calculate: "datum.predictor + ', ' + datum.technique", as: "what" }],
          layer: [
            column("number", undefined, 18, "right"),
            column("bits", ",d", 95, "right"),
            column("rate", ".2f", 140, "right"),
            column("what", undefined, 152, "left"),
          ],
        },
      ],
    };
  },
});
