// Measures an iwasm with WAMR's classic interpreter: writes the sizes of its bodies to native-code/ID.csv, and which of them share a
// dispatch to native-code/ID.sites.csv. `npm run measure-wamr -- wamr-2.4-classic-gcc12 iwasm`: the id names version and compiler.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { nativeCodePath } from "../src/bodies/native-code-files.ts";
import { UsageError } from "../src/errors.ts";
import { runTool } from "../src/validation/tools.ts";
import { readWamr, wamrBodies, wamrSites } from "../src/validation/wamr-binary.ts";

/** The two files' contents, bodies and sites, of an iwasm. */
export function measureWamr(path: string): { readonly bodies: string; readonly sites: string } {
  const [version] = runTool(path, ["--version"]).match(/\d+\.\d+\.\d+/) ?? [];
  const [compiler] = runTool("objdump", ["-s", "-j", ".comment", path]).includes("GCC") ? ["gcc"] : ["another compiler"];
  const wamr = readWamr(path);
  const sha256 = createHash("sha256").update(readFileSync(path)).digest("hex");
  const origin = [
    `Measured by npm run measure-wamr: disassembly of an iwasm ${version}, SHA-256 ${sha256}, built by ${compiler} in CMake's Release with`,
    "WAMR_BUILD_FAST_INTERP=0, WAMR_BUILD_SIMD=0, WAMR_BUILD_AOT=0 and labels as values.",
  ];
  const title = `WAMR ${version}'s classic interpreter`;
  return {
    bodies: wamrBodies(wamr, [`${title}, x86-64`, ...origin]),
    sites: wamrSites(wamr, [`${title} as ${compiler} compiled it: which bodies share an indirect jump`, ...origin]),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , id, path] = process.argv;
  if (id === undefined || path === undefined || !/^[\w.-]+$/.test(id))
    throw new UsageError("expected an id for the files and an iwasm: npm run measure-wamr -- wamr-2.4-classic-gcc12 iwasm");
  const { bodies, sites } = measureWamr(path);
  writeFileSync(nativeCodePath(`${id}.csv`), bodies);
  writeFileSync(nativeCodePath(`${id}.sites.csv`), sites);
}
