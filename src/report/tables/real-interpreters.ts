// Tables of `bplab validate` for installed interpreters: recordings compared with the most similar technique.
import { whole } from "../../numbers.ts";
import { type Column, roundedRatio } from "../../results/columns.ts";
import type { RealRow } from "../../validation/real.ts";
import { fixed } from "./cells.ts";
import type { DocumentPart } from "./sheet.ts";
import { percent } from "./validation-columns.ts";

const REAL_HEAD = [
  "interpreter",
  "predictor",
  "indirect branches",
  "dispatches",
  "sites",
  "mispredicted",
  "%",
  "nearest technique",
  "model %",
];

export function real(rows: readonly RealRow[]): DocumentPart {
  return {
    title: "Installed interpreters: recorded beside the nearest technique",
    head: REAL_HEAD,
    rows: rows.map((row) => [
      row.interpreter,
      row.predictor,
      whole(row.indirectBranches),
      whole(row.dispatches),
      whole(row.sites),
      whole(row.mispredictions),
      percent(row.mispredictions, row.dispatches),
      row.technique,
      fixed(row.modelledRate === undefined ? null : 100 * row.modelledRate, 2),
    ]),
    left: 2,
  };
}

export function busiest(rows: readonly RealRow[]): DocumentPart {
  const firsts = rows.filter((row, i) => rows.findIndex(({ interpreter }) => interpreter === row.interpreter) === i);
  return {
    title: "Their busiest dispatch sites",
    head: ["interpreter", "predictor", "site", "dispatches", "targets", "mispredicted", "%"],
    rows: firsts.flatMap(({ interpreter, predictor, busiest: sites }) =>
      sites.map(({ address, dispatches, targets, mispredictions }) => [
        interpreter,
        predictor,
        address,
        whole(dispatches),
        whole(targets),
        whole(mispredictions),
        percent(mispredictions, dispatches),
      ]),
    ),
    left: 3,
  };
}

export const realColumns: readonly Column<RealRow>[] = [
  ["interpreter", (row) => row.interpreter],
  ["predictor", (row) => row.predictor],
  ["native_instructions", (row) => row.nativeInstructions],
  ["indirect_branches", (row) => row.indirectBranches],
  ["dispatches", (row) => row.dispatches],
  ["dispatch_sites", (row) => row.sites],
  ["mispredictions", (row) => row.mispredictions],
  ["mispredictions_per_dispatch", (row) => roundedRatio(row.mispredictions, row.dispatches)],
  ["nearest_technique", (row) => row.technique],
  ["modelled_mispredictions_per_dispatch", (row) => (row.modelledRate === undefined ? null : roundedRatio(row.modelledRate, 1))],
];
