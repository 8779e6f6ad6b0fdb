// A machine from a user's file (`--machine=./host.json`), such as `bplab calibrate` writes.
import { existsSync, readFileSync, statSync } from "#platform/fs";
import { messageOf, UsageError } from "../../errors.ts";
import { unknownName } from "../../parameters.ts";
import type { CostFigures } from "./costs.ts";
import { type Machine, PARTS, unpublished } from "./machine.ts";
import { machineSchema } from "./machine-schema.ts";
import { MACHINES } from "./machines.ts";

/** Machine files, with their curves, take kilobytes. */
const MOST_BYTES = 2 ** 24;

/**
 * @param path as users write it: it is the machine's id
 * @throws UsageError in one line when the file cannot be read, or is invalid
 */
export function readMachineFile(path: string): Machine {
  const fail = (what: string): UsageError =>
    new UsageError(`machine ${path}: ${what}; docs/machines.md says what a file of a machine holds`);
  if (!existsSync(path))
    throw new UsageError(`no such machine file: ${path} (bplab calibrate writes one; bplab list machines has the lab's)`);
  const { size } = statSync(path);
  if (statSync(path).isDirectory()) throw fail("expected a file, got a folder");
  if (size > MOST_BYTES) throw fail(`expected at most ${MOST_BYTES} bytes, got ${size}`);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw fail(size === 0 ? "expected JSON, got an empty file" : `expected JSON: ${messageOf(error)}`);
  }
  const { data, error } = machineSchema.safeParse(value);
  if (error !== undefined) throw fail(firstIssue(value, error.issues[0]));
  const like = data.like === undefined ? undefined : MACHINES.find(({ id }) => id === data.like);
  if (data.like !== undefined && like === undefined)
    throw fail(
      `like: ${
        unknownName(
          "machine",
          data.like,
          MACHINES.map(({ id }) => id),
        ).message
      }`,
    );
  // what is published of its parts, and how far off it is, says nothing of another front end
  const described = data.frontEnd === undefined ? like : undefined;
  const costs: CostFigures = { ...like?.costs, ...data.costs };
  const missing = unpublished(`not said in ${path}`);
  const parts = Object.fromEntries(PARTS.map((part) => [part, data.parts?.[part] ?? described?.parts[part] ?? missing]));
  return {
    id: path,
    title: data.title,
    year: data.year,
    // the schema requires one of the two
    frontEnd: data.frontEnd ?? like?.frontEnd ?? "",
    penaltyCycles: data.costs?.penaltyCycles?.value ?? like?.penaltyCycles,
    indirectStallCycles: data.costs?.indirectStallCycles?.value ?? like?.indirectStallCycles,
    parts: parts as Machine["parts"],
    costs,
    levels: data.levels ?? like?.levels,
    misestimated: described?.misestimated,
    source: data.source,
  };
}

/** The first error: what, where, and the value found. */
function firstIssue(
  value: unknown,
  issue: { readonly path: readonly PropertyKey[]; readonly message: string; readonly code?: string; readonly keys?: readonly string[] },
): string {
  const { path, message, keys } = issue;
  const at = path.length === 0 ? "" : `${path.map(String).join(".")}: `;
  if (keys !== undefined) return `${at}unknown ${keys.map((key) => JSON.stringify(key)).join(", ")}`;
  let found: unknown = value;
  for (const key of path) found = (found as Record<PropertyKey, unknown> | undefined)?.[key];
  const got = found === undefined ? "nothing" : typeof found === "object" ? "" : JSON.stringify(found).slice(0, 60);
  return `${at}${message}${got === "" ? "" : `, got ${got}`}`;
}
