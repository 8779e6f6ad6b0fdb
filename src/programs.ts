// The programs that come with the lab, by file name, and the files that users bring.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { UsageError } from "./errors.ts";
import { checkSource, forthRun } from "./guests/forth/guest.ts";
import { unknown } from "./parameters.ts";
import type { VirtualRun } from "./trace/run.ts";

const FOLDER = fileURLToPath(new URL("../../traces/", import.meta.url));

/** How much work a program does: `test` under 300 thousand virtual instructions, `full` 5 to 50 million. */
export const SIZES = ["test", "full"] as const;
export type Size = (typeof SIZES)[number];

export interface Program {
  /** The id of one of ours; the path of a user's. */
  readonly id: string;
  readonly path: string;
  /** The first 16 hexadecimal digits of the source's SHA-256. */
  readonly sha256: string;
  /** A fresh run on a fresh guest. */
  start(size: Size, maxInstructions: number): VirtualRun;
}

/** The ids of the programs that come with the lab, sorted. */
export function programIds(): string[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith(".fs"))
    .map((file) => basename(file, ".fs"))
    .sort();
}

/** What a program of ours is for: the first line of its source. */
export function programPurpose(id: string): string {
  const [line] = readFileSync(`${FOLDER}${id}.fs`, "utf8").split("\n");
  return line.replace(/^\\\s*[\w-]+:\s*/, "");
}

/**
 * Finds a program by id or path.
 * @throws UsageError for an unknown id, or a file that cannot be read
 */
export function findProgram(input: string): Program {
  const known = programIds();
  const ours = known.includes(input);
  if (!ours && !/[/\\.]/.test(input) && !existsSync(input)) throw unknown("program", input, known);
  if (!ours && !/\.(fs|fth|4th|frt|fr|f)$/i.test(input)) {
    throw new UsageError(`${input}: expected a program id or a Forth source (.fs, .fth, .4th, .frt, .fr, .f)`);
  }
  const path = ours ? `${FOLDER}${input}.fs` : input;
  return {
    id: input,
    path,
    sha256: createHash("sha256").update(checkSource(path)).digest("hex").slice(0, 16),
    start(size, maxInstructions) {
      const expected = ours ? readFileSync(`${FOLDER}${input}.${size}.out`, "utf8") : undefined;
      return forthRun(path, { full: size === "full", maxInstructions, expected });
    },
  };
}
