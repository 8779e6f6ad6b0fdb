// @module-tag slow
// Advice held against compiled interpreters: each of six forms of one interpreter in C is recorded, advised on, and what is advised has
// the mispredictions of the form that was compiled for it.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { findCommand } from "../../dist/src/files/find-command.js";
import { findProgram } from "../../dist/src/guests/programs.js";
import { advise } from "../../dist/src/index.js";
import type { FormName } from "../../dist/src/validation/c-forms.js";
import { createNativePrograms } from "../../dist/src/validation/native-programs.js";
import { loadImages } from "../../dist/src/validation/prepare.js";
import { recordInterpreter } from "../../dist/src/validation/record-interpreter.js";
import { temporaryFolder } from "../support.js";
import { plainMachine } from "./plain-machine.js";

const FORMS: readonly FormName[] = [
  "switch",
  "call-threading",
  "token-threading",
  "direct-threading",
  "indirect-threading",
  "tail-call-threading",
];
const missing = ["gcc", "qemu-x86_64", "objdump", "nm"].filter((tool) => findCommand(tool) === undefined);
const folder = temporaryFolder();
const machine = plainMachine(folder);
const PROGRAM = join(folder, "loop.fs");
writeFileSync(
  PROGRAM,
  ": fib dup 2 < if else dup 1- recurse swap 2 - recurse + then ;\n: count 0 500 0 do i 3 and if i + else 1 xor then loop ;\n: main 12 fib . count . ;\nmain\n",
);
const recordingOf = (form: string): string => join(folder, `${form}.bpt`);
describe.skipIf(missing.length > 0)(
  `advice for compiled interpreters${missing.length > 0 ? ` (without ${missing.join(", ")})` : ""}`,
  () => {
    /** Mispredictions of each form as it was recorded, on a table of last targets. */
    const recorded = new Map<string, number>();
    const advice = new Map<string, Awaited<ReturnType<typeof advise>>>();
    let instructions = 0;
    beforeAll(async () => {
      const loaded = loadImages([await findProgram(PROGRAM)], { full: false, maxInstructions: 1e7 }, []);
      for (const _ of loaded[0].image.addresses()) instructions++;
      const native = createNativePrograms(folder, { command: "gcc", flags: ["-O2"], limit: 120 }, loaded);
      for (const form of FORMS) {
        const { command } = await native.build(form, loaded[0], { making: "compiled" });
        await recordInterpreter(command, recordingOf(form));
        const given = await advise({ inputs: [recordingOf(form)], machine, technique: FORMS.join(","), jobs: 1 });
        advice.set(form, given);
        recorded.set(form, given.machines[0].recorded?.mispredictions ?? -1);
      }
    }, 900_000);
    const adviceFor = (form: string) => advice.get(form) ?? expect.fail(`no advice for ${form}`);
    /**
     * gcc gives a few bodies with two ways out a dispatch for each, in direct threading: a predictor then knows by which way they were left,
     * and what these dispatches mispredict may differ. All others are as in the model.
     */
    const tolerance = (form: string): number =>
      (adviceFor(form).recorded?.opcodes ?? []).reduce((sum, { executed, sites }) => sum + (sites > 1 ? executed : 0), 0);

    it("bodies of most forms are left by one branch: these forms are compared to the last misprediction", () => {
      expect(FORMS.filter((form) => tolerance(form) === 0)).toEqual(
        expect.arrayContaining(["switch", "call-threading", "token-threading", "tail-call-threading"]),
      );
    });

    it.each(FORMS)("%s: every dispatch is found, and how it is dispatched today", (form) => {
      const { recorded: found, virtualInstructions, now } = adviceFor(form);
      // dispatches between runs of the program execute no instruction of it
      expect(Math.abs(virtualInstructions - instructions)).toBeLessThan(instructions / 1000);
      const shared = form === "switch" || form === "call-threading";
      expect(now).toBe(shared ? form : "token-threading as compiled");
      if (shared) expect(found?.sites).toHaveLength(1);
      else expect(found?.sites.length).toBeGreaterThan(10);
    });

    it.each(FORMS)("%s: the model of today mispredicts what was recorded", (form) => {
      const [{ now, recorded: on }] = adviceFor(form).machines;
      expect(Math.abs(now.mispredictions - (on?.mispredictions ?? -1))).toBeLessThanOrEqual(tolerance(form));
    });

    it.each(FORMS)("%s: what is advised mispredicts as the form that is compiled for it", (form) => {
      const [{ best, advised }] = adviceFor(form).machines;
      const compared = best.filter(({ technique }) => recorded.has(technique));
      expect(compared.length).toBeGreaterThan(1);
      for (const { technique, mispredictions } of compared)
        expect([technique, Math.abs(mispredictions - (recorded.get(technique) ?? -1)) <= tolerance(technique)]).toEqual([technique, true]);
      // a branch for all is what advice is about
      const shared = form === "switch" || form === "call-threading";
      if (shared) expect(advised.map(({ technique }) => technique).some((technique) => /direct|token|tail/.test(technique))).toBe(true);
      else expect(advised.filter(({ speedup }) => speedup > 1.5)).toEqual([]);
    });
  },
);
