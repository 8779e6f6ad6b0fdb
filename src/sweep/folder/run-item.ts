// Does one item: simulates one input and technique under a group of front ends, and writes a result file.
import { existsSync, readFileSync } from "node:fs";
import { messageOf, RunError, UsageError } from "../../errors.ts";
import type { Session } from "../../jobs/session.ts";
import { rowColumns } from "../../results/columns.ts";
import { failureLines } from "../../results/failures.ts";
import type { Row } from "../../results/rows.ts";
import type { EstimateTerms } from "../../results/speedups.ts";
import { simulateIn } from "../../simulate/simulate.ts";
import { codeDigest } from "../code-digest.ts";
import { sha256Of } from "./folder.ts";
import { type Item, itemName } from "./item.ts";
import { type Result, writeFailure, writeResult } from "./result-files.ts";

/** The request to `simulate` for an item. Speedups over switch, which need other items, are filled in when results are merged. */
const requestOf = ({ input, size, technique, machines, predictors, penalties, seed, options }: Item) => ({
  inputs: [input],
  size,
  technique,
  machine: machines.length > 0 ? machines.join(",") : undefined,
  predictor: predictors.length > 0 ? predictors.join(",") : undefined,
  penalty: penalties,
  layoutSeed: seed,
  ...options,
  sites: false,
});

/** @throws UsageError when something that determines the result has changed since the sweep was planned */
function checkUnchanged(item: Item): void {
  const code = codeDigest();
  if (item.code !== code)
    throw new UsageError(
      `the sweep was planned by another bplab (code ${item.code}, this is ${code}): sweep again, what still holds stays`,
    );
  for (const [file, sha256] of Object.entries(item.files)) {
    if (!existsSync(file) || sha256Of(readFileSync(file)) !== sha256)
      throw new UsageError(`${file} is not what it was when the sweep was planned: sweep again, what still holds stays`);
  }
}

function resultOf(rows: readonly Row[]): Result {
  const places = new Map<string, number>();
  const estimates: EstimateTerms[] = [];
  const estimateOf = rows.map(({ charges, costs }) => {
    const text = JSON.stringify({ charges, costs });
    const known = places.get(text);
    if (known !== undefined) return known;
    places.set(text, estimates.length);
    return estimates.push({ charges, costs }) - 1;
  });
  return {
    columns: rowColumns.map(([name]) => name),
    rows: rows.map((row) => rowColumns.map(([, value]) => value(row))),
    estimates,
    estimateOf,
  };
}

/**
 * Computes an item's rows. Paths start from the process' current folder.
 * @param many items that the session's workers do at the same time; undefined: done by this thread alone
 * @throws UsageError, RunError as `simulate`, and when a front end failed
 */
export async function computeItem(item: Item, session: Session, many?: number): Promise<Result> {
  checkUnchanged(item);
  const results = await simulateIn(session, requestOf(item), { many, baseline: false });
  const changed = results.rows.find(({ programSha256 }) => programSha256 !== item.inputSha256);
  if (changed !== undefined)
    throw new UsageError(`${item.input} is not what it was when the sweep was planned: sweep again, what still holds stays`);
  if (results.failures.length > 0) {
    const bug = results.failures.find((failure) => failure.bug !== undefined)?.bug;
    const message = failureLines(results.failures).join("; ");
    throw bug === undefined ? new RunError(message) : Object.assign(new Error(message), { stack: bug });
  }
  return resultOf(results.rows);
}

/**
 * Computes an item and writes its result or failure.
 * @throws UsageError when that cannot be written; the item's own error is returned
 */
export async function runItem(
  folder: string,
  item: Item,
  session: Session,
  { many, log }: { readonly many?: number; readonly log?: string } = {},
): Promise<Error | undefined> {
  let result: Result;
  try {
    result = await computeItem(item, session, many);
  } catch (error) {
    const theirs = error instanceof UsageError || error instanceof RunError;
    const message = `${itemName(item)}: ${messageOf(error)}`;
    const stack = theirs || !(error instanceof Error) ? undefined : error.stack;
    writeFailure(folder, { key: item.key, message, exitCode: theirs ? error.exitCode : 70, log }, stack);
    return error instanceof Error ? error : new Error(message);
  }
  writeResult(folder, item, result);
  return undefined;
}
