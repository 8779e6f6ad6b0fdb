// Expands entries of a study: `{btb: {sets: 64..4096, ways: [1, 4]}, gshare: {}}` becomes `btb:sets=64:ways=1+gshare` and so on,
// with every combination of values.
import { UsageError } from "../../errors.ts";
import { expandRanges, type Parameters, readParameters } from "../../parameters.ts";
import type { StudyFile, StudyPath } from "./study.ts";

type ParameterValue = string | number | boolean;

/** Parameters with one value or several. */
export type Entry = Readonly<Record<string, Readonly<Record<string, ParameterValue | readonly ParameterValue[]>> | null>>;

export interface Specs {
  readonly count: number;
  /** All combinations; the last parameter of the entry changes fastest. */
  all(): Iterable<string>;
}

/** Runs an action; a UsageError gets the place in the study. */
export function at<T>(study: StudyFile, path: StudyPath, ofKey: boolean, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw error instanceof UsageError ? study.error(path, error.message, ofKey) : error;
  }
}

/** The same for an asynchronous action. */
export async function atLater<T>(study: StudyFile, path: StudyPath, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw error instanceof UsageError ? study.error(path, error.message) : error;
  }
}

/** The ways to write down one parameter: `sets=64`, `sets=128`. */
function partsOf(
  study: StudyFile,
  path: StudyPath,
  owner: string,
  id: string,
  value: ParameterValue | readonly ParameterValue[] | null,
  declared: Parameters | undefined,
): string[] {
  const key = String(path[path.length - 1]);
  const values = Array.isArray(value) ? value : [value];
  const parts = values.flatMap((one, i) => {
    const part = one === null ? key : `${key}=${one}`;
    if (declared === undefined) return [part];
    const place = Array.isArray(value) ? [...path, i] : path;
    return at(study, place, !Object.hasOwn(declared, key), () => {
      const expanded = expandRanges(owner, [part], declared).flat();
      for (const point of expanded) readParameters(owner, id, [point], declared);
      return expanded;
    });
  });
  return [...new Set(parts)];
}

/**
 * @param path     the entry's place
 * @param declared a model's parameters; undefined if only a worker may load it
 * @throws UsageError for unknown parameters, and values that they cannot have
 */
export async function specsOf(
  study: StudyFile,
  path: StudyPath,
  what: string,
  entry: Entry,
  declared: (id: string) => Promise<Parameters | undefined>,
): Promise<Specs> {
  const ids = Object.keys(entry);
  if (ids.length === 0) throw study.error(path, `expected the id of a ${what}, got nothing`);
  /** Every part with its choices, and the separator before it. */
  const parts: (readonly [before: string, choices: readonly string[]])[] = [];
  for (const [index, id] of ids.entries()) {
    const parameters = await atLater(study, [...path, id], () => declared(id));
    parts.push([index === 0 ? "" : "+", [id]]);
    for (const [key, value] of Object.entries(entry[id] ?? {}))
      parts.push([":", partsOf(study, [...path, id, key], `${what} ${id}`, id, value, parameters)]);
  }
  function* all(from = 0): Iterable<string> {
    if (from === parts.length) {
      yield "";
      return;
    }
    const [before, choices] = parts[from];
    for (const choice of choices) for (const rest of all(from + 1)) yield `${before}${choice}${rest}`;
  }
  return { count: parts.reduce((product, [, choices]) => product * choices.length, 1), all };
}
