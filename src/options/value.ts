// Kinds of values that an option takes: one description each, from which its type, its check, its reader on the command line and
// its schema in studies follow.
import { UsageError } from "../errors.ts";
import { unknownName } from "../parameters.ts";

export interface NumberValue {
  readonly type: "number";
  readonly least: number;
  readonly most: number;
  /** Set if `least` itself is not allowed. */
  readonly aboveLeast?: true;
  readonly whole?: true;
  /** Set if the library also takes a list; each value makes rows. */
  readonly several?: true;
  /** For messages: "a number of cycles from 0 to 1000000". */
  readonly expected: string;
}

export interface TextValue {
  readonly type: "text";
  /** @throws UsageError when the text is invalid */
  readonly check?: (text: string) => void;
}

/** True, or a text with parameters: `--icache`, `--icache=bytes=16384`. */
export interface SpecValue {
  readonly type: "spec";
  /** @param text empty for true. @throws UsageError when the text is invalid */
  readonly read: (text: string) => unknown;
  /** An example, for messages. */
  readonly example: string;
}

export interface ChoiceValue {
  readonly type: "choice";
  readonly choices: readonly string[];
}

export type OptionValue =
  | NumberValue
  | TextValue
  | SpecValue
  | ChoiceValue
  /** Texts, separated by commas on the command line. */
  | { readonly type: "names" }
  /** True, or left out. */
  | { readonly type: "flag" };

/** The type that users of the library give. */
export type Given<V extends OptionValue> = V extends { readonly type: "number"; readonly several: true }
  ? number | readonly number[]
  : V extends { readonly type: "number" }
    ? number
    : V extends { readonly type: "text" }
      ? string
      : V extends { readonly type: "spec" }
        ? boolean | string
        : V extends { readonly type: "choice"; readonly choices: readonly (infer Choice)[] }
          ? Choice
          : V extends { readonly type: "names" }
            ? readonly string[]
            : boolean;

/** The type after it has been read. */
export type Read<V extends OptionValue> = V extends { readonly type: "spec"; readonly read: (text: string) => infer R } ? R : Given<V>;

/** Whether an option is given: a flag that is false is not. */
export const isGiven = (given: unknown): boolean => given !== undefined && given !== false;

function isNumber({ least, most, aboveLeast, whole }: NumberValue, given: unknown): boolean {
  if (typeof given !== "number" || !(given >= least && given <= most)) return false;
  return !(aboveLeast && given === least) && !(whole && !Number.isSafeInteger(given));
}

/**
 * Checks a value and reads it.
 * @param name the option's, for messages
 * @throws UsageError with one line that says what was expected and what came
 */
export function readValue<V extends OptionValue>(name: string, value: V, given: Given<V>): Read<V>;
export function readValue(name: string, value: OptionValue, given: unknown): unknown {
  const must = (expected: string, got: unknown = given): UsageError => new UsageError(`${name} must be ${expected}, got ${got}`);
  switch (value.type) {
    case "number":
      for (const one of value.several && Array.isArray(given) ? given : [given]) if (!isNumber(value, one)) throw must(value.expected, one);
      return given;
    case "text":
      if (typeof given !== "string") throw must("a text");
      value.check?.(given);
      return given;
    case "spec":
      if (typeof given !== "string" && given !== true) throw must(`true, or a text like ${value.example}`);
      return value.read(given === true ? "" : given);
    case "choice":
      if (!value.choices.includes(String(given))) throw unknownName(name, String(given), value.choices);
      return given;
    case "names":
      if (!Array.isArray(given) || given.some((one) => typeof one !== "string")) throw must("a list of texts");
      return given;
    case "flag":
      if (typeof given !== "boolean") throw must("true or false");
      return given;
  }
}
