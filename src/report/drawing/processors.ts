// Records of real processors, ordered by year of sale, and the assumptions about each.
import { numberIn, type ResultRecord, textIn } from "../result-records.ts";

export const onMachines = (records: readonly ResultRecord[]): ResultRecord[] =>
  records.filter((record) => record["machine:title"] !== undefined);

/** The assumed model of its predictor of dispatches; empty if the model does what is published. */
export const assumedOf = (record: ResultRecord): string => textIn(record, "machine:assumed");

/** "2013 Intel Haswell ?"; simulators and unsold processors have no year; the mark says that its predictor is assumed. */
export const machineName = (record: ResultRecord): string =>
  [numberIn(record, "machine:year") ?? "", textIn(record, "machine:title"), assumedOf(record) === "" ? "" : "?"].join(" ").trim();

/** Their names, the oldest first; those without a year last. */
export function machinesByYear(records: readonly ResultRecord[]): string[] {
  const year = new Map(onMachines(records).map((record) => [machineName(record), numberIn(record, "machine:year") ?? 9999]));
  return [...year].sort(([a, first], [b, second]) => first - second || (a < b ? -1 : 1)).map(([name]) => name);
}

/** A subtitle that explains the mark. */
export const markSaid = (records: readonly ResultRecord[]): string =>
  records.some((record) => assumedOf(record) !== "")
    ? "?: what is published of its predictor of dispatches does not settle the model; what stands for it is assumed"
    : "";

/** The assumptions about each marked machine. */
export const assumptions = (records: readonly ResultRecord[]): string[] => [
  ...new Map(
    onMachines(records)
      .filter((record) => assumedOf(record) !== "")
      .map((record) => [machineName(record), `${machineName(record)}: ${assumedOf(record)}.`]),
  ).values(),
];

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
