// Records of real processors, in the order in which these were sold.
import { numberIn, type ResultRecord, textIn } from "../records.ts";

export const onMachines = (records: readonly ResultRecord[]): ResultRecord[] =>
  records.filter((record) => record["machine:title"] !== undefined);

/** "2013 Intel Haswell"; simulators and what was never sold have no year. */
export const machineName = (record: ResultRecord): string =>
  [numberIn(record, "machine:year") ?? "", textIn(record, "machine:title")].join(" ").trim();

/** Their names, the oldest first; those without a year last. */
export function machinesByYear(records: readonly ResultRecord[]): string[] {
  const year = new Map(onMachines(records).map((record) => [machineName(record), numberIn(record, "machine:year") ?? 9999]));
  return [...year].sort(([a, first], [b, second]) => first - second || (a < b ? -1 : 1)).map(([name]) => name);
}
