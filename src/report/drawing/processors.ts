// Records of real processors, ordered by year of sale, and the assumptions about each.
import type { TopLevelSpec } from "vega-lite";
import { numberIn, type ResultRecord, textIn } from "../result-records.ts";

export const onMachines = (records: readonly ResultRecord[]): ResultRecord[] =>
  records.filter((record) => record["machine:title"] !== undefined);

/** The assumed model of its predictor of dispatches; empty if the model does what is published. */
export const assumedOf = (record: ResultRecord): string => textIn(record, "machine:assumed");

/** The record with a mark in all names of its front end if its predictor of dispatches is assumed: "haswell ?", "Intel Haswell ?". */
export const marked = (record: ResultRecord): ResultRecord =>
  assumedOf(record) === ""
    ? record
    : { ...record, predictor: `${textIn(record, "predictor")} ?`, "machine:title": `${textIn(record, "machine:title")} ?` };

/** "2013 Intel Haswell ?"; simulators and unsold processors have no year. */
export const machineName = (record: ResultRecord): string =>
  [numberIn(record, "machine:year") ?? "", textIn(record, "machine:title")].join(" ").trim();

/** Their names, the oldest first; those without a year last. */
export function machinesByYear(records: readonly ResultRecord[]): string[] {
  const year = new Map(onMachines(records).map((record) => [machineName(record), numberIn(record, "machine:year") ?? 9999]));
  return [...year].sort(([a, first], [b, second]) => first - second || (a < b ? -1 : 1)).map(([name]) => name);
}

/** A subtitle that explains the mark. */
export const MARK_SAID = "?: what is published of its predictor of dispatches does not settle the model; what stands for it is assumed";

/** The assumption about each marked machine that a drawing names, one sentence each. */
export function assumptionsIn(spec: TopLevelSpec, records: readonly ResultRecord[]): string[] {
  const machines = new Map(records.filter((record) => assumedOf(record) !== "").map((record) => [machineName(record), record]));
  if (machines.size === 0) return [];
  const drawn = JSON.stringify(spec);
  const isDrawn = (record: ResultRecord): boolean =>
    ["predictor", "machine:title"].some((name) => drawn.includes(JSON.stringify(textIn(record, name)).slice(1, -1)));
  return [...machines].filter(([, record]) => isDrawn(record)).map(([name, record]) => `${name}: ${assumedOf(record)}.`);
}

/** With more techniques, techniques are rows. */
const MOST_COLUMNS = 8;

/** Rows and columns of a matrix of machines and techniques: a few techniques are columns, many are rows, so that all are in sight. */
export function machineAxes(machines: readonly string[], techniques: readonly string[]) {
  const [machine, technique] = [
    { field: "machine", title: "processor, by year", sort: machines },
    { field: "technique", title: "technique", sort: techniques },
  ];
  return techniques.length <= MOST_COLUMNS ? { x: technique, y: machine } : { x: machine, y: technique };
}
