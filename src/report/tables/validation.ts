// What `bplab validate` shows: columns for programs, tables for people.

import { hexadecimal } from "../../branch.ts";
import { whole } from "../../numbers.ts";
import { groupBy } from "../../results/group-by.ts";
import type { ValidationRow } from "../../validation/compare.ts";
import type { Validation } from "../../validation/validate.ts";
import { dash, fixed } from "./cells.ts";
import { busiest, real } from "./real-interpreters.ts";
import type { DocumentPart } from "./sheet.ts";
import { COLD_STARTS, percent, points } from "./validation-columns.ts";

/** Opcodes of one site that are named. */
const MOST_OWNERS = 6;
const signedPoints = (value: number): string => `${value > 0 ? "+" : ""}${value.toFixed(2)}`;
const binaryOf = (row: ValidationRow): string[] => [
  row.technique,
  [row.compiler, row.flags, row.making === "generated" ? "(generated)" : "", row.kept === "kept" ? "" : row.kept.toUpperCase()]
    .filter((part) => part !== "")
    .join(" "),
];

const grouped = (rows: readonly ValidationRow[], key: (row: ValidationRow) => readonly string[]): ValidationRow[][] => [
  ...groupBy(rows, (row) => JSON.stringify(key(row))).values(),
];

/** The runs: everything that does not depend on the predictor. */
function runs(rows: readonly ValidationRow[]): DocumentPart {
  const firsts = grouped(rows, (row) => [row.program, ...binaryOf(row)]).map(([first]) => first);
  return {
    title: "Interpreters: recorded beside modelled",
    head: [
      "program",
      "technique",
      "compiler",
      "virtual instructions",
      "dispatches",
      "sites: binary",
      "executed",
      "model",
      "native per virtual",
      "model",
      "its bodies",
      "code bytes",
      "model",
      "its bodies",
    ],
    rows: firsts.map((row) => [
      row.program,
      ...binaryOf(row),
      whole(row.virtualInstructions),
      whole(row.dispatches),
      whole(row.sitesInBinary),
      whole(row.sitesExecuted),
      whole(row.modelledSitesExecuted),
      fixed(row.nativeInstructions / row.virtualInstructions, 1),
      fixed(row.modelledNativeInstructions / row.virtualInstructions, 1),
      row.ownBodies === undefined ? dash : fixed(row.ownBodies.nativeInstructions / row.virtualInstructions, 1),
      whole(row.codeBytes),
      whole(row.modelledCodeBytes),
      row.ownBodies === undefined ? dash : whole(row.ownBodies.codeBytes),
    ]),
    left: 3,
  };
}

export function misses(rows: readonly ValidationRow[]): DocumentPart {
  return {
    title: "Dispatch branches mispredicted: recorded, modelled with the binary's own sites, with the technique's ideal sites",
    head: ["program", "technique", "compiler", "predictor", "recorded", "%", "own sites", "difference", "ideal sites %", "points"],
    rows: rows.map((row) => [
      row.program,
      ...binaryOf(row),
      row.predictor,
      whole(row.recordedMisses),
      percent(row.recordedMisses, row.dispatches),
      whole(row.ownMisses),
      whole(row.ownMisses - row.recordedMisses),
      percent(row.idealMisses, row.idealDispatches),
      signedPoints(points(row)),
    ]),
    left: 4,
  };
}

function summary(rows: readonly ValidationRow[]): DocumentPart {
  const largest = (values: readonly number[]): number => values.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0);
  return {
    title: "All programs",
    head: [
      "technique",
      "compiler",
      "predictor",
      "programs",
      "dispatches",
      "recorded %",
      "ideal %",
      "largest difference, own sites",
      "largest, ideal sites (points)",
    ],
    rows: grouped(rows, (row) => [...binaryOf(row), row.predictor]).map((group) => {
      const sum = (value: (row: ValidationRow) => number): number => group.reduce((total, row) => total + value(row), 0);
      return [
        ...binaryOf(group[0]),
        group[0].predictor,
        whole(group.length),
        whole(sum((row) => row.dispatches)),
        percent(
          sum((row) => row.recordedMisses),
          sum((row) => row.dispatches),
        ),
        percent(
          sum((row) => row.idealMisses),
          sum((row) => row.idealDispatches),
        ),
        whole(largest(group.map((row) => row.ownMisses - row.recordedMisses))),
        signedPoints(largest(group.map(points))),
      ];
    }),
    left: 3,
  };
}

/** What explains differences: numbers of sites. */
function explanations(rows: readonly ValidationRow[]): DocumentPart[] {
  const lines: string[][] = [];
  for (const [row] of grouped(rows, (one) => [one.program, ...binaryOf(one)])) {
    const add = (what: string, names: readonly string[]): void => {
      if (names.length > 0) lines.push([row.program, ...binaryOf(row), "any", `${what}: ${names.join(" ")}`]);
    };
    if (row.difference !== "") lines.push([row.program, ...binaryOf(row), "any", row.difference]);
    add("entered at several addresses", row.splitEntries);
    add(`left through several sites a direction, ${whole(row.dispatchesElsewhere)} times through another than mostly`, row.splitExits);
  }
  for (const row of rows) {
    if (Math.abs(row.ownMisses - row.recordedMisses) <= COLD_STARTS) continue;
    const sites = row.worstSites.map(({ address, owners, difference }) => {
      const who =
        owners.length > MOST_OWNERS
          ? `${owners.slice(0, MOST_OWNERS).join(" ")} and ${owners.length - MOST_OWNERS} more`
          : owners.join(" ");
      return `${whole(difference)} at ${hexadecimal(address)} (${who})`;
    });
    lines.push([row.program, ...binaryOf(row), row.predictor, `recorded minus own sites: ${sites.join(", ")}`]);
  }
  if (lines.length === 0) return [];
  return [{ title: "What is left", head: ["program", "technique", "compiler", "predictor", "explained by"], rows: lines, left: 5 }];
}

/** @param detailed whether to show a line for each program and predictor, too */
export function validationParts({ rows, notes, real: installed }: Validation, detailed: boolean): DocumentPart[] {
  return [
    ...(rows.length > 0 ? [runs(rows), ...(detailed ? [misses(rows)] : []), summary(rows)] : []),
    ...explanations(rows),
    ...(notes.length > 0
      ? [
          {
            title: "Recordings beside runs of the model that are not quite the same",
            head: ["what differs"],
            rows: notes.map((note) => [note]),
            left: 1,
          },
        ]
      : []),
    ...(installed.length > 0 ? [real(installed), busiest(installed)] : []),
  ];
}
