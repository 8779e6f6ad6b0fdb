// What a table of one front end is about: its title, and the kinds of branches that the front end does not model.
import { INDIRECT, KINDS } from "../../branch.ts";
import type { Machine } from "../../front-end/machines/machine.ts";
import type { Row } from "../../results/rows.ts";

/**
 * The title of a front end with the models that completed it; for a machine also its approximations.
 * @param brief whether the title is one line: approximations are then where `bplab list machines` shows them
 */
export function frontEndTitle(predictor: string, [{ frontEnd }]: readonly Row[], machines: readonly Machine[], brief: boolean): string {
  const machine = machines.find(({ id }) => id === predictor);
  if (machine === undefined) return frontEnd === predictor ? `Predictor ${predictor}` : `Predictor ${predictor} (front end: ${frontEnd})`;
  const { title, year, parts } = machine;
  const named = `Machine ${predictor}: ${title}${year === undefined ? "" : `, ${year}`}`;
  const assumed = parts.indirect.approximation === undefined ? "" : ", its predictor of dispatches assumed";
  if (brief) return `${named}${assumed} (bplab list machines ${predictor})`;
  const approximated = Object.entries(parts).flatMap(([name, { approximation }]) =>
    approximation === undefined ? [] : `${name}: ${approximation}`,
  );
  const said = approximated.length === 0 ? "" : ` Approximated: ${approximated.join("; ")}.`;
  return `${named} (front end: ${frontEnd}).${said}`;
}

/** The kinds that a front end does not model, and what would, as a paragraph below its table. */
export function unmodelled(rows: readonly Row[], machines: readonly Machine[]): string[] {
  const missing = [...new Set(rows.flatMap(({ notModelled }) => notModelled))];
  if (missing.length === 0) return [];
  const said = `Not modelled by this front end, and not counted as mispredicted: ${missing.join(", ")} branches.`;
  const [{ predictor }] = rows;
  const targets = missing.some((kind) => INDIRECT_KINDS.includes(kind));
  if (!targets || machines.some(({ id }) => id === predictor)) return [said];
  // a front end is completed by models of directions and of returns, not by one of targets
  return [`${said} Its models predict directions and returns, no targets: add one that does, such as --predictor=btb+${predictor}.`];
}

const INDIRECT_KINDS = KINDS.filter(([flag]) => (flag & INDIRECT) !== 0).map(([, name]) => name);
