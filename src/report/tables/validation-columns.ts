// Columns of `bplab validate`, and how far a row's model agrees with its recording.
import { hexadecimal } from "../../branch.ts";
import { type Column, roundedRatio } from "../../results/columns.ts";
import type { ValidationRow } from "../../validation/compare.ts";
import { fixed } from "./cells.ts";

/** Misses that differ by as many are the first encounters of sites and targets. */
export const COLD_STARTS = 10;

/** Percentage points within which ideal sites are to agree. */
const POINTS = 2;

export const points = (row: ValidationRow): number => 100 * (row.idealMisses / row.idealDispatches - row.recordedMisses / row.dispatches);

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

/** "12.34", of dispatches. */
export const percent = (misses: number, dispatches: number): string => fixed((100 * misses) / dispatches, 2);
