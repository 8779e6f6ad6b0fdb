// simulate --sequences: what techniques chose, and that the simulation dispatches as the choice says.
import { describe, expect, it } from "vitest";
import { simulate } from "../../dist/src/index.js";
import { chosenSequences } from "../../dist/src/simulate/sequences.js";
import { bplab } from "../support.js";

const inputs = ["fibonacci"];

describe("chosenSequences", () => {
  it("names the superinstructions whose executions are the dispatches that the simulation saves", async () => {
    const technique = "static-superinstructions:superinstructions=40";
    const rows = await chosenSequences({ inputs, technique });
    expect(rows).toHaveLength(40);
    const saved = rows.reduce((sum, { executed, opcodes }) => sum + executed * (opcodes.length - 1), 0);
    const { rows: simulated } = await simulate({ inputs, technique: ["direct-threading", technique] });
    const [plain, combined] = simulated.filter(({ kind, technique }) => kind === "dispatch" && technique !== "switch");
    expect(saved).toBe(plain.branches - combined.branches);
    expect(saved).toBeGreaterThan(0);
  });

  it("counts the replicas that were asked for, those most executed in training first in number", async () => {
    const rows = await chosenSequences({ inputs, technique: "static-replication:replicas=50" });
    expect(rows.reduce((sum, { bodies }) => sum + bodies - 1, 0)).toBe(50);
    expect(rows.every(({ opcodes }) => opcodes.length === 1)).toBe(true);
    const most = rows.reduce((a, b) => (b.bodies > a.bodies ? b : a));
    expect(most.trained).toBe(Math.max(...rows.map(({ trained }) => trained)));
  });

  it("trains on the programs that are named", async () => {
    const rows = await chosenSequences({ inputs, technique: "static-both", train: ["queens"] });
    expect(new Set(rows.map(({ training }) => training.join()))).toEqual(new Set(["queens"]));
  });
});

describe("simulate --sequences", () => {
  it("writes them as a table, CSV and JSON", () => {
    const args = ["simulate", "fibonacci", "--technique=static-superinstructions:superinstructions=30", "--sequences"];
    const table = bplab(args).stdout;
    expect(table).toMatch(/^fibonacci, static-superinstructions:superinstructions=30: sequences with bodies of their own\n/);
    expect(table).toContain("The 20 that it executes most of 30; --format=csv has all.");
    const csv = bplab([...args, "--format=csv"])
      .stdout.trim()
      .split("\n");
    expect(csv[0]).toBe("program,size,technique,opcodes,instructions,bodies,executed,executed_in_training,training");
    expect(csv).toHaveLength(31);
    expect(JSON.parse(bplab([...args, "--format=json"]).stdout)).toHaveLength(30);
  });

  it.each([
    [["--predictor=btb"], /^--predictor: --sequences simulates nothing, leave one of the two out\n$/],
    [["--technique=switch"], /^--sequences: expected a technique that chooses by training programs, .*, got switch\n$/],
  ])("refuses %j", (flags, message) => {
    const { code, stderr } = bplab(["simulate", "fibonacci", "--sequences", ...flags]);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});
