// Estimates of cycles are compared with the range of their costs, at costs that are given and at costs that are assumed.
import { describe, expect, it } from "vitest";
import { timesText, timesTheCycles } from "../../dist/src/reproduce/estimates.js";
import { select } from "../../dist/src/reproduce/selection.js";
import { simulate } from "../../dist/src/simulate/simulate.js";

const rowsOf = async (options: { ipc?: number; penalty?: number }) => {
  const { rows } = await simulate({
    inputs: ["A B A GOTO"],
    technique: "switch,direct-threading",
    predictor: "btb:unbounded",
    ipc: options.ipc,
    penalty: options.penalty,
  });
  const all = select(rows);
  return ["switch", "direct-threading"].map((technique) => all.where({ technique }));
};

describe("times the cycles", () => {
  it("are the ratio of estimated cycles, inside of their range", async () => {
    const [slower, faster] = await rowsOf({});
    const { value, low, high } = timesTheCycles(slower, faster);
    expect(value).toBe(slower.estimatedCycles / faster.estimatedCycles);
    expect(low).toBeLessThan(value);
    expect(high).toBeGreaterThan(value);
    const back = timesTheCycles(faster, slower);
    expect(back.low).toBeCloseTo(1 / high, 10);
    expect(back.high).toBeCloseTo(1 / low, 10);
  });

  it("range less far where more of the costs are given", async () => {
    const width = ([slower, faster]: Awaited<ReturnType<typeof rowsOf>>) => {
      const { low, high } = timesTheCycles(slower, faster);
      return high - low;
    };
    expect(width(await rowsOf({ ipc: 2, penalty: 15 }))).toBeLessThan(width(await rowsOf({})));
  });

  it("are written with two digits and their range", () => {
    expect(timesText({ value: 1.5, low: 0.999, high: 2 })).toBe("1.50 times (1.00 to 2.00)");
  });
});
