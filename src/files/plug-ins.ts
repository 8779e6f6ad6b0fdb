// Plug-ins: folders in which every file exports one definition as its default (a predictor, technique, format, chart, claim).
// All definitions are validated here, ours and users' alike.
import { importPlugIn, plugInIds } from "#platform/plug-ins";
import { UsageError } from "../errors.ts";

/** Returns the error in a field of a definition, including the field's name; undefined if there is none. */
export type FieldRule = (field: string, value: unknown) => string | undefined;

export const textRule: FieldRule = (field, value) =>
  typeof value === "string" && value.trim() !== "" ? undefined : `${field} must be a text that is not empty`;

/** @param what what the function takes or returns: "of the parameters" */
export const functionRule =
  (what: string): FieldRule =>
  (field, value) =>
    typeof value === "function" ? undefined : `${field} must be a function ${what}`;

export const listRule: FieldRule = (field, value) =>
  Array.isArray(value) && value.length > 0 && value.every((entry) => typeof entry === "string")
    ? undefined
    : `${field} must be a list of texts that is not empty`;

export const numberRule: FieldRule = (field, value) => (Number.isFinite(value) ? undefined : `${field} must be a number`);

export const objectRule: FieldRule = (field, value) =>
  typeof value === "object" && value !== null ? undefined : `${field} must be an object`;

export const choiceRule =
  (choices: readonly string[]): FieldRule =>
  (field, value) =>
    choices.includes(value as string) ? undefined : `${field} must be one of ${choices.join(", ")}`;

/** A field that may be left out. */
export const optional =
  (rule: FieldRule): FieldRule =>
  (field, value) =>
    value === undefined ? undefined : rule(field, value);

/** Declared parameters (src/parameters.ts): names, and defaults that they accept themselves. */
export const parametersRule: FieldRule = (field, value) => {
  if (typeof value !== "object" || value === null) return `${field} must be an object, {} if there are none`;
  for (const [name, parameter] of Object.entries(value)) {
    const trouble = parameterTrouble(name, (parameter ?? {}) as Record<string, unknown>);
    if (trouble !== undefined) return `parameter ${name}: ${trouble}`;
  }
  return undefined;
};

function parameterTrouble(name: string, { type, default: value, min, max, choices }: Record<string, unknown>): string | undefined {
  if (!/^\w[\w-]*$/.test(name)) return "a name is letters, digits and minus signs";
  if (type === "flag") return value === false ? undefined : "the default of a flag is false";
  if (type === "choice") return Array.isArray(choices) && choices.includes(value) ? undefined : "the default must be one of its choices";
  if (type === "text") return typeof value === "string" ? undefined : "the default must be a text";
  if (![value, min, max].every(Number.isInteger)) return "default, min and max must be integers";
  return Number(value) < Number(min) || Number(value) > Number(max) ? `the default ${value} is not from ${min} to ${max}` : undefined;
}

/** The required form of a kind of plug-in. */
export interface Shape {
  /** "predictor" */
  readonly kind: string;
  /** How a definition is made: "made by definePredictor({ … })". */
  readonly typed: string;
  /** Where users read how to write one: "docs/own-predictors.md". */
  readonly see: string;
  readonly fields: Readonly<Record<string, FieldRule>>;
}

/**
 * @param owner the definition's name in messages: "predictor ./mine.ts"
 * @throws UsageError for the first invalid field
 */
export function checkDefinition(owner: string, definition: unknown, { typed, see, fields }: Shape): void {
  const fail = (what: string): never => {
    throw new UsageError(`${owner}: ${what}; see ${see}`);
  };
  if (typeof definition !== "object" || definition === null) fail(`expected a default export ${typed}`);
  for (const [field, rule] of Object.entries(fields)) {
    const trouble = rule(field, (definition as Record<string, unknown>)[field]);
    if (trouble !== undefined) fail(trouble);
  }
}

/** The plug-ins of a kind that come with the lab. */
export interface PlugIns<Definition> {
  /** Names of their files without the ending, sorted. */
  ids(): string[];
  /** @throws UsageError when the definition is invalid */
  load(id: string): Promise<Definition>;
  /** All of them, in the order of their ids. */
  all(): Promise<Definition[]>;
}

/** @param folder from the root of the package, with its code in "src", "src/dispatch/techniques"; or a URL */
export function plugInsIn<Definition>(folder: string, shape: Shape): PlugIns<Definition> {
  async function load(id: string): Promise<Definition> {
    const definition = await importPlugIn(folder, id);
    checkDefinition(`${shape.kind} ${id}`, definition, shape);
    return definition as Definition;
  }
  const ids = (): string[] => plugInIds(folder);
  return { ids, load, all: () => Promise.all(ids().map(load)) };
}
