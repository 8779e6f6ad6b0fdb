// Every dispatch technique on Java programs: control comes to every instruction, in code that belongs to it, the lab counts what a
// walk along that code counts, and dispatches are as many as the rules of transitions say.
// @module-tag slow
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { techniqueDefinition } from "../../../dist/src/dispatch/techniques.js";
import { findProgram, readTechniques, techniqueIds } from "../../../dist/src/index.js";
import type { VirtualRun } from "../../../dist/src/trace/run.js";
import { playTape, taped, tapeOf } from "../../../dist/src/trace/tape.js";
import { dispatchesByRule, RULES } from "../../dispatch/transition-rules.js";
import { checkWalk } from "../../dispatch/walk-run.js";
import { checkIdentities } from "../../lab/check-identities.js";
import { countAll, execute } from "../../support.js";
import { createWorkshop, NO_JDK, type Workshop } from "./programs.ts";

/** A view renames addresses: the walk does not know them. */
const WALKED: string[] = [];
for (const id of techniqueIds()) if ((await techniqueDefinition(id)).view === undefined) WALKED.push(id);
WALKED.push("subroutine-threading:leave=body", "subroutine-threading:tiny=16:branches", "context-threading:relocatable=all");

/** Those that ask of two instructions alone, and not what was learned from a profile. */
const PAIR_RULES = Object.fromEntries(Object.entries(RULES).filter(([technique]) => !technique.includes("longest")));

const WORDS = `import java.util.HashMap;
public class Words {
  static int total;
  public static void main(String[] args) {
    HashMap<String, Integer> counts = new HashMap<>();
    String[] words = { "the", "cat", "and", "the", "dog" };
    for (int i = 0; i < words.length; i++) {
      Integer before = counts.get(words[i]);
      counts.put(words[i], before == null ? 1 : before + 1);
    }
    for (Integer count : counts.values()) total += count;
    try { Integer.parseInt(new StringBuilder().append(total).append("five").toString()); }
    catch (NumberFormatException e) { total++; }
  }
}`;

/** Every construct of the language without the JDK; a few of its classes with them. */
const PROGRAMS = [
  "Constructs --jdk=off -- 1",
  "Constructs --jdk=off --quicken=sablevm -- 1",
  "Constructs --jdk=off --quicken=hotspot -- 1",
  "Words --quicken=sablevm",
];

describe.skipIf(NO_JDK !== undefined)("techniques on Java", { timeout: 240_000 }, () => {
  let workshop: Workshop;
  const tapes = new Map<string, Uint8Array>();
  /** A run of a program, which the virtual machine executes once. */
  function start(reference: string): VirtualRun {
    const tape = tapes.get(reference);
    if (tape === undefined) throw new Error(`not taped: ${reference}`);
    return playTape(tapeOf(tape));
  }
  beforeAll(async () => {
    workshop = createWorkshop();
    const constructs = join(dirname(fileURLToPath(import.meta.url)), "Constructs.java");
    workshop.compile({ "Constructs.java": readFileSync(constructs, "utf8"), "Words.java": WORDS });
    for (const reference of PROGRAMS) {
      const pieces: Uint8Array[] = [];
      const program = await findProgram(reference.replace(/^\w+/, (name) => join(workshop.folder, `${name}.class`)));
      const run = taped(
        program.start("test", 1e7),
        () => "",
        (bytes) => pieces.push(Uint8Array.from(bytes)),
      );
      run.run(() => {});
      tapes.set(reference, Buffer.concat(pieces));
    }
  }, 240_000);
  afterAll(() => workshop?.remove());

  it.each(PROGRAMS)("bring control to every instruction of %s, and count so", async (reference) => {
    const executed = execute(start(reference)).opcodes.length;
    const failures: string[] = [];
    for (const technique of WALKED) {
      try {
        expect((await checkWalk(() => start(reference), technique)).virtualInstructions).toBe(executed);
      } catch (error) {
        failures.push(`${technique}: ${error instanceof Error ? error.message : error}`);
      }
    }
    expect(failures).toEqual([]);
  });

  it.each(PROGRAMS)("dispatch on %s as often as the rules of transitions say", async (reference) => {
    const expected = dispatchesByRule(start(reference), PAIR_RULES);
    const counts = await countAll(start(reference), Object.keys(PAIR_RULES).join(","), "btb");
    const names = new Map(
      (await readTechniques(Object.keys(PAIR_RULES).join(","))).map(({ name }, i) => [name, Object.keys(PAIR_RULES)[i]]),
    );
    const counted = [...counts].map(([name, { byKind }]) => [names.get(name.replace(" btb", "")), byKind.dispatch.branches]);
    expect(Object.fromEntries(counted)).toEqual(Object.fromEntries(expected));
  });

  it.each(PROGRAMS)("keep the identities of unbounded predictors on %s", async (reference) => {
    await checkIdentities(start(reference), start(reference));
  });
});
