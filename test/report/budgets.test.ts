// What accuracy costs in storage: the frontier, the best for each budget, and the storage that counts.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { simulate } from "../../dist/src/index.js";
import { withParameters } from "../../dist/src/report/named-parameters.js";
import { recordsOf } from "../../dist/src/report/result-records.js";
import { bestPerBudget, budgetsOf, type Candidate, candidatesOf, frontierOf } from "../../dist/src/report/tables/budgets.js";
import { rowColumns } from "../../dist/src/results/columns.js";
import { bplab, temporaryFolder } from "../support.js";
import { csvOf, run, SAMPLES } from "./samples.js";

const candidate = (bits: number, rate: number): Candidate => ({ technique: "switch", predictor: `of-${bits}-${rate}`, bits, rate });
const any = fc.array(
  fc.tuple(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 0, max: 50 })).map(([bits, rate]) => candidate(bits, rate)),
  { minLength: 1, maxLength: 40 },
);

describe("the frontier", () => {
  it("has what nothing as small or smaller beats, and of equals one", () => {
    const frontier = frontierOf([candidate(4, 9), candidate(2, 10), candidate(2, 12), candidate(3, 10), candidate(8, 9), candidate(9, 1)]);
    expect(frontier.map(({ bits, rate }) => [bits, rate])).toEqual([
      [2, 10],
      [4, 9],
      [9, 1],
    ]);
  });

  it("beats or equals everything, and nothing on it beats another", () => {
    fc.assert(
      fc.property(any, (all) => {
        const frontier = frontierOf(all);
        for (const { bits, rate } of all) expect(frontier.some((best) => best.bits <= bits && best.rate <= rate)).toBe(true);
        for (const a of frontier) for (const b of frontier) if (a !== b) expect(a.bits <= b.bits && a.rate <= b.rate).toBe(false);
      }),
    );
  });
});

describe("the best for each budget", () => {
  it("is the lowest rate among all that fit, for every power of two up to the largest", () => {
    fc.assert(
      fc.property(any, (all) => {
        const best = bestPerBudget(all);
        const largest = Math.max(...all.map(({ bits }) => bits));
        expect(best.at(-1)?.budgetBits).toBe(2 ** Math.ceil(Math.log2(largest)));
        for (const { budgetBits, bits, rate } of best) {
          expect(bits).toBeLessThanOrEqual(budgetBits);
          expect(rate).toBe(Math.min(...all.filter((other) => other.bits <= budgetBits).map((other) => other.rate)));
        }
      }),
    );
  });

  it("takes means over the programs that all ran, leaves out what has no size, and says so", async () => {
    const records = [
      ...SAMPLES.pareto.records,
      ...SAMPLES.pareto.records
        .filter(({ predictor }) => predictor !== "btb:sets=16")
        .map((record): typeof record => ({ ...record, program: "queens" })),
    ];
    const { best, said } = await budgetsOf(records);
    expect(new Set(best.map(({ predictor }) => predictor))).toEqual(new Set(["btb:sets=16", "btb:sets=64", "btb:sets=64:ways=8", "btb"]));
    expect(said).toContain("program lz; 1 program that some series lack is left out");
    expect(said).toContain("1 of 9 left out: storage unbounded, none, or not known");
  });
});

describe("storage", () => {
  it("is that of the models which a front end is named by, without what completes it; a machine's is all of it", async () => {
    const predictor = "btb:sets=64,gshare,btb:sets=64+gshare+no-return-stack,btb:sets=64+no-direction,btb:unbounded";
    const { rows } = await simulate({ inputs: ["A B A GOTO"], predictor, machine: "pentium-mmx", technique: "switch" });
    const records = await withParameters(recordsOf(rowColumns, rows));
    const bits = new Map(records.map((record) => [record.predictor, record["predictor:storage_bits"]]));
    const all = new Map(records.map((record) => [record.predictor, record.storage_bits]));
    const btb = Number(bits.get("btb:sets=64"));
    expect(btb).toBeGreaterThan(64 * 4 * 32);
    expect(bits.get("btb:sets=64+gshare+no-return-stack")).toBe(btb + Number(bits.get("gshare")));
    expect(bits.get("btb:sets=64+no-direction")).toBe(btb);
    expect(bits.get("btb:unbounded")).toBeUndefined();
    expect(bits.get("pentium-mmx")).toBe(all.get("pentium-mmx"));
  });

  it("is not known where a file does not say it", async () => {
    expect(candidatesOf(await withParameters(run({ rate: 1 }))).all).toEqual([]);
  });
});

describe("bplab report --budgets", () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "rows.csv"), csvOf(SAMPLES.pareto));
  writeFileSync(join(folder, "sites.csv"), csvOf(SAMPLES["by-site"]));
  writeFileSync(join(folder, "none.csv"), csvOf(SAMPLES["misprediction-rate"]));
  const report = (...args: readonly string[]) => bplab(["report", ...args], { cwd: folder });

  it("prints a table, or writes it as CSV", () => {
    const { stdout } = report("rows.csv", "--budgets", "--format=csv");
    expect(stdout.split("\n").slice(0, 3)).toEqual([
      "technique,budget_bits,predictor,storage_bits,mispredicted_dispatches_per_100_virtual_instructions",
      "switch,4096,btb:sets=16,3000,70",
      "switch,8192,btb:sets=16,3000,70",
    ]);
    expect(report("rows.csv", "--budgets").stdout).toMatch(/direct-threading +btb:sets=16 +4,096 +3,000 +60\.00/);
  });

  it.each([
    [["sites.csv", "--budgets"], /^sites\.csv: --budgets needs results of whole runs/],
    [["none.csv", "--budgets"], /^none\.csv: --budgets needs front ends .* whose storage is known$/],
    [["rows.csv", "--budgets", "--chart=pareto"], /^--budgets is a table, --chart a picture: ask for one of them$/],
    [["rows.csv", "--format=csv", "--output=x.svg"], /^--format is for tables \(--budgets\)/],
    [
      ["rows.csv", "--chart=heat-map:x=set", "--output=x.svg"],
      /^unknown parameter with several values: set; did you mean sets\? \(known: .*\)$/,
    ],
    [["rows.csv", "--chart=heat-map:x=sets:y=sets", "--output=x.svg"], /^heat-map: x and y are both sets: name two parameters/],
    [["rows.csv", "--chart=pareto:x=sets", "--output=x.svg"], /^chart pareto takes no parameters, got x=sets$/],
  ])("%j is refused in one line", { tags: "slow" }, (args, message) => {
    const { code, stdout, stderr } = report(...args);
    expect([code, stdout, stderr.split("\n").length]).toEqual([2, "", 2]);
    expect(stderr.trim()).toMatch(message);
  });
});
