// Options that several commands share, and how numbers on the command line are read.
import { Option } from "@commander-js/extra-typings";
import { UsageError } from "../errors.ts";
import { unknownName } from "../parameters.ts";

/** Reads a number as users write it: 15, 0.5, 1e-3, 1e9, 1_000_000. */
export function parseNumber(name: string): (text: string) => number {
  return (text) => {
    const value = /^[+-]?(\d[\d_]*\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text.replaceAll("_", "")) : Number.NaN;
    if (Number.isNaN(value)) throw new UsageError(`--${name} must be a number, got ${text === "" ? "nothing" : text}`);
    return value;
  };
}

/** Reads a whole number above 0. */
export function parseCount(name: string): (text: string) => number {
  return (text) => {
    const value = parseNumber(name)(text);
    if (!Number.isSafeInteger(value) || value < 1) throw new UsageError(`--${name} must be a whole number above 0, got ${text}`);
    return value;
  };
}

/** Reads optional parameters: if they are left out, the next argument must not be taken for them. */
export function parseSpec(name: string, example: string): (text: string) => string {
  return (text) => {
    if (!text.includes("="))
      throw new UsageError(`--${name}: write --${name}=${example} or some of these, got ${text === "" ? "nothing" : text}`);
    return text;
  };
}

/** Reads the number of sites to show, which may be left out. */
export function parsePerSite(text: string): number {
  // commander takes `queens` in `--per-site queens` for the number
  if (!/^\d/.test(text)) throw new UsageError(`--per-site: write --per-site=N, got ${text}`);
  return parseCount("per-site")(text);
}

/** Reads one of a few words. */
export function parseChoice<T extends string>(name: string, choices: readonly T[]): (text: string) => T {
  return (text) => {
    if (!choices.includes(text as T)) throw unknownName(name, text, choices);
    return text as T;
  };
}

export const FORMATS = ["table", "csv", "json", "md", "latex"] as const;
export type Format = (typeof FORMATS)[number];

export const formatOption = new Option(
  "--format <format>",
  "table for people, csv and json for programs, md (Markdown) and latex for papers",
)
  .default("table" as const)
  .argParser(parseChoice("format", FORMATS));

export const jobsOption = new Option("--jobs <n>", "worker threads at most (default: one for every core); results are the same").argParser(
  parseCount("jobs"),
);

export const noCacheOption = new Option("--no-cache", "run every program anew, and keep no tapes of the runs (bplab cache lists them)");
