// Which functions of a module run: `_start` of a command; `_initialize` of a reactor, and then the requested function.
import { UsageError } from "../../errors.ts";
import type { Instance } from "./engine.ts";
import type { Module } from "./module.ts";

export interface Invocation {
  /** The export to call instead of `_start`, with its arguments. */
  readonly name?: string | undefined;
  readonly words?: readonly string[];
  /** Prints the results, one per line. */
  print(line: string): void;
}

const NUMBERS: Readonly<Record<number, string>> = { 127: "i32", 126: "i64", 125: "f32", 124: "f64" };

const exportedFunctions = ({ exports }: Module): string[] => exports.filter(({ kind }) => kind === "function").map(({ name }) => name);

/** The type of an exported function: names of number types, undefined for other types. */
function typeOf(module: Module, name: string): { readonly parameters: (string | undefined)[] } {
  const { exports, types, functionTypes, bytes } = module;
  const index = exports.find((exported) => exported.kind === "function" && exported.name === name)?.index;
  const type = index === undefined ? undefined : types[functionTypes[index]];
  if (type === undefined) {
    const known = exportedFunctions(module);
    throw new UsageError(`${module.path}: it exports no function ${name} (it exports ${known.length === 0 ? "none" : known.join(", ")})`);
  }
  const { start, end } = type.parameterBytes;
  return { parameters: [...bytes.subarray(start, end)].map((code) => NUMBERS[code]) };
}

function argument(word: string, type: string | undefined, what: string): number | bigint {
  const wrong = (expected: string): UsageError => new UsageError(`${what}: expected ${expected}, got ${JSON.stringify(word)}`);
  if (type === undefined) throw wrong("a number, but the function takes something else");
  if (type === "i32" || type === "i64") {
    if (!/^-?(0x[0-9a-f]+|\d+)$/i.test(word)) throw wrong(`a whole number (${type})`);
    const value = word.startsWith("-") ? -BigInt(word.slice(1)) : BigInt(word);
    return type === "i32" ? Number(BigInt.asIntN(32, value)) : BigInt.asIntN(64, value);
  }
  const value = Number(word);
  if (word.trim() === "" || (Number.isNaN(value) && word !== "NaN")) throw wrong(`a number (${type})`);
  return value;
}

/** Checks the function and its arguments before anything runs. @throws UsageError when there is no such function, or its parameters differ */
export function checkInvocation(module: Module, { name, words = [] }: Invocation): void {
  if (name === undefined) {
    if (exportedFunctions(module).includes("_start")) return;
    const known = exportedFunctions(module);
    const what = known.length === 0 ? "and no other function" : `(it exports ${known.join(", ")}: --invoke=${known[0]})`;
    throw new UsageError(`${module.path}: it exports no function _start ${what}`);
  }
  const { parameters } = typeOf(module, name);
  if (parameters.length !== words.length)
    throw new UsageError(`invoke: ${name} takes ${parameters.length} numbers (${parameters.join(", ") || "none"}), got ${words.length}`);
  for (const [i, word] of words.entries()) argument(word, parameters[i], `invoke: ${name}`);
}

export function invoke(module: Module, { exports }: Instance, { name, words = [], print }: Invocation): void {
  const call = (exported: string, values: readonly unknown[]): unknown =>
    (exports[exported] as (...values: unknown[]) => unknown)(...values);
  if (name === undefined) {
    call("_start", []);
    return;
  }
  if (name !== "_initialize" && exportedFunctions(module).includes("_initialize")) call("_initialize", []);
  const { parameters } = typeOf(module, name);
  const result = call(
    name,
    words.map((word, i) => argument(word, parameters[i], `invoke: ${name}`)),
  );
  for (const value of Array.isArray(result) ? result : result === undefined ? [] : [result]) print(String(value));
}
