// How many dispatches each technique executes, by rules that ask only which virtual instruction follows which: no layout, no
// lowering. A transition goes from one executed instruction to the next; the entry is a dispatch too.
import { describe, expect, it } from "vitest";
import { findProgram, techniqueIds } from "../../dist/src/index.js";
import { countAll, execute, loopProfile } from "../support.js";
import { compares, RULES } from "./transition-rules.js";

it("every technique has a rule", () => {
  const ruled = new Set(Object.keys(RULES).map((technique) => technique.split(":")[0]));
  expect(techniqueIds().filter((id) => !ruled.has(id))).toEqual([]);
});

describe.each(["queens", "word-count", "compiler", "unpredictable", "zir-pass"])("dispatches on %s", (id) => {
  it("are as many as the rules of transitions say", { tags: "slow" }, async () => {
    const run = (await findProgram(id)).start("test", 1e7);
    const { addresses } = execute(run);
    const context = { layoutSeed: 0, profile: loopProfile(run.program, addresses) };
    const all = await countAll((await findProgram(id)).start("test", 1e7), Object.keys(RULES).join(","), "btb", { context });
    const counted = Object.keys(RULES).map((technique) => {
      // names leave out what is a default, and put parameters in their order
      const name = technique === "switch:counted:range-check" ? "switch:range-check:counted" : technique;
      return [technique, all.get(`${name} btb`)?.byKind.dispatch.branches];
    });
    const expected = Object.entries(RULES).map(([technique, rule]) => {
      let sum = technique === "compare-tree" ? compares(run.program, addresses[0]) : 1;
      for (let i = 0; i + 1 < addresses.length; i++) sum += Number(rule(run.program, { from: addresses[i], to: addresses[i + 1] }));
      return [technique, sum];
    });
    expect(counted).toEqual(expected);
  });
});

describe("a loop without virtual calls", () => {
  it("is never dispatched once it is catenated", async () => {
    const all = await countAll((await findProgram("unpredictable")).start("test", 1e7), "catenation", "btb");
    expect(all.get("catenation btb")?.byKind.dispatch.branches).toBe(1);
    expect(all.get("catenation btb")?.byKind.indirect.branches).toBe(1);
  });
});

describe("an oracle keyed by virtual address", () => {
  it.each(["queens", "word-count", "fibonacci", "unpredictable"])(
    "misses on %s what a copy of every body misses, and both what the trace says",
    { tags: "slow" },
    async (id) => {
      const run = (await findProgram(id)).start("test", 1e7);
      const { addresses } = execute(run);
      const last = new Map<number, number>();
      let changes = 1;
      addresses.forEach((address, i) => {
        if (i + 1 === addresses.length) return;
        if (last.get(address) !== addresses[i + 1]) changes++;
        last.set(address, addresses[i + 1]);
      });
      const technique = "dynamic-replication:relocatable=all";
      const all = await countAll((await findProgram(id)).start("test", 1e7), technique, "btb:unbounded,oracle");
      expect(all.get(`${technique} btb:unbounded`)?.byKind.dispatch.mispredictions).toBe(changes);
      expect(all.get(`${technique} oracle`)?.byKind.dispatch.mispredictions).toBe(changes);
    },
  );

  it("does not care where branches stand: all techniques with one dispatch an instruction and the same bodies miss alike", async () => {
    const techniques = ["switch", "token-threading", "direct-threading", "replicated-switch"];
    const all = await countAll((await findProgram("queens")).start("test", 1e7), techniques.join(","), "oracle");
    expect(new Set(techniques.map((technique) => all.get(`${technique} oracle`)?.byKind.dispatch.mispredictions)).size).toBe(1);
  });
});

describe("perfect prediction", () => {
  it("misses nothing, and counts every branch", async () => {
    const all = await countAll((await findProgram("queens")).start("test", 1e7), "switch,context-threading", "perfect,btb");
    for (const technique of ["switch", "context-threading"]) {
      expect(all.get(`${technique} perfect`)?.byKind.all.mispredictions).toBe(0);
      expect(all.get(`${technique} perfect`)?.byKind.all.branches).toBe(all.get(`${technique} btb`)?.byKind.all.branches);
    }
  });
});
