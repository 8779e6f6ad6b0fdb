// Parameters of predictors and techniques: declared once, with default, range and unit, and written by
// users after the id, separated by colons: `btb:sets=128:ways=4`, `btb:unbounded`.
import { UsageError } from "./errors.ts";

/** One parameter. Numbers are integers; a flag is off unless named. */
export type Parameter =
  | {
      readonly type?: "integer";
      readonly default: number;
      readonly min: number;
      readonly max: number;
      /** Only powers of two are accepted. */
      readonly powerOfTwo?: true;
      /** What the number counts: "entries", "bits". */
      readonly unit?: string;
      readonly description: string;
    }
  | { readonly type: "flag"; readonly default: false; readonly description: string }
  /** One of a few words. */
  | { readonly type: "choice"; readonly choices: readonly string[]; readonly default: string; readonly description: string }
  /** Any text: the name of a file, or of something that comes with the lab. */
  | {
      readonly type: "text";
      readonly default: string;
      readonly description: string;
      /** Throws a UsageError before the run begins, if the thing does not exist or is invalid. */
      readonly check?: (text: string) => unknown;
    };

export type Parameters = Readonly<Record<string, Parameter>>;

type ParameterValue<P extends Parameter> = P extends { readonly type: "flag" }
  ? boolean
  : P extends { readonly type: "choice"; readonly choices: readonly (infer Word)[] }
    ? Word
    : P extends { readonly type: "text" }
      ? string
      : number;

/** The values that a model is created with, for every parameter: a number, a boolean for a flag, a word, a text. */
export type Values<P extends Parameters> = { readonly [K in keyof P]: ParameterValue<P[K]> };

/** `id:key=value:flag` parsed, with defaults filled in and every value checked. */
export interface Spec<P extends Parameters = Parameters> {
  readonly id: string;
  readonly values: Values<P>;
  /** The id followed by the parameters that differ from their defaults, in declared order. */
  readonly name: string;
}

/** The known word nearest to a mistyped one (edit distance at most 2 or a third of its length, and not all of it), or undefined. */
export function nearest(mistyped: string, known: readonly string[]): string | undefined {
  const word = mistyped.trim().toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.min(word.length, Math.max(2, Math.floor(word.length / 3)) + 1);
  for (const candidate of known) {
    const distance = candidate.startsWith(word) && word.length > 2 ? 1 : editDistance(word, candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitute = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitute, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row[b.length];
}

/** Characters of a message about a name, and of the name in it, at most. */
const MOST_CHARACTERS = 160;
const MOST_OF_WORD = 50;

/** Where all names of a kind are listed, by how messages call the kind. */
const LISTED: readonly (readonly [what: RegExp, where: string])[] = [
  [/^program$/, "bplab list programs"],
  [/^technique|\bof technique\b/, "bplab list techniques"],
  [/^predictor$|\bof predictor\b/, "bplab list predictors"],
  [/^machine$/, "bplab list machines"],
  [/^claim$/, "bplab list claims"],
  [/^bodies$/, "bplab list bodies"],
  [/^merge map$/, "bplab list merge-maps"],
  [/^chart$|\bof chart\b/, "bplab list charts"],
  [/^column\b/, "docs/tables.md"],
  [/^key$/, "docs/sweeps.md"],
  [/^instruction$/, "docs/register-machine.md"],
];

/** An "unknown thing" error: first the nearest known name, then as many others as fit on a line, then where all are listed. */
export function unknownName(what: string, word: string, known: readonly string[]): UsageError {
  const near = nearest(word, known);
  const cut = word.length > MOST_OF_WORD ? `${word.slice(0, MOST_OF_WORD)}…` : word;
  const shown = cut.trim() === cut && cut !== "" ? cut : JSON.stringify(cut);
  const begin = `unknown ${what}: ${shown}${near === undefined ? "" : `; did you mean ${near}?`} (known: `;
  const all = `${begin}${known.join(", ")})`;
  if (all.length <= MOST_CHARACTERS) return new UsageError(all);
  const where = LISTED.find(([kind]) => kind.test(what))?.[1];
  const end = `…${where === undefined ? "" : `; ${where}`})`;
  let count = 0;
  for (let length = begin.length + end.length; count < known.length; count++) {
    length += known[count].length + 2;
    if (length > MOST_CHARACTERS) break;
  }
  return new UsageError(`${begin}${[...known.slice(0, count), end].join(", ")}`);
}

/**
 * Reads the parameters that follow an id.
 * @param owner the thing's name in messages ("predictor btb")
 * @param id    the id, the first part of `name`
 * @param parts `["sets=128", "unbounded"]`
 * @throws UsageError for an unknown or repeated parameter, or a value outside its range
 */
export function readParameters<P extends Parameters>(owner: string, id: string, parts: readonly string[], declared: P): Spec<P> {
  const values: Record<string, number | boolean | string> = {};
  for (const [key, parameter] of Object.entries(declared)) values[key] = parameter.default;
  const seen = new Set<string>();
  for (const part of parts) {
    const equals = part.indexOf("=");
    const key = equals < 0 ? part : part.slice(0, equals);
    const parameter = Object.hasOwn(declared, key) ? declared[key] : undefined;
    if (parameter === undefined) {
      const known = Object.keys(declared);
      if (known.length === 0) throw new UsageError(`${owner} takes no parameters, got ${part}`);
      throw unknownName(`parameter of ${owner}`, key, known);
    }
    if (seen.has(key)) throw new UsageError(`${owner}: ${key} is given twice`);
    seen.add(key);
    const text = equals < 0 ? undefined : part.slice(equals + 1);
    values[key] = readValue(owner, key, text, parameter);
  }
  const changed = Object.entries(values)
    .filter(([key, value]) => value !== declared[key].default)
    .map(([key, value]) => (value === true ? key : `${key}=${value}`));
  return { id, values: values as Values<P>, name: [id, ...changed].join(":") };
}

function readValue(owner: string, key: string, text: string | undefined, parameter: Parameter): number | boolean | string {
  if (parameter.type === "flag") return readFlag(owner, key, text);
  if (parameter.type === "choice") {
    if (text !== undefined && parameter.choices.includes(text)) return text;
    throw unknownName(`value of ${key} of ${owner}`, text ?? "", parameter.choices);
  }
  if (parameter.type === "text") {
    if (text === undefined || text === "") throw new UsageError(`${owner}: ${key} must be given a value: ${key}=…`);
    parameter.check?.(text);
    return text;
  }
  return readInteger(owner, key, text, parameter);
}

function readFlag(owner: string, key: string, text: string | undefined): boolean {
  if (text === undefined || text === "true") return true;
  if (text === "false") return false;
  throw new UsageError(`${owner}: ${key} is a flag (write ${key} or ${key}=false), got ${key}=${text}`);
}

function readInteger(owner: string, key: string, text: string | undefined, parameter: Extract<Parameter, { min: number }>): number {
  const { min, max, powerOfTwo } = parameter;
  const value = text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max) || (powerOfTwo && !Number.isInteger(Math.log2(value)))) {
    const kind = powerOfTwo ? "a power of two" : "an integer";
    throw new UsageError(
      `${owner}: ${key} must be ${kind} from ${min} to ${max}, got ${text === undefined || text === "" ? "nothing" : text}`,
    );
  }
  return value;
}

/** More points than this are taken for a mistake. */
const MOST_POINTS = 1000;

/**
 * Expands the ranges among the parameters that follow an id: `["sets=64..256"]` gives three lists, `["sets=64"]` to
 * `["sets=256"]`: powers of two if the parameter must be one, otherwise every whole number.
 * @throws UsageError for an empty range, a range of a parameter that is no number, or too many points
 */
export function expandRanges(owner: string, parts: readonly string[], declared: Parameters): string[][] {
  let lists: string[][] = [[]];
  for (const part of parts) {
    const [, key, first, last] = /^([^=]+)=(\d{1,10})\.\.(\d{1,10})$/.exec(part) ?? [];
    const parameter = key !== undefined && Object.hasOwn(declared, key) ? declared[key] : undefined;
    const values =
      parameter === undefined || first === undefined ? [part] : rangeOf(`${owner}: ${key}`, Number(first), Number(last), parameter);
    if (lists.length * values.length > MOST_POINTS) throw new UsageError(`${owner}: ${parts.join(":")} is more than ${MOST_POINTS} points`);
    lists = lists.flatMap((list) => values.map((value) => [...list, typeof value === "number" ? `${key}=${value}` : value]));
  }
  return lists;
}

function rangeOf(owner: string, first: number, last: number, parameter: Parameter): number[] {
  if (parameter.type !== undefined && parameter.type !== "integer")
    throw new UsageError(`${owner} is no number: it has no range ${first}..${last}`);
  if (first > last) throw new UsageError(`${owner}: a range goes up, got ${first}..${last}`);
  const doubling = parameter.powerOfTwo === true;
  if (doubling && first === 0) throw new UsageError(`${owner} must be a power of two, got 0`);
  const values: number[] = [];
  for (let value = first; value <= last && values.length <= MOST_POINTS; value = doubling ? value * 2 : value + 1) values.push(value);
  return values;
}
