// Published figures beside ours: columns for CSV and JSON, a table and a paragraph for people.
import { fixed } from "../../reproduce/bands.ts";
import type { ComparedFigure } from "../../reproduce/figures/figures.ts";
import { restsOn } from "../../reproduce/figures/measure.ts";
import type { Column } from "../../results/columns.ts";
import { groupBy } from "../../results/group-by.ts";
import { CONFIDENCE } from "./confidence.ts";
import type { DocumentPart } from "./sheet.ts";

const rounded = (value: number): number => Number(value.toPrecision(4));

/** Our row: a claim, and the selection of its rows. */
const rowOf = ({ ours: { claim, technique, predictor } }: ComparedFigure): string => `${claim}: ${technique} on ${predictor}`;

export const figureColumns: readonly Column<ComparedFigure>[] = [
  ["figure", ({ what }) => what],
  ["published_low", ({ low }) => low],
  ["published_high", ({ high }) => high],
  ["unit", ({ unit }) => unit],
  ["source", ({ source }) => source],
  ["confidence", ({ confidence }) => confidence],
  ["ours", ({ value }) => rounded(value)],
  ["ratio", ({ ratio }) => rounded(ratio)],
  ["evidence", ({ ours }) => restsOn(ours.measure)],
  ["claim", ({ ours }) => ours.claim],
  ["experiment", ({ ours: { experiment } }) => (typeof experiment === "string" ? experiment : experiment.on)],
  ["technique", ({ ours }) => ours.technique],
  ["predictor", ({ ours }) => ours.predictor],
  ["against_technique", ({ ours }) => ours.against?.technique ?? null],
  ["against_predictor", ({ ours }) => ours.against?.predictor ?? null],
  ["measure", ({ ours }) => ours.measure],
  ["reason", ({ reason }) => reason],
];

const SHORT_UNITS = { "%": "%", times: "times", "mispredictions / 1000 instructions": "per 1000", KiB: "KiB" } as const;

/** "81 to 98 %". */
const published = ({ low, high, unit }: ComparedFigure): string => `${low === high ? low : `${low} to ${high}`} ${SHORT_UNITS[unit]}`;

export const figureHead = ["", "published of", "published", "ours", "ratio", "rests on", "row"] as const;

/** The cells of a figure, for people. */
export const figureCells = (figure: ComparedFigure, index: number): string[] => [
  `${index + 1}`,
  figure.what,
  published(figure),
  `${rounded(figure.value)} ${SHORT_UNITS[figure.unit]}`,
  fixed(figure.ratio, 2),
  restsOn(figure.ours.measure),
  rowOf(figure),
];

/** Sources of figures, how sure they are, and why ours differ; once for all figures with the same note. */
export function figureNotes(figures: readonly ComparedFigure[]): string[] {
  const numbered = figures.map((figure, i) => ({ ...figure, number: i + 1 }));
  const groups = groupBy(numbered, ({ source, confidence, reason }) => `${source} (${CONFIDENCE[confidence]}). Ours: ${reason}.`);
  return [...groups].map(([note, group]) => `${group.map(({ number }) => number).join(", ")}: ${note}`);
}

/** How ratios are to be read. */
export const RATIO_NOTE =
  "Ratio: ours over what was published, over the nearer end of a range, and 1 inside of it. Programs, instruction sets and machines are not the papers'.";

export const figuresParts = (figures: readonly ComparedFigure[]): DocumentPart[] => [
  { head: figureHead, rows: figures.map(figureCells), left: 2 },
  RATIO_NOTE,
  ...figureNotes(figures),
];
