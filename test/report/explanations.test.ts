// Sentences below the tables of a simulation: what its front ends leave out, and what its estimates rest on.
import { describe, expect, it } from "vitest";
import { simulate } from "../../dist/src/index.js";
import { estimateText } from "../../dist/src/report/tables/estimate-text.js";
import { simulationParts } from "../../dist/src/report/tables/table.js";

const titleOf = async (machine: string): Promise<string> => {
  const [sheet] = simulationParts(await simulate({ inputs: ["A B A GOTO"], machine }), { brief: true }).filter(
    (part) => typeof part !== "string",
  );
  return sheet.title ?? "";
};

const textOf = async (request: Parameters<typeof simulate>[0]): Promise<string> =>
  simulationParts(await simulate({ inputs: ["A B A GOTO"], ...request }))
    .filter((part) => typeof part === "string")
    .join("\n");

describe("the text below a table", () => {
  it("says that a front end predicts no targets, and what to add", async () => {
    const text = await textOf({ technique: "switch", predictor: "tage" });
    expect(text).toContain("Its models predict directions and returns, no targets: add one that does, such as --predictor=btb+tage.");
    expect(await textOf({ technique: "switch", predictor: "btb+tage" })).not.toContain("predict directions");
  });

  it("has no sentence about costs of a front end that gives no estimate", async () => {
    expect(await textOf({ technique: "switch", predictor: "tage" })).not.toMatch(/ycles \./);
    expect(await textOf({ technique: "switch", predictor: "tage,btb" })).toMatch(/costs\. On btb, cycles assumed: 15/);
  });

  it("is short on a terminal, but a title says that a machine's predictor is assumed", async () => {
    expect(await titleOf("zen-1")).toBe("Machine zen-1: AMD Zen, 2017, its predictor of dispatches assumed (bplab list machines zen-1)");
    expect(await titleOf("pentium-mmx")).not.toContain("assumed");
  });

  it("explains brackets if a speedup has some", async () => {
    const request = { technique: "switch,call-threading", predictor: "btb" };
    expect(await textOf(request)).toContain("in brackets the least and the most");
    expect(await textOf({ ...request, technique: "switch" })).not.toContain("in brackets");
    const seeds = await Promise.all([1, 2].map((layoutSeed) => simulate({ inputs: ["A B A GOTO"], ...request, layoutSeed })));
    expect(estimateText(seeds.flatMap(({ rows }) => rows)).join(" ")).not.toContain("in brackets");
  });
});
