// Finds charts by file name in charts/.
import type { TopLevelSpec } from "vega-lite";
import { UsageError } from "../../errors.ts";
import { functionRule, numberRule, optional, parametersRule, plugInsIn, textRule } from "../../files/plug-ins.ts";
import { type Parameters, readParameters, unknownName, type Values } from "../../parameters.ts";
import type { ResultKind } from "../../results/columns.ts";
import { MEASURES, type ResultMeasure } from "../../results/measures.ts";
import { withParameters } from "../named-parameters.ts";
import { type OneSetting, ofOneSetting } from "../one-setting.ts";
import { type ResultRecord, type ResultTable, textIn } from "../result-records.ts";
import type { Chart } from "./chart.ts";
import { noted } from "./drawing.ts";
import { type MeasureBars, measureAverages, measureSpec } from "./measure-bars.ts";
import { assumptionsIn, MARK_SAID, marked } from "./processors.ts";

const ours = plugInsIn<Chart>("src/report/charts", {
  kind: "chart",
  typed: "made by defineChart({ … })",
  see: 'CONTRIBUTING.md, "Add a chart"',
  fields: {
    title: textRule,
    description: textRule,
    needs: textRule,
    of: textRule,
    place: numberRule,
    parameters: optional(parametersRule),
    fits: functionRule("of result records"),
    spec: functionRule("of result records"),
  },
});

export interface NamedChart extends Chart {
  readonly id: string;
}

/** A chart of some results. */
export interface DrawnChart {
  readonly chart: NamedChart;
  readonly spec: TopLevelSpec;
  /** The assumptions about the front ends that it marks, one sentence each. */
  readonly notes: readonly string[];
}

/** The ids of all charts, sorted. */
export const chartIds = ours.ids;

/** All charts, in the order in which pages show them. */
export async function allCharts(): Promise<NamedChart[]> {
  const charts = await Promise.all(ours.ids().map(async (id): Promise<NamedChart> => ({ id, ...(await ours.load(id)) })));
  return charts.sort((a, b) => a.place - b.place || (a.id < b.id ? -1 : 1));
}

const WHAT: Readonly<Record<ResultKind, string>> = {
  rows: "results of whole runs (without --per-site and --interval)",
  sites: "results by site (--per-site)",
  intervals: "results over time (--interval)",
  targets: "where dispatches led (--contexts)",
};

/** The records of a chart: of one setting, except for columns that its parameters name, with the parameters in names. */
const subjectOf = (table: ResultTable, values: ChartValues, costs: boolean): Promise<Subject> =>
  subjectIn(table, ofOneSetting(table, { varied: Object.values(values).map(String), costs }));

const subjectIn = async ({ of }: ResultTable, setting: OneSetting): Promise<Subject> => ({
  of,
  records: await labelled(setting),
  note: setting.note,
});

/** The records with the parameters in their names; a front end with several costs is named with them, an assumed one is marked. */
export async function labelled({ records, costs }: OneSetting): Promise<ResultRecord[]> {
  const complete = await withParameters(records);
  return (costs.length === 0 ? complete : complete.map((record) => withCosts(record, costs))).map(marked);
}

/** A front end with several costs counts as several: "btb, penalty 5 cycles". */
function withCosts(record: ResultRecord, costs: readonly string[]): ResultRecord {
  const said = costs.map((name) => costSaid(name, textIn(record, name))).join(", ");
  const title = record["machine:title"];
  return {
    ...record,
    predictor: `${textIn(record, "predictor")}, ${said}`,
    ...(title === undefined ? {} : { "machine:title": `${title}, ${said}` }),
  };
}

const costSaid = (name: string, value: string): string => {
  const words = name.split("_");
  return words.at(-1) === "cycles" ? `${words.slice(0, -1).join(" ")} ${value || "no"} cycles` : `${name} ${value}`;
};

interface Subject extends ResultTable {
  readonly note: string | undefined;
}

function draw(chart: NamedChart, { of, records, note }: Subject, values: ChartValues): DrawnChart | undefined {
  if (chart.of !== of || records.length === 0 || !chart.fits(records, values)) return undefined;
  return explained(chart, chart.spec(records, values), { records, note });
}

/** With the meaning of marks and a note on omitted rows in the subtitle. */
function explained(chart: NamedChart, spec: TopLevelSpec, { records, note }: Pick<Subject, "records" | "note">): DrawnChart {
  const notes = assumptionsIn(spec, records);
  return { chart, spec: noted(noted(spec, notes.length === 0 ? undefined : MARK_SAID), note), notes };
}

type ChartValues = Values<Parameters>;

/** Parses `heat-map:x=sets:y=ways`. */
const valuesOf = (chart: NamedChart, parts: readonly string[] = []): ChartValues =>
  readParameters(`chart ${chart.id}`, chart.id, parts, chart.parameters ?? {}).values;

/** All charts that fit the results. */
export async function fittingCharts(table: ResultTable): Promise<DrawnChart[]> {
  const plain = await subjectOf(table, {}, false);
  // one copy of the records if costs do not differ: two copies of 100,000 take 400 MB
  const setting = ofOneSetting(table, { costs: true });
  const costs = setting.costs.length === 0 ? plain : await subjectIn(table, setting);
  return (await allCharts()).flatMap((chart) => (chart.onDemand ? [] : (draw(chart, chart.costs ? costs : plain, valuesOf(chart)) ?? [])));
}

/**
 * Charts of results that users ask for.
 * @param asked ids of charts, with parameters; default: all that fit
 * @param from  source of the results, for messages
 * @throws UsageError for an unknown chart, for one that does not fit, and when none does
 */
export async function drawCharts(table: ResultTable, from: string, asked?: readonly string[]): Promise<DrawnChart[]> {
  if (asked !== undefined) return Promise.all(asked.map((text) => drawAsked(table, from, text)));
  const fitting = await fittingCharts(table);
  if (fitting.length === 0) throw new UsageError(`${from}: there is nothing to draw: no predictor covers the dispatch branches`);
  return fitting;
}

async function drawAsked(table: ResultTable, from: string, asked: string): Promise<DrawnChart> {
  const known = await allCharts();
  const [id, ...parts] = asked.split(":");
  const chart = known.find((other) => other.id === id);
  if (chart === undefined)
    throw unknownName(
      "chart",
      id,
      known.map((other) => other.id),
    );
  const values = valuesOf(chart, parts);
  const drawn = draw(chart, await subjectOf(table, values, chart.costs ?? false), values);
  if (drawn !== undefined) return drawn;
  const fitting = (await fittingCharts(table)).map((other) => other.chart.id);
  const fit = fitting.length === 0 ? "none" : fitting.join(", ");
  throw new UsageError(
    `${from}: the chart ${asked} needs ${chart.of === table.of ? chart.needs : WHAT[chart.of]} (charts that fit: ${fit})`,
  );
}

/** A chart of a measure with its published values; undefined if its columns are missing. */
export async function drawMeasure(table: ResultTable, bars: MeasureBars): Promise<DrawnChart | undefined> {
  const chart = (await allCharts()).find(({ id }) => id === "measure");
  const { costs }: ResultMeasure = MEASURES[bars.measure];
  const { records, note } = await subjectOf(table, {}, costs ?? false);
  if (chart === undefined || measureAverages(records, bars).points.length === 0) return undefined;
  return explained(chart, measureSpec(records, bars), { records, note });
}
