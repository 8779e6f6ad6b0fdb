// What `bplab validate` shows: columns for programs, tables for people.
import { hexadecimal } from "../../branch.ts";
import { whole } from "../../numbers.ts";
import { type Column, roundedRatio } from "../../results/columns.ts";
import type { ValidationRow } from "../../validation/compare.ts";
import type { RealRow } from "../../validation/real.ts";
import type { Validation } from "../../validation/validate.ts";
import type { DocumentPart } from "./sheet.ts";
import { dash, fixed } from "./text-table.ts";

/** Misses that differ by as many are the first encounters of sites and targets. */
const COLD_STARTS = 10;
/** Opcodes of one site that are named. */
const MOST_OWNERS = 6;
/** Percentage points within which ideal sites are to agree. */
const POINTS = 2;

const points = (row: ValidationRow): number => 100 * (row.idealMisses / row.idealDispatches - row.recordedMisses / row.dispatches);
const ownPoints = (row: ValidationRow): number => (100 * (row.ownMisses - row.recordedMisses)) / row.dispatches;

/** How far the model with the binary's own sites agrees with the recording. */
export function agreement(row: ValidationRow): "exact" | "cold starts" | "within 2 points" | "differs" {
  const difference = Math.abs(row.ownMisses - row.recordedMisses);
  if (difference === 0) return "exact";
  if (difference <= COLD_STARTS) return "cold starts";
  return Math.abs(ownPoints(row)) <= POINTS ? "within 2 points" : "differs";
}

/** Whether every body has one entry, and one exit or one a direction: then own sites must agree exactly. */
const plain = (row: ValidationRow): boolean => row.splitEntries.length === 0 && row.splitExits.length === 0;

/** Whether a predictor's misses depend on the map from bodies to sites alone, not on bits of addresses. */
const seesNoBits = (row: ValidationRow): boolean => row.predictor.includes("unbounded");

/** Rows that are not as they have to be: what is entered or left in several places need not agree. */
export const disagreements = (rows: readonly ValidationRow[]): ValidationRow[] =>
  rows.filter(
    (row) =>
      row.difference !== "" ||
      (plain(row) && (seesNoBits(row) ? Math.abs(row.ownMisses - row.recordedMisses) > COLD_STARTS : agreement(row) === "differs")),
  );

export const validationColumns: readonly Column<ValidationRow>[] = [
  ["program", (row) => row.program],
  ["size", (row) => row.size],
  ["technique", (row) => row.technique],
  ["code", (row) => row.making],
  ["compiler", (row) => row.compiler],
  ["cflags", (row) => row.flags],
  ["predictor", (row) => row.predictor],
  ["virtual_instructions", (row) => row.virtualInstructions],
  ["recorded_dispatches", (row) => row.dispatches],
  ["modelled_dispatches", (row) => row.idealDispatches],
  ["recorded_mispredictions", (row) => row.recordedMisses],
  ["modelled_mispredictions_own_sites", (row) => row.ownMisses],
  ["modelled_mispredictions_ideal_sites", (row) => row.idealMisses],
  ["recorded_mispredictions_per_dispatch", (row) => roundedRatio(row.recordedMisses, row.dispatches)],
  ["modelled_mispredictions_per_dispatch", (row) => roundedRatio(row.idealMisses, row.idealDispatches)],
  ["agreement", agreement],
  ["dispatch_sites_in_binary", (row) => row.sitesInBinary],
  ["dispatch_sites_executed", (row) => row.sitesExecuted],
  ["modelled_dispatch_sites_executed", (row) => row.modelledSitesExecuted],
  ["recorded_native_instructions", (row) => row.nativeInstructions],
  ["modelled_native_instructions", (row) => row.modelledNativeInstructions],
  ["recorded_native_instructions_per_virtual_instruction", (row) => roundedRatio(row.nativeInstructions, row.virtualInstructions)],
  ["modelled_native_instructions_per_virtual_instruction", (row) => roundedRatio(row.modelledNativeInstructions, row.virtualInstructions)],
  ["modelled_native_instructions_own_bodies", (row) => row.ownBodies?.nativeInstructions ?? null],
  ["code_bytes_in_binary", (row) => row.codeBytes],
  ["modelled_code_bytes", (row) => row.modelledCodeBytes],
  ["modelled_code_bytes_own_bodies", (row) => row.ownBodies?.codeBytes ?? null],
  ["opcodes_executed", (row) => row.opcodes],
  ["bodies_with_several_entries", (row) => row.splitEntries.join(" ")],
  ["bodies_with_several_exits", (row) => row.splitExits.join(" ")],
  ["dispatches_through_other_sites", (row) => row.dispatchesElsewhere],
  ["compiler_kept", (row) => row.kept],
  ["first_difference", (row) => row.difference],
  ["worst_sites", (row) => row.worstSites.map(({ address, difference }) => `${hexadecimal(address)}:${difference}`).join(" ")],
];

const percent = (misses: number, dispatches: number): string => fixed((100 * misses) / dispatches, 2);
const signedPoints = (value: number): string => `${value > 0 ? "+" : ""}${value.toFixed(2)}`;
const binaryOf = (row: ValidationRow): string[] => [
  row.technique,
  [row.compiler, row.flags, row.making === "generated" ? "(generated)" : "", row.kept === "kept" ? "" : row.kept.toUpperCase()]
    .filter((part) => part !== "")
    .join(" "),
];

function grouped(rows: readonly ValidationRow[], key: (row: ValidationRow) => readonly string[]): ValidationRow[][] {
  const groups = new Map<string, ValidationRow[]>();
  for (const row of rows) {
    const name = JSON.stringify(key(row));
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  return [...groups.values()];
}

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

function misses(rows: readonly ValidationRow[]): DocumentPart {
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

/** What is behind differences, from numbers of sites. */
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

function real(rows: readonly RealRow[]): DocumentPart {
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

function busiest(rows: readonly RealRow[]): DocumentPart {
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

/** @param detailed whether to show a line for each program and predictor, too */
export function validationParts({ rows, real: installed }: Validation, detailed: boolean): DocumentPart[] {
  return [
    ...(rows.length > 0 ? [runs(rows), ...(detailed ? [misses(rows)] : []), summary(rows)] : []),
    ...explanations(rows),
    ...(installed.length > 0 ? [real(installed), busiest(installed)] : []),
  ];
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
