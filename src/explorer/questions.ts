// What the page asks the lab for a state, and what it finds in the answers: columns of its table are front ends, each of which is
// a question of its own, so that the table fills as workers answer.
import type { LabFile, ResultRecord, SimulateAsks } from "./protocol.ts";
import type { Measure, State } from "./state.ts";

const MACHINE = "machine:";

/** A machine's name as a front end of the page, which may also be a predictor. */
export const machineColumn = (id: string): string => `${MACHINE}${id}`;

/** The id in such a name; undefined for predictors. */
export const machineIn = (frontEnd: string): string | undefined =>
  frontEnd.startsWith(MACHINE) ? frontEnd.slice(MACHINE.length) : undefined;

/** Front ends of the table, in the order of the command's rows: machines first. */
export const columnsOf = ({ machines, predictors }: State): string[] => [...machines.map(machineColumn), ...predictors];

/** Of a file name with its folder: `./pasted.fs`. */
export const fileOf = (program: string): string | undefined => (program.startsWith("./") ? program.slice(2) : undefined);

/** The name of a pasted predictor as a front end. */
export const OWN_PREDICTOR = "./mine.js";

/** The files that a question about a front end may need. @param dropped files that were dropped on the page */
export function filesFor({ program, text, own }: State, frontEnd: string, dropped: readonly LabFile[]): readonly LabFile[] {
  const name = fileOf(program);
  return [
    ...(name !== undefined && text !== "" ? [{ name, content: text }] : []),
    ...(frontEnd.includes(OWN_PREDICTOR) && own !== "" ? [{ name: OWN_PREDICTOR.slice(2), content: own }] : []),
    ...dropped,
  ];
}

/** The question for some techniques on one front end. @param dropped files that were dropped on the page */
export function asksFor(
  state: State,
  { frontEnd, techniques }: { readonly frontEnd: string; readonly techniques: readonly string[] },
  dropped: readonly LabFile[] = [],
): SimulateAsks {
  const { program, size, penalty, ipc } = state;
  const machine = machineIn(frontEnd);
  const files = filesFor(state, frontEnd, dropped);
  return {
    inputs: [program],
    ...(files.length === 0 ? {} : { files }),
    options: {
      size,
      technique: techniques.join(","),
      ...(machine === undefined ? { predictor: frontEnd } : { machine }),
      ...(penalty === undefined ? {} : { penalty }),
      ...(ipc === undefined ? {} : { ipc }),
    } as SimulateAsks["options"],
  };
}

/** The row of dispatches of one technique. */
export const dispatchesOf = (rows: readonly ResultRecord[], technique: string): ResultRecord | undefined =>
  rows.find((row) => row.technique === technique && row.kind === "dispatch");

/** What the table shows of a row, and how. */
export interface Shown {
  readonly title: string;
  readonly value: (row: ResultRecord) => number | undefined;
  readonly text: (value: number) => string;
  /** From 0, none of the colour, to 1. @param most the largest value in the table */
  readonly depth: (value: number, most: number) => number;
}

const numberOf = (row: ResultRecord, column: string): number | undefined => {
  const cell = row[column];
  return typeof cell === "number" ? cell : undefined;
};

export const SHOWN: Readonly<Record<Measure, Shown>> = {
  rate: {
    title: "mispredicted dispatches per 100 virtual instructions",
    value(row) {
      const rate = numberOf(row, "mispredictions_per_virtual_instruction");
      return rate === undefined ? undefined : rate * 100;
    },
    text: (value) => (value > 0 && value < 0.05 ? "< 0.1" : value.toFixed(1)),
    depth: (value) => Math.min(1, value / 100),
  },
  cycles: {
    title: "cycles lost to mispredictions, per virtual instruction (estimated)",
    value: (row) => numberOf(row, "cycles_lost_per_virtual_instruction"),
    text: (value) => value.toFixed(2),
    depth: (value, most) => (most === 0 ? 0 : value / most),
  },
  speedup: {
    title: "speedup over switch on the same front end (estimated)",
    value: (row) => numberOf(row, "estimated_speedup_over_switch"),
    text: (value) => `${value.toFixed(2)}×`,
    // the faster, the less colour, as with misses
    depth: (value, most) => (most === 0 ? 0 : 1 - value / most),
  },
};

/** Rows of several questions in the order in which one command gives them: techniques as asked for, then front ends. */
export function inOrder(state: State, byColumn: readonly (readonly ResultRecord[])[]): ResultRecord[] {
  return state.techniques.flatMap((technique) => byColumn.flatMap((rows) => rows.filter((row) => row.technique === technique)));
}
