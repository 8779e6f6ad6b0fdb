// What a table of one front end is about: its title, and the kinds of branches that the front end does not model.
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
  if (brief) return `${named} (bplab list machines ${predictor})`;
  const approximated = Object.entries(parts).flatMap(([name, { approximation }]) =>
    approximation === undefined ? [] : `${name}: ${approximation}`,
  );
  const said = approximated.length === 0 ? "" : ` Approximated: ${approximated.join("; ")}.`;
  return `${named} (front end: ${frontEnd}).${said}`;
}

/** The kinds that a front end does not model, as a paragraph below its table. */
export function unmodelled(rows: readonly Row[]): string[] {
  const missing = [...new Set(rows.flatMap(({ notModelled }) => notModelled))];
  return missing.length > 0 ? [`Not modelled by this front end, and not counted as mispredicted: ${missing.join(", ")} branches.`] : [];
}
