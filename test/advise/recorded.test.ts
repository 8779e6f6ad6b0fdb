// Advice for recordings: the opcodes that the dispatches of a recorded interpreter show are those that it executed.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readDispatchSequence } from "../../dist/src/advise/recorded/dispatch-sequence.js";
import { advise, simulate } from "../../dist/src/index.js";
import { readRecording } from "../../dist/src/recordings/find-recording.js";
import { adviceParts } from "../../dist/src/report/tables/advice.js";
import { toDocument } from "../../dist/src/report/tables/document.js";
import { bplab, temporaryFolder } from "../support.js";
import { plainMachine } from "./plain-machine.js";

const folder = temporaryFolder();
const machine = plainMachine(folder);
const truth = (name: string): string => new URL(`../data/truth/${name}`, import.meta.url).pathname;
const expected: Record<string, { dispatches: number; dispatchSites: number }> = JSON.parse(readFileSync(truth("expected.json"), "utf8"));

describe("the dispatches of a recorded interpreter", () => {
  it.each(["switch-gcc-r", "call-gcc-fib", "ocamlrun-kb"])("are found in %s without a name", async (name) => {
    const recording = await readRecording(truth(`${name}.sbbt.gz`));
    const { sequence, sites, calls } = await readDispatchSequence(recording, undefined, Number.POSITIVE_INFINITY);
    expect([sequence.length, sites.length]).toEqual([expected[name].dispatches, expected[name].dispatchSites]);
    expect(calls).toBe(name.startsWith("call"));
  });

  it("are those that the user names, and an error if there are none", async () => {
    const recording = await readRecording(truth("switch-gcc-r.sbbt.gz"));
    const { sites } = await readDispatchSequence(recording, undefined, 1000);
    const named = await readDispatchSequence(recording, `0x${sites[0].toString(16)}`, 1000);
    expect([named.sites, named.sequence.length]).toEqual([sites, 1000]);
    await expect(readDispatchSequence(recording, "0x1", 1000)).rejects.toThrow("no indirect branch in 0x1 executed");
  });
});

describe("advice for a recording", async () => {
  // branches of a known program under a known technique stand for a recorded interpreter
  const recording = join(folder, "bubble-sort.bpt");
  bplab(["trace", "bubble-sort", "--technique=token-threading", `--output=${recording}`]);
  const technique = "switch,token-threading,call-threading";
  const advice = await advise({ inputs: [recording], machine, technique, jobs: 1 });
  const { rows } = await simulate({ inputs: ["bubble-sort"], technique, machine, jobs: 1, sites: false });
  const missesOf = (name: string) => rows.find((row) => row.technique === name && row.kind === "dispatch")?.mispredictions;
  const [of] = advice.machines;

  it("has the mispredictions of the program itself, under techniques whose sites belong to opcodes", () => {
    // opcodes with one body are one opcode in a recording
    expect(advice.virtualInstructions).toBe(rows.find(({ kind }) => kind === "dispatch")?.virtualInstructions);
    for (const { technique: name, mispredictions } of of.best)
      expect([name, mispredictions]).toEqual([name, missesOf(name.replace(" as compiled", ""))]);
    expect(of.recorded).toEqual({ dispatches: advice.virtualInstructions, mispredictions: missesOf("token-threading") });
    expect(of.now.mispredictions).toBe(missesOf("token-threading"));
  });

  it("says what the branches show: bodies, and the branches through which they are left", () => {
    const { recorded } = advice;
    expect(recorded?.sites.length).toBeGreaterThanOrEqual((recorded?.bodies ?? 0) - 1);
    expect([recorded?.sharing, recorded?.known, advice.addresses]).toEqual([0, undefined, false]);
    const text = toDocument(adviceParts(advice), "table").replace(/\s+/g, " ");
    expect(text).toContain(`${recorded?.sites.length} dispatch branches, and none shares one`);
    expect(text).toContain("Virtual addresses are not known");
    expect(text).not.toContain("merged");
  });

  it("keeps the log of opcodes, with which simulate gives the same numbers", async () => {
    const kept = join(folder, "kept");
    const { stdout } = bplab(["advise", recording, `--machine=${machine}`, "--technique=switch", `--keep=${kept}`, "--format=json"]);
    const { simulated, bodies, now } = JSON.parse(stdout);
    const again = await simulate({ inputs: simulated, bodies, technique: now, machine, jobs: 1, sites: false });
    expect(again.rows.find(({ kind }) => kind === "dispatch")?.mispredictions).toBe(missesOf("token-threading"));
    expect(again.rows.find(({ kind }) => kind === "dispatch")?.nativeInstructions).toBeGreaterThan(advice.virtualInstructions);
  });

  it("is about one shared branch where there is only one", async () => {
    const shared = join(folder, "shared.bpt");
    bplab(["trace", "bubble-sort", "--technique=token-threading:merge=all", `--output=${shared}`]);
    const merged = await advise({ inputs: [shared], machine, technique, jobs: 1 });
    expect(merged.now).toBe("switch");
    expect(merged.machines[0].now.mispredictions).toBe(missesOf("switch"));
    const text = toDocument(adviceParts(merged), "table").replace(/\s+/g, " ");
    expect(text).toContain("One branch dispatches for all: the source has a switch, or computed gotos");
  });

  it("refuses what acts on no recording, or needs what none has", async () => {
    for (const [request, message] of [
      [{ inputs: [recording], size: "full" }, "--size says how much work a program does"],
      [{ inputs: [recording], technique: "catenation" }, "--technique=catenation: its code depends on virtual addresses"],
      [{ inputs: [recording, "bubble-sort"] }, "advise: expected programs or recordings of one interpreter, got both"],
      [{ inputs: ["bubble-sort"], keep: folder }, "--keep keeps what recordings become"],
      [{ inputs: ["bubble-sort"], dispatch: "main" }, "--dispatch names branches of a recording"],
      [{ inputs: [recording], keep: join(folder, "a,b") }, "--keep: expected a folder without commas"],
      [{ inputs: [] }, "advise: expected at least one program, log of opcodes or recording"],
    ] as const)
      await expect(advise({ ...request, machine, jobs: 1 })).rejects.toThrow(message);
  });
});
