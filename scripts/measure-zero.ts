// Measures the installed Zero, HotSpot's interpreter in C++: writes the sizes of its bodies to native-code/ID.csv, and which of them
// share a dispatch to native-code/ID.sites.csv. `npm run measure-zero -- zero-17-gcc12`: the id names version and compiler.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { nativeCodePath } from "../src/bodies/native-code-files.ts";
import { UsageError } from "../src/errors.ts";
import { findZero } from "../src/validation/zero.ts";
import { readZero, zeroBodies, zeroSites } from "../src/validation/zero-binary.ts";
import { packageOf } from "./package-of.ts";

/** The two files' contents, bodies and sites, for the Zero of the java on the PATH. @throws UsageError if there is none */
export function measureZero(): { readonly bodies: string; readonly sites: string } {
  const { library, version } = findZero();
  const zero = readZero(library);
  const sha256 = createHash("sha256").update(readFileSync(library)).digest("hex");
  const origin = [
    "Measured by npm run measure-zero: disassembly of BytecodeInterpreter::run<false, true> in",
    `${packageOf(library)}${library}, SHA-256 ${sha256}.`,
  ];
  const title = `HotSpot ${version}'s interpreter in C++ (Zero)`;
  return {
    bodies: zeroBodies(zero, [`${title}, x86-64`, ...origin]),
    sites: zeroSites(zero, [`${title} as gcc compiled it: which bodies share an indirect jump`, ...origin]),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , id] = process.argv;
  if (id === undefined || !/^[\w.-]+$/.test(id))
    throw new UsageError("expected an id for the files: npm run measure-zero -- zero-17-gcc12");
  const { bodies, sites } = measureZero();
  writeFileSync(nativeCodePath(`${id}.csv`), bodies);
  writeFileSync(nativeCodePath(`${id}.sites.csv`), sites);
}
