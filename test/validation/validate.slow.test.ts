// Validation: interpreters and generated code recorded under qemu, beside the model.
// @module-tag slow
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readMeasuredBodies } from "../../dist/src/bodies/measured-bodies.js";
import { readTechnique } from "../../dist/src/dispatch/techniques.js";
import { readFrontEnds } from "../../dist/src/front-end/front-end.js";
import { recordImage } from "../../dist/src/guests/forth/image.js";
import { instructions } from "../../dist/src/guests/forth/machine/instructions.js";
import { findProgram } from "../../dist/src/guests/programs.js";
import { measure } from "../../dist/src/lab/lab.js";
import { isForm, isGenerated } from "../../dist/src/validation/native-programs.js";
import { VALIDATED, validate } from "../../dist/src/validation/validate.js";
import { bplab, temporaryFolder } from "../support.js";

const installed = (command: string): boolean => spawnSync(command, ["--version"]).status === 0;
const gcc = process.arch === "x64" && installed("gcc") && installed("objdump");
const qemu = gcc && installed("qemu-x86_64");
if (!gcc || !qemu) console.warn("gcc, binutils or qemu-user is missing: interpreters are not compiled, or not recorded");

const options = { full: false, maxInstructions: 1e7 };

describe.skipIf(!qemu)("validation", () => {
  const predictor =
    "btb:unbounded,btb-2bit:unbounded,two-level:targets=1:unbounded,two-level:targets=4:unbounded,btb:sets=16:ways=2,ittage";

  it("records exactly the mispredictions that the model has with the binary's own sites", async () => {
    const { rows, skipped } = await validate({
      inputs: ["fibonacci", "hash-table"],
      technique:
        "switch,token-threading,direct-threading,indirect-threading,call-threading,tail-call-threading,tail-call-dispatcher,tail-call-no-elimination",
      predictor,
    });
    expect(skipped).toEqual([]);
    const compiled = rows.filter(({ making }) => making === "compiled");
    expect(compiled).toHaveLength(2 * 8 * 6);
    for (const { technique, program, predictor: name, recordedMisses, ownMisses, splitEntries, splitExits } of compiled) {
      if (splitEntries.length + splitExits.length > 0) continue;
      const limit = name.includes("unbounded") ? 10 : recordedMisses / 50;
      expect([program, technique, name, Math.abs(recordedMisses - ownMisses) <= limit]).toEqual([program, technique, name, true]);
    }
    // one shared site misses nearly always, whatever the compiler
    const shared = compiled.filter(
      (row) => ["switch", "call-threading", "tail-call-dispatcher"].includes(row.technique) && row.predictor === "btb:unbounded",
    );
    for (const row of shared) expect([row.sitesInBinary, row.idealMisses]).toEqual([1, row.recordedMisses]);
  });

  it("records the branches of all generated code one by one as the model makes them", async () => {
    const predictor = "btb:unbounded,two-level:targets=4:unbounded";
    const [withForms, others] = [true, false].map((form) => VALIDATED.filter((id) => isGenerated(id) && isForm(id) === form));
    const generatedOnly = await validate({ inputs: ["garbage-collector", "regex"], technique: others.join(","), predictor });
    // The replicated switch has a form in C, too: gcc -O2 takes 37 seconds of processor time for it (and merges its dispatches), -O1 3.
    const request = { inputs: ["hash-table"], predictor, cflags: "-O1 -foptimize-sibling-calls" };
    const both = await validate({ ...request, technique: withForms.join(",") });
    expect([...generatedOnly.undone, ...generatedOnly.skipped, ...both.skipped]).toEqual([]);
    const generated = [...generatedOnly.rows, ...both.rows].filter(({ making }) => making === "generated");
    expect(generated).toHaveLength((others.length * 2 + withForms.length) * 2);
    for (const row of generated) {
      const where = [row.technique, row.program, row.predictor];
      expect([...where, row.difference]).toEqual([...where, ""]);
      // the last body is entered by a call, after which the model ends
      const after = row.technique === "subroutine-threading" ? 1 : 0;
      expect([...where, row.dispatches]).toEqual([...where, row.idealDispatches + after]);
      // conditionals that dispatch are predicted by gshare, which sees address bits
      if (["context-threading", "compare-tree"].includes(row.technique)) continue;
      expect([...where, Math.abs(row.recordedMisses - row.idealMisses) <= after]).toEqual([...where, true]);
    }
  });

  it("names what a compiler undid", async () => {
    const { undone, rows } = await validate({
      inputs: ["fibonacci"],
      technique: "indirect-threading",
      cflags: "-O1",
      predictor: "btb:unbounded",
    });
    expect(undone).toHaveLength(1);
    expect(undone[0]).toMatch(/^indirect-threading, gcc -O1: the compiler merged \d+ dispatches into 1:/);
    expect(rows.map(({ kept }) => kept)).toEqual(["merged"]);
  });

  it("writes a merge map and bodies that simulate takes", async () => {
    const folder = temporaryFolder();
    const [map, bodies] = ["map.csv", "bodies.csv"].map((file) => join(folder, file));
    const { rows, binaries } = await validate({ inputs: ["sieve"], technique: "direct-threading", predictor: "btb:unbounded" });
    writeFileSync(map, binaries[0].map);
    writeFileSync(bodies, binaries[0].bodies());
    const { run } = recordImage((await findProgram("sieve")).path, options);
    const [measurement] = await measure(run(), {
      techniques: [await readTechnique(`direct-threading:merge=${map}`)],
      frontEnds: await readFrontEnds("btb:unbounded"),
      warmup: 0,
    });
    expect(measurement.counts.byKind.dispatch.mispredictions).toBe(rows[0].recordedMisses);
    const measured = readMeasuredBodies(bodies);
    expect(measured.bodyOf("noop")?.facts.bodyBytes).toBe(0);
    expect(measured.bodyOf("+")?.facts.nativeInstructions).toBeGreaterThan(0);
    expect(measured.bodies.length).toBeGreaterThan(instructions.length);
  });

  it("leaves out what a compiler made something else of, and says why", async () => {
    const { skipped, undone } = await validate({
      inputs: ["fibonacci"],
      technique: "switch",
      cflags: "-O2 -fno-jump-tables",
      predictor: "btb:unbounded",
    });
    expect(skipped.join()).toMatch(/expected 145967 dispatches, as many as virtual instructions, got 0: the compiler left other branches$/);
    expect(undone.join()).toMatch(/the compiler left no indirect jumps, where the source has 1/);
    await expect(
      validate({ inputs: ["fibonacci"], technique: "tail-call-threading", cflags: "-O0", predictor: "btb:unbounded" }),
    ).rejects.toThrow(/the compiler left \d+ indirect calls where tail calls stand/);
  });

  it("prints tables, CSV and a page", () => {
    const folder = temporaryFolder();
    const args = ["validate", "fibonacci", "--technique=switch", "--predictor=btb:unbounded"];
    const { code, stdout } = bplab([...args, "--report=page.html", "--strict"], { cwd: folder });
    expect(code).toBe(0);
    expect(stdout).toContain("Interpreters: recorded beside modelled");
    expect(readFileSync(join(folder, "page.html"), "utf8")).toContain("Modelled beside recorded");
    const csv = bplab([...args, "--format=csv"])
      .stdout.trim()
      .split("\n");
    expect(csv).toHaveLength(3);
    expect(csv[1]).toContain("fibonacci,test,switch,compiled,gcc,-O2,btb:unbounded,145967,145967,145967,140388,140388,140388");
    expect(csv[2]).toContain("fibonacci,test,switch,generated,gcc,-O2,btb:unbounded,145967,145967,145967,140388,140388,140388");
  });
});
