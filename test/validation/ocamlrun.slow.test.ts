// The installed ocamlrun: what its binary says of bodies and dispatches, what recordings of it say, and the guest's model of the same
// bytecode, which must come to the same counts.
// @module-tag slow
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { parseTable } from "../../dist/src/bodies/native-code-files.js";
import { EFFECT_INSTRUCTIONS, instructions } from "../../dist/src/guests/ocaml/instructions.js";
import { ocamlcVersion, ocamlProgramIds } from "../../dist/src/guests/ocaml/lab-programs.js";
import { simulate, type Validation, validate } from "../../dist/src/index.js";
import { disagreements } from "../../dist/src/report/tables/validation-columns.js";
import { bplab, temporaryFolder } from "../support.js";

const runs = (command: string, option = "--version"): boolean => spawnSync(command, [option]).status === 0;
const binary = runs("ocamlrun", "-version") && runs("objdump");
const recorded = binary && ocamlcVersion() !== undefined && runs("qemu-x86_64") && runs("gcc");
if (!recorded) console.warn("ocaml-nox, binutils, gcc or qemu-user is missing: ocamlrun is not measured, or not recorded");

/** Differences of so many are cold starts, and signals that wait: of tens of millions. */
const FEW = 10;

const ID = "ocamlrun-4.13-gcc12";
const ours = (file: string): string => readFileSync(new URL(`../../native-code/${file}`, import.meta.url), "utf8");
const cellsOf = (text: string, column: string): Map<string, string> =>
  new Map(parseTable(text, "map", ["opcode", column]).rows.map(({ cells }) => [cells.opcode, cells[column]]));

describe.skipIf(!binary)("what the binary of ocamlrun says", async () => {
  const { measureOcamlrun } = await import("../../dist/scripts/measure-ocamlrun.js");

  it("is what native-code/ has of the same file, byte for byte", ({ skip }) => {
    const { bodies, sites } = measureOcamlrun();
    const sha256 = /SHA-256 [0-9a-f]{64}/;
    skip(sha256.exec(bodies)?.[0] !== sha256.exec(ours(`${ID}.csv`))?.[0], "another ocamlrun than the one that was measured");
    expect(bodies).toBe(ours(`${ID}.csv`));
    expect(sites).toBe(ours(`${ID}.sites.csv`));
  });

  it("has a body for every instruction, and a dispatch in every body but STOP's", () => {
    const { bodies, sites } = measureOcamlrun();
    // the installed one is OCaml 4's
    const names = instructions.map(({ name }) => name).slice(0, -EFFECT_INSTRUCTIONS);
    expect([...cellsOf(bodies, "body_bytes").keys()]).toEqual(names);
    expect([...cellsOf(sites, "dispatch_site").keys()]).toEqual(names.filter((name) => name !== "STOP"));
  });
});

describe.skipIf(!recorded)("OCaml programs on ocamlrun", () => {
  let validation: Validation;
  beforeAll(async () => {
    validation = await validate({ technique: "none", installed: "ocamlrun" });
  });

  it("execute the virtual instructions that the guest executes, and mispredict what the model says, exactly but for cold starts", () => {
    const { rows, skipped } = validation;
    expect(skipped).toEqual([]);
    expect(rows).toHaveLength(6 * ocamlProgramIds().length);
    expect(disagreements(rows)).toEqual([]);
    for (const row of rows) {
      const { program, predictor, virtualInstructions, dispatches, recordedMisses, ownMisses, splitEntries } = row;
      expect([program, dispatches, splitEntries]).toEqual([program, virtualInstructions, []]);
      expect([program, predictor, Math.abs(recordedMisses - ownMisses) <= FEW]).toEqual([program, predictor, true]);
      // bodies that share a dispatch cost something under a branch target buffer
      if (predictor === "btb:unbounded") expect(recordedMisses).toBeGreaterThan(row.idealMisses);
    }
  });

  it("leave through the sites that disassembly finds, opcode for opcode", async () => {
    const { measureOcamlrun } = await import("../../dist/scripts/measure-ocamlrun.js");
    const [{ map }] = validation.binaries;
    const { sites } = measureOcamlrun();
    for (const column of ["dispatch_site", "body_address"]) {
      const seen = cellsOf(map, column);
      seen.delete("(entry)");
      expect(seen.size).toBeGreaterThan(120);
      const found = cellsOf(sites, column);
      for (const [opcode, place] of seen) expect([opcode, found.get(opcode)]).toEqual([opcode, place]);
    }
  });

  it("have a merge map with which simulate comes to the recorded counts, too", async () => {
    const file = join(temporaryFolder(), "map.csv");
    writeFileSync(file, validation.binaries[0].map);
    const predictor = "btb:unbounded,two-level:targets=4:unbounded";
    const { rows } = await simulate({
      inputs: ["ocaml/exact-cover"],
      technique: `direct-threading:merge=${file}`,
      predictor,
    });
    for (const { predictor: name, kind, mispredictions = Number.NaN } of rows) {
      const recording = validation.rows.find((row) => row.program === "ocaml/exact-cover" && row.predictor === name);
      if (kind === "dispatch") expect(Math.abs(mispredictions - (recording?.recordedMisses ?? Number.NaN))).toBeLessThanOrEqual(FEW);
    }
  });
});

const RAISES = `let () = for _ = 1 to 50 do
  (try ignore (Sys.getenv "NO_SUCH_VARIABLE") with Not_found -> ());
  (try ignore (int_of_string "x") with Failure _ -> ());
  (try ignore (1 / Sys.opaque_identity 0) with Division_by_zero -> ())
done`;

describe.skipIf(!recorded)("a program of the user's", () => {
  it("leaves through the dispatch of RAISE where a primitive or a division raises, which the model counts exactly", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "raises.ml"), RAISES);
    expect(spawnSync("ocamlc", ["-o", "raises.byte", "raises.ml"], { cwd: folder }).status).toBe(0);
    const { rows } = await validate({
      inputs: [join(folder, "raises.byte")],
      predictor: "btb:unbounded,two-level:targets=2:unbounded,ittage",
    });
    expect(rows.map(({ recordedMisses, ownMisses }) => ownMisses - recordedMisses)).toEqual([0, 0, 0]);
  });
});

describe.skipIf(!recorded)("bplab validate of OCaml programs", () => {
  it("writes map and bodies of ocamlrun, which simulate takes", () => {
    const folder = temporaryFolder();
    const files = ["map.csv", "bodies.csv"].map((file) => join(folder, file));
    const { code, stdout } = bplab([
      "validate",
      "ocaml/n-body",
      `--write-map=${files[0]}`,
      `--write-bodies=${files[1]}`,
      "--strict",
      "--predictor=btb:unbounded",
    ]);
    expect(code).toBe(0);
    expect(stdout).toContain("ocaml/n-body  direct-threading  ocamlrun");
    const args = [`--technique=direct-threading:merge=${files[0]}`, `--bodies=${files[1]}`];
    expect(bplab(["simulate", "ocaml/n-body", ...args]).code).toBe(0);
  });

  it("refuses settings of OCaml's that the guest runs without", () => {
    const { code, stderr } = bplab(["validate", "ocaml/n-body"], { env: { OCAMLRUNPARAM: "b" } });
    expect([code, stderr]).toEqual([2, "OCAMLRUNPARAM is set, which OCaml programs read and the guest does not have: unset it\n"]);
  });
});
