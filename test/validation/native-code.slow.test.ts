// Native code of every program: every form in C and all generated code runs, and leaves what the guest leaves.
// @module-tag slow
import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { recordImage } from "../../dist/src/guests/forth/image.js";
import { FORTH } from "../../dist/src/guests/languages.js";
import { findProgram, programIdsOf } from "../../dist/src/guests/programs.js";
import { profileOf } from "../../dist/src/lab/training.js";
import { checkNative, createNativePrograms, isForm, isGenerated } from "../../dist/src/validation/native-programs.js";
import { VALIDATED } from "../../dist/src/validation/validate.js";
import { temporaryFolder } from "../support.js";

const installed = (command: string): boolean => spawnSync(command, ["--version"]).status === 0;
const gcc = process.arch === "x64" && installed("gcc") && installed("objdump");
if (!gcc) console.warn("gcc or binutils is missing: interpreters are not compiled");

const options = { full: false, maxInstructions: 1e7 };

describe.skipIf(!gcc)("native code of every program", async () => {
  const programs = await Promise.all(programIdsOf(FORTH).map((id) => findProgram(id)));
  const loaded = programs.map((program) => ({ program, image: recordImage(program.path, options) }));
  const compiler = { command: "gcc", limit: 300 };
  const native = createNativePrograms(temporaryFolder(), { ...compiler, flags: ["-O2"] }, loaded);
  // a replicated switch in C takes gcc -O2 37 seconds of processor time, and -O1 3
  const less = createNativePrograms(temporaryFolder(), { ...compiler, flags: ["-O1"] }, loaded);
  const profile = { programs: [], runs: loaded.flatMap(({ image }) => profileOf(image.run())) };

  it.each(VALIDATED)("under %s leaves the guest's memory, stacks and output", async (technique) => {
    for (const one of loaded) {
      for (const making of ["compiled", "generated"] as const) {
        if (!(making === "compiled" ? isForm(technique) : isGenerated(technique))) continue;
        const quick = technique === "replicated-switch" && making === "compiled";
        const built = await (quick ? less : native).build(technique, one, { making, profile });
        expect(() => checkNative(built), `${one.program.id}, ${making}`).not.toThrow();
      }
    }
  });
});
