// Rows, as claims ask them: chosen by program, technique, predictor and class, then summed up.
import type { Row } from "../rows.ts";
import type { RowKind } from "../statistics.ts";

/** What rows may be chosen by; among rows of several classes, those of dispatches unless said. */
export interface Choice {
  readonly program?: string;
  readonly technique?: string;
  readonly predictor?: string;
  readonly kind?: RowKind;
}

export interface Selection {
  readonly rows: readonly Row[];
  /** Rows that agree with a choice. @throws Error when there are none: a claim that asks for what was not simulated is a bug */
  where(choice: Choice): Selection;
  /** Programs in the order of their rows; likewise the others. */
  readonly programs: readonly string[];
  readonly techniques: readonly string[];
  readonly predictors: readonly string[];
  /** Sums over the rows. */
  readonly branches: number;
  readonly mispredictions: number;
  readonly virtualInstructions: number;
  readonly nativeInstructions: number;
  /** Mispredictions over branches, of the sums: the rate of the suite as one long program. */
  readonly rate: number;
  /** Mispredictions over virtual instructions, of the sums. */
  readonly perVirtual: number;
  /** The arithmetic mean of each row's own rate: every program counts the same. */
  readonly meanRate: number;
  /** The lowest and the highest of each row's own rate. */
  readonly rates: readonly [lowest: number, highest: number];
  /** Branches over virtual instructions, of the sums. */
  readonly branchesPerVirtual: number;
  /** The sum of anything else that rows hold. @throws Error where a row does not know it */
  total(of: (row: Row) => number | undefined): number;
}

const distinct = <T>(things: readonly T[]): T[] => [...new Set(things)];
const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

function known(row: Row): number {
  if (row.mispredictions === undefined) {
    throw new Error(`${row.program}, ${row.technique}, ${row.predictor}: mispredictions of ${row.kind} branches are not modelled`);
  }
  return row.mispredictions;
}

function defined(row: Row, value: number | undefined): number {
  if (value === undefined) throw new Error(`${row.program}, ${row.technique}, ${row.predictor}: not modelled`);
  return value;
}

/** @param rows of one experiment, every class of branches */
export function select(rows: readonly Row[]): Selection {
  const rateOf = (row: Row): number => (row.branches === 0 ? 0 : known(row) / row.branches);
  return {
    rows,
    where(choice) {
      const wanted: Choice = distinct(rows.map(({ kind }) => kind)).length > 1 ? { kind: "dispatch", ...choice } : choice;
      const chosen = rows.filter((row) => (Object.keys(wanted) as (keyof Choice)[]).every((key) => row[key] === wanted[key]));
      if (chosen.length === 0) throw new Error(`no rows with ${JSON.stringify(wanted)}`);
      return select(chosen);
    },
    programs: distinct(rows.map(({ program }) => program)),
    techniques: distinct(rows.map(({ technique }) => technique)),
    predictors: distinct(rows.map(({ predictor }) => predictor)),
    get branches() {
      return total(rows.map(({ branches }) => branches));
    },
    get mispredictions() {
      return total(rows.map(known));
    },
    get virtualInstructions() {
      return total(rows.map(({ virtualInstructions }) => virtualInstructions));
    },
    get nativeInstructions() {
      return total(rows.map(({ nativeInstructions }) => nativeInstructions));
    },
    get rate() {
      return this.mispredictions / this.branches;
    },
    get perVirtual() {
      return this.mispredictions / this.virtualInstructions;
    },
    get meanRate() {
      return total(rows.map(rateOf)) / rows.length;
    },
    get rates() {
      const rates = rows.map(rateOf);
      return [Math.min(...rates), Math.max(...rates)] as const;
    },
    get branchesPerVirtual() {
      return this.branches / this.virtualInstructions;
    },
    total: (of) => total(rows.map((row) => defined(row, of(row)))),
  };
}
