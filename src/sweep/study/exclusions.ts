// Exclusion rules. A rule's columns are those of rows that are known before anything runs; each belongs to one axis of the grid, so
// a rule is a set of indices on some axes, and a point is excluded if it is in all of these sets.
import { nearest } from "../../parameters.ts";
import { withParameters } from "../../report/named-parameters.ts";
import type { ResultRecord } from "../../report/result-records.ts";
import { RECORDED } from "../../results/rows.ts";
import type { Axes } from "./axes.ts";
import { matches } from "./file-pattern.ts";
import type { StudyFile } from "./study.ts";

export const AXES = ["input", "seed", "technique", "frontEnd", "penalty"] as const;
export type Axis = (typeof AXES)[number];

/** An index on each axis of `Axes`; for recordings, which have no seed and no technique, one past the last index. */
export type GridPoint = Readonly<Record<Axis, number>>;

/** The columns of rows that each index on an axis determines. */
type AxisRecords = Readonly<Record<Axis, readonly ResultRecord[]>>;

/** A point is excluded if its index is marked on every axis of some rule. */
export type ExclusionRule = Readonly<Partial<Record<Axis, Uint8Array>>>;

async function recordsOf({ inputs, seeds, techniques, frontEnds, penalties }: Axes): Promise<AxisRecords> {
  return {
    input: inputs.map(({ input, size }) => ({ program: input, size: size ?? null })),
    seed: [...seeds, null].map((seed) => ({ layout_seed: seed })),
    technique: await withParameters([...techniques.map(({ name }) => name), RECORDED].map((technique) => ({ technique }))),
    frontEnd: await withParameters(
      frontEnds.map(({ name, penaltyCycles }) => ({
        predictor: name,
        ...(penalties === undefined ? { penalty_cycles: penaltyCycles } : {}),
      })),
    ),
    penalty: penalties?.map((penalty) => ({ penalty_cycles: penalty })) ?? [{}],
  };
}

type Value = string | number | boolean;

/** Whether a cell matches a rule's value: equal, in a range (64..128), or by a pattern (btb:*). */
export function fits(cell: ResultRecord[string], value: Value): boolean {
  if (cell === null || cell === undefined) return false;
  if (typeof cell === "number" && typeof value === "string") {
    const [, first, last] = /^(\d+)\.\.(\d+)$/.exec(value) ?? [];
    return first === undefined ? String(cell) === value : cell >= Number(first) && cell <= Number(last);
  }
  return String(cell) === String(value) || (typeof value === "string" && typeof cell === "string" && matches(value, cell));
}

/** @throws UsageError for an unknown column, or a value that nothing in the study has */
export async function readRules(study: StudyFile, axes: Axes): Promise<ExclusionRule[]> {
  const records = await recordsOf(axes);
  const columns = new Map(
    AXES.flatMap((axis) => records[axis].flatMap((record) => Object.keys(record)).map((column) => [column, axis] as const)),
  );
  return (study.study.exclude ?? []).map((said, index) => {
    const rule: Partial<Record<Axis, Uint8Array>> = {};
    if (Object.keys(said).length === 0) throw study.error(["exclude", index], "expected a column of rows with its values, got nothing");
    for (const [column, value] of Object.entries(said)) {
      const path = ["exclude", index, column];
      const axis = columns.get(column);
      if (axis === undefined) {
        const near = nearest(column, [...columns.keys()]);
        const known = [...columns.keys()].filter((name) => !name.includes(":"));
        const hint = near === undefined ? "" : `; did you mean ${near}?`;
        throw study.error(
          path,
          `no point of the study has this column (known: ${known.join(", ")}, and parameters such as predictor:sets)${hint}`,
          true,
        );
      }
      const values: readonly Value[] = Array.isArray(value) ? value : [value];
      const cells = records[axis].map((record) => record[column]);
      for (const [i, one] of values.entries()) {
        if (cells.some((cell) => fits(cell, one))) continue;
        const near = nearest(String(one), [...new Set(cells.map(String))]);
        const hint = near === undefined ? "" : `; did you mean ${near}?`;
        throw study.error(Array.isArray(value) ? [...path, i] : path, `no point of the study has ${JSON.stringify(one)} there${hint}`);
      }
      const before = rule[axis];
      rule[axis] = Uint8Array.from(cells, (cell, at) => Number((before?.[at] ?? 1) === 1 && values.some((one) => fits(cell, one))));
    }
    return rule;
  });
}

export const isExcluded = (rules: readonly ExclusionRule[], point: GridPoint): boolean =>
  rules.some((rule) => AXES.every((axis) => rule[axis] === undefined || rule[axis][point[axis]] === 1));
