// --max-instructions: the first instructions of a run, as an interval of the whole run has them.
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { simulate } from "../../dist/src/index.js";

const RECORDING = fileURLToPath(new URL("../data/truth/ocamlrun-kb.sbbt.gz", import.meta.url));

describe("a window", () => {
  it("of a recording counts what the first interval of the whole counts", async () => {
    const { intervals } = await simulate({ inputs: [RECORDING], interval: 5000 });
    const { rows } = await simulate({ inputs: [RECORDING], maxInstructions: 5000 });
    const countsOf = ({ kind, nativeInstructions, branches, mispredictions }: (typeof intervals)[number] | (typeof rows)[number]) => ({
      kind,
      nativeInstructions,
      branches,
      mispredictions,
    });
    expect(rows.map(countsOf)).toEqual(intervals.filter(({ start }) => start === 0).map(countsOf));
    expect(rows.map(({ window }) => window)).toEqual(rows.map(() => 5000));
  });

  it("of a program counts the first interval of the whole but for the dispatch that leaves it, and the same from its tape", async () => {
    const request = { inputs: ["sieve"], technique: "switch" };
    const { intervals } = await simulate({ ...request, interval: 10_000 });
    const first = intervals.find(({ start, kind }) => start === 0 && kind === "dispatch");
    for (const cache of [false, true, true]) {
      const { rows } = await simulate({ ...request, maxInstructions: 10_000, cache });
      const dispatch = rows.find(({ kind }) => kind === "dispatch");
      expect(dispatch).toMatchObject({ virtualInstructions: first?.virtualInstructions, window: 10_000 });
      expect(dispatch?.branches).toBe((first?.branches ?? Number.NaN) - 1);
    }
  });

  it("that a run does not reach changes nothing, and is not said", async () => {
    const whole = await simulate({ inputs: ["sieve"], technique: "switch" });
    const { rows } = await simulate({ inputs: ["sieve"], technique: "switch", maxInstructions: 1e9 });
    expect(rows.map((row) => ({ ...row, settings: whole.rows[0].settings }))).toEqual(whole.rows);
    expect(rows[0].window).toBeUndefined();
  });
});
