// Accuracy against storage: every technique and front end with its bits and its rate of mispredictions, the Pareto frontier, and the
// best for each budget.

import type { Column } from "../../results/columns.ts";
import { groupBy } from "../../results/group-by.ts";
import { averaged, runOf } from "../drawing/averages.ts";
import { dispatches, RATE, rateOf } from "../drawing/drawing.ts";
import { assumedOf, MARK_SAID } from "../drawing/processors.ts";
import { withParameters } from "../named-parameters.ts";
import { ofOneSetting } from "../one-setting.ts";
import { numberIn, type ResultRecord, textIn } from "../result-records.ts";
import type { Sheet } from "./sheet.ts";

/** A technique on a front end, over all programs. */
export interface Candidate {
  readonly technique: string;
  readonly predictor: string;
  /** Storage of the models in the front end's name. */
  readonly bits: number;
  /** Mispredicted dispatches per 100 virtual instructions, mean over programs. */
  readonly rate: number;
}

export interface Candidates {
  readonly all: readonly Candidate[];
  /** Omissions, in clauses. */
  readonly said: readonly string[];
}

/** Techniques and front ends over the programs that all of them ran, because means over different programs cannot be compared. */
export function candidatesOf(records: readonly ResultRecord[]): Candidates {
  const counted = dispatches(records);
  const keyOf = (record: ResultRecord): string => JSON.stringify([textIn(record, "technique"), textIn(record, "predictor")]);
  const bits = new Map(counted.map((record) => [keyOf(record), numberIn(record, "predictor:storage_bits")]));
  const sized = counted.filter((record) => (bits.get(keyOf(record)) ?? 0) > 0);
  const { points, said } = averaged(
    sized.map((record) => {
      const [technique, predictor] = [textIn(record, "technique"), textIn(record, "predictor")];
      return { ...runOf(record), technique, predictor, bits: bits.get(keyOf(record)) ?? 0, rate: rateOf(record) ?? 0 };
    }),
    ["technique", "predictor", "bits"],
    ["rate"],
  );
  const left = bits.size - new Set(sized.map(keyOf)).size;
  return {
    all: points.map(({ least: _, most: __, ...candidate }) => candidate as unknown as Candidate),
    said: [said, ...(left === 0 ? [] : [`${left} of ${bits.size} left out: storage unbounded, none, or not known`])].filter(
      (text) => text !== "",
    ),
  };
}

/** The candidates that none of the same or smaller size beats, the smallest first. */
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

/** The best front end of each technique for each power of two of bits; ties go to the smallest. */
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
  /** The programs, and omissions. */
  readonly said: string;
  /** The front ends whose predictor of dispatches is assumed. */
  readonly assumed: ReadonlySet<string>;
}

/** The best front ends of results of whole runs; none if no storage is known. */
export async function budgetsOf(results: readonly ResultRecord[]): Promise<Budgets> {
  const { records, note } = ofOneSetting({ of: "rows", records: dispatches(results) });
  if (records.length === 0) return { best: [], said: "", assumed: new Set() };
  const complete = await withParameters(records);
  const { all, said } = candidatesOf(complete);
  const [programs, ...left] = [...said, ...(note === undefined ? [] : [note])];
  const meaning = `Rate: ${RATE}, ${programs}. Storage: of the models that front ends are named by. A budget that buys nothing more than a smaller one is left out.`;
  const assumed = new Set(complete.filter((record) => assumedOf(record) !== "").map((record) => textIn(record, "predictor")));
  const best = bestPerBudget(all);
  const marks = best.some(({ predictor }) => assumed.has(predictor)) ? ` ${MARK_SAID}.` : "";
  return { best, said: `${meaning}${left.length === 0 ? "" : ` ${left.join("; ")}.`}${marks}`, assumed };
}

/** The same for people, without budgets that are no better than a smaller one. */
export function budgetSheet({ best: all, assumed }: Budgets): Sheet {
  const best = all.filter(({ technique, predictor }, i) => technique !== all[i - 1]?.technique || predictor !== all[i - 1]?.predictor);
  const rows = best.map(({ technique, budgetBits, predictor, bits, rate }, i) => [
    i > 0 && best[i - 1].technique === technique ? "" : technique,
    `${predictor}${assumed.has(predictor) ? " ?" : ""}`,
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
