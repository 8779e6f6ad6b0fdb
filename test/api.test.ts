// The examples of docs/api.md run as they are, one after the other, as a program that imports the package; and what they do not show.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { chart, definePredictor, INDIRECT, NONE, readFrontEnds, simulate } from "../dist/src/index.js";
import { textOf } from "./shown-commands.js";
import { temporaryFolder } from "./support.js";

/** Last targets in one row. */
const one = definePredictor({
  title: "One",
  source: "2024",
  covers: INDIRECT,
  parameters: { rows: { default: 1, min: 1, max: 4, description: "rows" } },
  storageBits: () => 32,
  create: () => {
    let last = NONE;
    return {
      predict: () => last,
      train(_pc, target) {
        last = target;
      },
    };
  },
});

describe("the library", () => {
  it("runs the examples of docs/api.md", { tags: "slow", timeout: 120_000 }, () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(fileURLToPath(new URL("../", import.meta.url)), join(folder, "node_modules", "bplab"));
    const examples = [...textOf("docs/api.md").matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code);
    expect(examples.length).toBeGreaterThan(4);
    writeFileSync(join(folder, "examples.mjs"), examples.join("\n"));
    const { status, stdout, stderr } = spawnSync(process.execPath, ["examples.mjs"], { cwd: folder, encoding: "utf8", timeout: 100_000 });
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("queens direct-threading btb 109725 210129");
    expect(stdout).toContain("rows queens 3");
    expect(stdout).toContain("last-target:entries=32");
    expect(readFileSync(join(folder, "size.svg"), "utf8")).toMatch(/^<svg/);
    expect(readFileSync(join(folder, "page.html"), "utf8")).toContain("queens and lz");
  });

  it("takes arrays where the command takes lists", async () => {
    const list = await simulate({ inputs: ["A B A GOTO"], technique: "switch,direct-threading", predictor: "btb,ittage" });
    const arrays = await simulate({
      inputs: ["A B A GOTO"],
      technique: ["switch", "direct-threading"],
      predictor: ["btb", "ittage"],
    });
    expect(arrays.rows).toEqual(list.rows);
  });

  it("counts a predictor that is an object like one in a file, and names it as its caller does", async () => {
    const request = { inputs: ["A B A GOTO"], technique: "switch", predictor: "one,one:rows=2", definitions: { one } };
    const { rows } = await simulate(request);
    const missed = rows.filter(({ kind }) => kind === "dispatch").map(({ predictor, mispredictions }) => [predictor, mispredictions]);
    const { rows: unbounded } = await simulate({ inputs: ["A B A GOTO"], technique: "switch", predictor: "btb:unbounded" });
    const expected = unbounded.find(({ kind }) => kind === "dispatch")?.mispredictions;
    expect(missed).toEqual([
      ["one", expected],
      ["one:rows=2", expected],
    ]);
  });

  it("says what is wrong with the names of such predictors, and names them where one is unknown", async () => {
    await expect(readFrontEnds("btb", { btb: one })).rejects.toThrow("btb is a predictor of the lab's own: take another name");
    await expect(readFrontEnds("a b", { "a b": one })).rejects.toThrow("a name is letters, digits and minus signs");
    await expect(readFrontEnds("onne", { one })).rejects.toThrow("did you mean one?");
  });

  it("fails with the name of such a predictor if it gives no numbers", async () => {
    const throws = { ...one, create: () => ({ predict: () => NONE, train() {}, finish: () => ({ x: Number.NaN }) }) };
    await expect(simulate({ inputs: ["A B A GOTO"], predictor: "bad", definitions: { bad: throws } })).rejects.toThrow(/bad/);
  });

  it("refuses an unknown format of charts", async () => {
    const results = await simulate({ inputs: ["A B A GOTO"], technique: "switch" });
    await expect(chart(results, { format: "gif" as "svg" })).rejects.toThrow("format must be pdf, svg, png or vl.json, got gif");
  });
});
