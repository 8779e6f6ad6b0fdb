// Rows, as claims ask them: chosen by program, technique, predictor and class, then summed up.
import type { CodeFootprint } from "../replay/code-footprint.ts";
import type { RowKind } from "../replay/statistics.ts";
import type { Row } from "../results/rows.ts";

/** What rows may be chosen by; among rows of several classes, those of dispatches unless said. */
export interface Choice {
  readonly program?: string;
  readonly technique?: string;
  readonly predictor?: string;
  readonly kind?: RowKind;
}

export interface Selection {
  readonly rows: readonly ProgramRow[];
  /** Rows that agree with a choice. @throws Error when there are none: a claim that asks for what was not simulated is a bug */
  where(choice: Choice): Selection;
  /** Rows of all programs but the named ones. */
  except(programs: readonly string[]): Selection;
  /** Programs in the order of their rows; likewise the others. */
  readonly programs: readonly string[];
  readonly techniques: readonly string[];
  readonly predictors: readonly string[];
  /** Sums over the rows. */
  readonly branches: number;
  readonly mispredictions: number;
  readonly virtualInstructions: number;
  readonly nativeInstructions: number;
  readonly takenBranches: number;
  /** Of branches of every kind. */
  readonly cyclesLost: number;
  readonly estimatedCycles: number;
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
  total(of: (row: ProgramRow) => number | undefined): number;
  /** The arithmetic mean of the same: every program counts the same. */
  mean(of: (row: ProgramRow) => number | undefined): number;
}

const distinct = <T>(things: readonly T[]): T[] => [...new Set(things)];
const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** A row of a program, which recordings have no rows like. */
export interface ProgramRow extends Row {
  readonly virtualInstructions: number;
  readonly footprint: CodeFootprint;
}

const isOfProgram = (row: Row): row is ProgramRow => row.virtualInstructions !== undefined && row.footprint !== undefined;

/** @throws Error where something was not modelled */
function defined(row: Row, value: number | undefined): number {
  if (value === undefined) throw new Error(`${row.program}, ${row.technique}, ${row.predictor}, ${row.kind} branches: not modelled`);
  return value;
}
const known = (row: Row): number => defined(row, row.mispredictions);

/** Whether all selections count the same branches and the same mispredictions in every program. */
export function agree(...[first, ...others]: readonly Selection[]): boolean {
  return others.every(
    ({ rows, programs }) =>
      rows.length === first.rows.length &&
      programs.length === rows.length &&
      first.rows.every((row) =>
        rows.some((row2) => row2.program === row.program && row2.branches === row.branches && known(row2) === known(row)),
      ),
  );
}

/** @param all rows of one experiment, every class of branches; claims are about programs */
export function select(all: readonly Row[]): Selection {
  const rows = all.filter(isOfProgram);
  const rateOf = (row: Row): number => (row.branches === 0 ? 0 : known(row) / row.branches);
  return {
    rows,
    where(choice) {
      const wanted: Choice = distinct(rows.map(({ kind }) => kind)).length > 1 ? { kind: "dispatch", ...choice } : choice;
      const chosen = rows.filter((row) => (Object.keys(wanted) as (keyof Choice)[]).every((key) => row[key] === wanted[key]));
      if (chosen.length === 0) throw new Error(`no rows with ${JSON.stringify(wanted)}`);
      return select(chosen);
    },
    except(programs) {
      return select(rows.filter(({ program }) => !programs.includes(program)));
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
    get takenBranches() {
      return total(rows.map((row) => row.takenBranches));
    },
    get cyclesLost() {
      return total(rows.map((row) => defined(row, row.cyclesLost)));
    },
    get estimatedCycles() {
      return total(rows.map((row) => defined(row, row.estimatedCycles)));
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
    mean(of) {
      return this.total(of) / rows.length;
    },
  };
}
