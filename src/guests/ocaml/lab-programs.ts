// The lab's programs in OCaml: sources, which ocamlc compiles on first use. Bytecode depends on the compiler's version, so it is kept
// in the cache, by source and version.
import { spawnSync } from "#platform/child-process";
import { createHash } from "#platform/crypto";
import { readdirSync, readFileSync, writeFileSync } from "#platform/fs";
import { ownFolder } from "#platform/own-files";
import { basename, join } from "#platform/path";
import { RunError, UsageError } from "../../errors.ts";
import { keptFolder } from "../../files/kept-folder.ts";
import { READABLE_VERSIONS } from "./loading/bytecode.ts";

const FOLDER = ownFolder("traces/ocaml");
const SOURCE = ".ml";
const PREFIX = "ocaml/";
const PROGRAM = "program.byte";

/** The versions that compile them: with OCaml 4's they execute the same instructions everywhere. */
const VERSIONS = READABLE_VERSIONS.filter((readable) => readable < "5");

/** Requirement of our OCaml programs, for messages and lists. */
export const NEEDS_OCAMLC = `needs ocamlc ${VERSIONS.join(" or ")}: apt-get install ocaml-nox`;

/** The ids of the lab's programs in OCaml, sorted: "ocaml/n-body". */
export function ocamlProgramIds(): string[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith(SOURCE))
    .map((file) => `${PREFIX}${file.slice(0, -SOURCE.length)}`)
    .sort();
}

/** Path of a program's source. */
export const ocamlSource = (id: string): string => `${FOLDER}${id.slice(PREFIX.length)}${SOURCE}`;

let version: string | undefined;

/** The version of the installed compiler; "" if there is none. */
function installedVersion(): string {
  version ??= spawnSync("ocamlc", ["-version"], { encoding: "utf8" }).stdout?.trim() ?? "";
  return version;
}

/** The version of the installed compiler; undefined where there is none, or none of these versions. */
export function ocamlcVersion(): string | undefined {
  const installed = installedVersion();
  return VERSIONS.some((readable) => installed.startsWith(`${readable}.`)) ? installed : undefined;
}

/**
 * The bytecode of one of the lab's programs in OCaml, compiled unless it was before.
 * @returns its path
 * @throws UsageError if there is no such compiler, or the cache cannot be written; RunError when the compiler fails
 */
export function compileOcaml(id: string): string {
  const compiler = ocamlcVersion();
  if (compiler === undefined) {
    const other = installedVersion() === "" ? "" : ` (installed: ${installedVersion()})`;
    throw new UsageError(`${id} ${NEEDS_OCAMLC}${other}`);
  }
  const source = readFileSync(ocamlSource(id));
  const key = createHash("sha256").update(`${compiler}\n`).update(source).digest("hex").slice(0, 16);
  const folder = keptFolder(`ocaml-${key}`, (cwd) => {
    // the file's name is in the bytecode: without its folder, the same source gives the same bytes everywhere
    const file = basename(ocamlSource(id));
    writeFileSync(join(cwd, file), source);
    const { status, stderr, error } = spawnSync("ocamlc", ["-w", "-a", "-o", PROGRAM, file], { cwd, encoding: "utf8" });
    if (status === 0) return;
    const why = error?.message ?? stderr.split("\n").find((line) => line.includes("Error")) ?? `exit code ${status}`;
    throw new RunError(`ocamlc ${compiler} cannot compile ${ocamlSource(id)}: ${why}`);
  });
  return join(folder, PROGRAM);
}
