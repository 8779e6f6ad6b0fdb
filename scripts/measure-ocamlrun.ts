// Measures the installed ocamlrun: writes the sizes of its bodies to native-code/ID.csv, and which of them share a dispatch to
// native-code/ID.sites.csv. `npm run measure-ocamlrun -- ocamlrun-4.13-gcc12`: the id names version and compiler, which the binary does not contain.
import { createHash } from "node:crypto";
import { readFileSync, realpathSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { nativeCodePath } from "../src/bodies/native-code-files.ts";
import { UsageError } from "../src/errors.ts";
import { findCommand } from "../src/files/find-command.ts";
import { ocamlrunBodies, ocamlrunSites, readOcamlrun } from "../src/validation/ocamlrun-binary.ts";
import { runTool } from "../src/validation/tools.ts";
import { packageOf } from "./package-of.ts";

/** The two files' contents, bodies and sites, for the ocamlrun on the PATH. @throws UsageError if there is none */
export function measureOcamlrun(): { readonly bodies: string; readonly sites: string } {
  const found = findCommand("ocamlrun");
  if (found === undefined) throw new UsageError("ocamlrun is not installed: apt-get install ocaml-nox");
  const path = realpathSync(found);
  const [version] = runTool(path, ["-version"]).match(/\d+\.\d+/) ?? [];
  const binary = readOcamlrun(path);
  const sha256 = createHash("sha256").update(readFileSync(path)).digest("hex");
  const origin = `Measured by npm run measure-ocamlrun: disassembly of ${packageOf(path)}${path}, SHA-256 ${sha256}.`;
  const title = `OCaml ${version}'s bytecode interpreter`;
  return {
    bodies: ocamlrunBodies(binary, [`${title}, x86-64`, origin]),
    sites: ocamlrunSites(binary, [`${title} as gcc compiled it: which bodies share an indirect jump`, origin]),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , id] = process.argv;
  if (id === undefined || !/^[\w.-]+$/.test(id))
    throw new UsageError("expected an id for the files: npm run measure-ocamlrun -- ocamlrun-4.13-gcc12");
  const { bodies, sites } = measureOcamlrun();
  writeFileSync(nativeCodePath(`${id}.csv`), bodies);
  writeFileSync(nativeCodePath(`${id}.sites.csv`), sites);
}
