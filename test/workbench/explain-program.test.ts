// A stretch of a program, dispatch by dispatch: its predictions and those before it are those of the whole simulation.
import { describe, expect, it } from "vitest";
import { namesProgram } from "../../dist/src/guests/programs.js";
import { simulate } from "../../dist/src/index.js";
import { explainProgram } from "../../dist/src/workbench/explain-program.js";
import { bplab } from "../support.js";

const PROGRAM = "A B C A D GOTO";

describe("explain of a program", () => {
  it.each([
    ["switch", "btb"],
    ["dynamic-superinstructions", "ittage"],
    ["context-threading", "btb+return-stack"],
    ["unrolled-switch", "two-level"],
  ])("misses as often, in its last stretch and before it, as a simulation: %s on %s", async (technique, predictor) => {
    const beyond = explainProgram(PROGRAM, technique, predictor, { size: "test", from: 1e6, dispatches: 1 });
    const most = await beyond.catch((error) => Number(/expected at most (\d+),/.exec(error.message)?.[1]));
    const { dispatches, earlier } = await explainProgram(PROGRAM, technique, predictor, {
      size: "test",
      from: Number(most) - 99,
      dispatches: 1000,
    });
    expect(dispatches).toHaveLength(100);
    expect(dispatches.at(-1)?.dispatch).toBe(most);
    expect(earlier.dispatches).toBe(Number(most) - 100);
    const { rows } = await simulate({ inputs: [PROGRAM], technique, predictor, size: "test" });
    const row = rows.find((each) => each.kind === "dispatch" && each.technique === technique);
    expect(earlier.mispredictions + dispatches.filter(({ hit }) => !hit).length).toBe(row?.mispredictions);
  });

  it("shows what the predictor says of every branch after a dispatch, as it is before the next one", async () => {
    const { dispatches, sites } = await explainProgram("sieve", "direct-threading", "btb", { size: "test", from: 500, dispatches: 50 });
    for (const [i, { siteAddress, target, before, after }] of dispatches.entries()) {
      expect(after[sites.findIndex(({ address }) => address === siteAddress)]).toBe(target);
      if (i > 0) expect(before).toEqual(dispatches[i - 1].after);
    }
  });

  it("names the copies of an opcode by their virtual addresses, and what a return goes to by the instruction there", async () => {
    const { dispatches } = await explainProgram("sieve", "subroutine-threading", "btb+return-stack", {
      size: "test",
      from: 1,
      dispatches: 50,
    });
    const returns = dispatches.slice(1).filter(({ site, opcode }) => site === opcode);
    expect(returns.length).toBeGreaterThan(10);
    expect(returns.some(({ target }) => /^\S+ at \d+$/.test(target))).toBe(true);
    expect(dispatches.some(({ target }) => target.startsWith("after after"))).toBe(false);
  });

  it("takes for a program what is one, is a file, or looks like one; for a loop all other words", () => {
    const inputs = ["queens", "java/rules", "no/such", "a b/no.fs", "package.json", "A", "A B", "<b>x</b> B", "1.5 2.5"];
    expect(inputs.map(namesProgram)).toEqual([true, true, true, true, true, false, false, false, false]);
    expect(["k.fs --cell=64", "queens --cell=64", "a.byte -- x y", "-"].map(namesProgram)).toEqual([true, true, true, false]);
  });

  it("refuses what does not go together, each in one line", () => {
    const lines = [
      [["queens", "--from=1e9"], /^--from=1000000000: expected at most \d+, the dispatches of queens that btb predicts\n$/],
      [["queens", "--predictor=tage"], /^queens: tage predicts none of its dispatches: it predicts conditional, return\n$/],
      [["A B", "--from=3"], /^--from acts on programs, and "A B" is a loop of words: leave it out/],
      [["queens", "--dispatches=1001"], /^--dispatches must be at most 1000, got 1001\n$/],
      [["no/such.fs"], /no\/such\.fs/],
    ] as const;
    for (const [words, line] of lines) {
      const { stdout, stderr, code } = bplab(["explain", ...words]);
      expect([stdout, code]).toEqual(["", 2]);
      expect(stderr).toMatch(line);
    }
  });
});
