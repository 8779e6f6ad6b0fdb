// What accuracy costs in storage: every technique and front end with its bits and its rate of mispredictions, those that nothing
// of their size beats, and the best for each budget.

import type { Column } from "../../results/columns.ts";
import { groupBy } from "../../results/rows.ts";
import { dispatches, distinct, programsSaid, RATE, rateOf, round } from "../drawing/drawing.ts";
import { withParameters } from "../named-parameters.ts";
import { numberIn, ofOneSetting, type ResultRecord, textIn } from "../records.ts";
import type { Sheet } from "./sheet.ts";

/** A technique on a front end, over all programs. */
export interface Candidate {
  readonly technique: string;
  readonly predictor: string;
  /** Storage of what the front end was named by. */
  readonly bits: number;
  /** Mispredicted dispatches per 100 virtual instructions, mean over programs. */
  readonly rate: number;
}

export interface Candidates {
  readonly all: readonly Candidate[];
  /** What is left out, in clauses. */
  readonly said: readonly string[];
}

/** All that has been run on every program: means over different programs do not compare. */
export function candidatesOf(records: readonly ResultRecord[]): Candidates {
  const counted = dispatches(records);
  const programs = distinct(counted, "program").length;
  const groups = [...groupBy(counted, (record) => `${textIn(record, "technique")} ${textIn(record, "predictor")}`).values()];
  const whole = groups.filter((group) => group.length === programs);
  const all = whole.flatMap((group): Candidate[] => {
    const [record] = group;
    const bits = numberIn(record, "predictor:storage_bits");
    if (bits === undefined || bits <= 0) return [];
    const rate = round(group.reduce((sum, other) => sum + (rateOf(other) ?? 0), 0) / group.length);
    return [{ technique: textIn(record, "technique"), predictor: textIn(record, "predictor"), bits, rate }];
  });
  const left = (count: number, why: string): string[] => (count === 0 ? [] : [`${count} of ${groups.length} left out: ${why}`]);
  return {
    all,
    said: [
      ...left(groups.length - whole.length, "not run on every program"),
      ...left(whole.length - all.length, "storage unbounded, none, or not known"),
    ],
  };
}

/** Those that nothing as small or smaller beats, the smallest first. */
export function frontierOf(candidates: readonly Candidate[]): Candidate[] {
  const ascending = [...candidates].sort((a, b) => a.bits - b.bits || a.rate - b.rate || (nameOf(a) < nameOf(b) ? -1 : 1));
  const frontier: Candidate[] = [];
  for (const candidate of ascending) if (candidate.rate < (frontier.at(-1)?.rate ?? Number.POSITIVE_INFINITY)) frontier.push(candidate);
  return frontier;
}

const nameOf = ({ technique, predictor }: Candidate): string => `${predictor} ${technique}`;

/** The best of a technique within a budget. */
export interface Best extends Candidate {
  readonly budgetBits: number;
}

/** For each technique and each power of two that is enough for one of its front ends, the best that fits: of equals the smallest. */
export function bestPerBudget(candidates: readonly Candidate[]): Best[] {
  const largest = candidates.reduce((most, { bits }) => Math.max(most, bits), 0);
  return [...groupBy(candidates, ({ technique }) => technique).values()].flatMap((own) => {
    const frontier = frontierOf(own);
    const best: Best[] = [];
    for (let budgetBits = 2 ** Math.ceil(Math.log2(frontier[0].bits)); budgetBits < largest * 2; budgetBits *= 2) {
      const candidate = frontier.findLast(({ bits }) => bits <= budgetBits);
      if (candidate !== undefined) best.push({ budgetBits, ...candidate });
    }
    return best;
  });
}

export const budgetColumns: readonly Column<Best>[] = [
  ["technique", ({ technique }) => technique],
  ["budget_bits", ({ budgetBits }) => budgetBits],
  ["predictor", ({ predictor }) => predictor],
  ["storage_bits", ({ bits }) => bits],
  ["mispredicted_dispatches_per_100_virtual_instructions", ({ rate }) => rate],
];

export interface Budgets {
  readonly best: readonly Best[];
  /** Whose numbers they are, and what is left out. */
  readonly said: string;
}

/** The best front ends of results of whole runs; none where no storage is known. */
export async function budgetsOf(results: readonly ResultRecord[]): Promise<Budgets> {
  const { records, note } = ofOneSetting(dispatches(results));
  if (records.length === 0) return { best: [], said: "" };
  const { all, said } = candidatesOf(await withParameters(records));
  const meaning = `Rate: ${RATE}, ${programsSaid(records)}. Storage: of the models that front ends are named by. A budget that buys nothing more than a smaller one is left out.`;
  const left = [...said, ...(note === undefined ? [] : [note])];
  return { best: bestPerBudget(all), said: left.length === 0 ? meaning : `${meaning} ${left.join("; ")}.` };
}

/** The same for people, without the budgets that buy nothing more than a smaller one. */
export function budgetSheet(all: readonly Best[]): Sheet {
  const best = all.filter(({ technique, predictor }, i) => technique !== all[i - 1]?.technique || predictor !== all[i - 1]?.predictor);
  const rows = best.map(({ technique, budgetBits, predictor, bits, rate }, i) => [
    i > 0 && best[i - 1].technique === technique ? "" : technique,
    predictor,
    ...[budgetBits, bits].map((count) => count.toLocaleString("en-US")),
    rate.toFixed(2),
  ]);
  return {
    title: "The best front end for each budget of storage",
    head: ["technique", "best front end", "budget in bits", "its bits", "rate"],
    rows,
    left: 2,
  };
}
