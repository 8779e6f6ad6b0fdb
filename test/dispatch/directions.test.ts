// What the literature says comes out, as a direction, on our programs. Numbers of real machines are not asserted here.
import { beforeAll, describe, expect, it } from "vitest";
import { CALL, RETURN } from "../../dist/src/branch.js";
import { FORTH } from "../../dist/src/guests/languages.js";
import { programIdsOf } from "../../dist/src/guests/programs.js";
import { findProgram, type Program, readTechniques } from "../../dist/src/index.js";
import type { Counts } from "../../dist/src/replay/statistics.js";
import { explain } from "../../dist/src/workbench/explain.js";
import { countAll, execute } from "../support.js";
import { walkNative } from "./native-walk.js";

const forthIds = programIdsOf(FORTH);
const start = (program: Program) => program.start("test", 1e7);

const TECHNIQUES = [
  "switch",
  "direct-threading",
  "subroutine-threading",
  "subroutine-threading:tiny=16",
  "subroutine-threading:tiny=16:branches",
  "context-threading",
  "dynamic-replication",
  "dynamic-both",
  "across-basic-blocks",
];
const FRONT_ENDS = ["btb:unbounded", "btb:unbounded:returns+no-return-stack", "btb"];

describe.each(forthIds)("on %s", (id) => {
  let all: Map<string, Counts>;
  const counts = (technique: string, frontEnd = "btb"): Counts => {
    const found = all.get(`${technique} ${frontEnd}`);
    if (found === undefined) throw new Error(`not measured: ${technique} ${frontEnd}`);
    return found;
  };
  const misses = (technique: string, frontEnd = "btb"): number => counts(technique, frontEnd).byKind.dispatch.mispredictions ?? Number.NaN;
  beforeAll(async () => {
    all = await countAll(start(await findProgram(id)), TECHNIQUES.join(","), FRONT_ENDS.join(","));
  });

  it("context threading removes at least 85 % of direct threading's mispredicted dispatches on a BTB", () => {
    expect(misses("context-threading") / misses("direct-threading")).toBeLessThan(0.15);
    // and what it adds elsewhere does not eat that up
    expect((counts("context-threading").byKind.all.mispredictions ?? 0) / misses("direct-threading")).toBeLessThan(0.15);
  });

  it("copies for every basic block remove at least 70 %", () => {
    for (const technique of ["dynamic-both", "across-basic-blocks"]) {
      expect(misses(technique) / misses("direct-threading"), technique).toBeLessThan(0.3);
    }
  });

  it("subroutine threading with a return stack misses only where control may be transferred", () => {
    const missed = counts("subroutine-threading", "btb:unbounded")
      .siteCounts()
      .filter(({ mispredictions }) => mispredictions > 0);
    for (const { site } of missed) {
      expect(site.kind & (CALL | RETURN), site.owner).toBe(0);
    }
    expect(missed.length).toBeGreaterThan(0);
  });

  it("without one, its returns are missed at least as often as direct threading's dispatches at bodies that only go on", async () => {
    const { program } = start(await findProgram(id));
    const straight = new Set(program.opcodes.filter(({ flow }) => flow === "next").map(({ name }) => name));
    const at = (technique: string, frontEnd: string, kinds: number): number =>
      counts(technique, frontEnd)
        .siteCounts()
        .filter(({ site }) => straight.has(site.owner) && (site.kind & kinds) !== 0)
        .reduce((sum, { mispredictions }) => sum + mispredictions, 0);
    const returns = at("subroutine-threading", "btb:unbounded:returns+no-return-stack", RETURN);
    expect(returns).toBeGreaterThanOrEqual(at("direct-threading", "btb:unbounded", ~0));
  });

  it("Curley's ladder: tiny inlining saves calls and no misses, native branches save indirect misses, native calls and returns more", () => {
    const ladder = ["subroutine-threading", "subroutine-threading:tiny=16", "subroutine-threading:tiny=16:branches", "context-threading"];
    const calls = ladder.map((technique) => counts(technique).calls);
    expect(calls[1]).toBeLessThan(calls[0]);
    const missed = ladder.map((technique) => misses(technique, "btb:unbounded"));
    expect(missed[1]).toBe(missed[0]);
    // the conditionals may be missed themselves: on cpu-emulator gshare misses 67 more of them than the BTB missed jumps
    const indirect = ladder.map((technique) => counts(technique, "btb:unbounded").byKind.indirect.mispredictions ?? Number.NaN);
    expect(indirect[2]).toBeLessThanOrEqual(indirect[1]);
    expect(missed[3]).toBeLessThan(missed[2]);
  });
});

describe("calls and returns", () => {
  const BALANCED = ["fibonacci", "sieve", "matrix", "life", "bubble-sort", "nested-loop", "unpredictable"];
  it.each(BALANCED)("balance on %s, which has no non-local exits", { tags: "slow" }, async (id) => {
    for (const technique of await readTechniques("call-threading,subroutine-threading,context-threading,tail-call-no-elimination")) {
      const run = start(await findProgram(id));
      const { addresses } = execute(run);
      if (technique.view(run.program) !== undefined) continue;
      const walk = walkNative(run.program, technique.layout(run.program), addresses);
      expect(walk.strayReturns, technique.name).toBe(0);
      // a word that the text interpreter ran returns to it, once for each such word
      const entered = walk.emptyReturns;
      expect(entered, technique.name).toBeLessThan(100);
      expect(Math.abs(walk.calls + entered - walk.returns), technique.name).toBeLessThanOrEqual(2);
    }
  });

  it("leave a stale address behind for every virtual branch that its body takes itself", async () => {
    const run = start(await findProgram("fibonacci"));
    const { addresses } = execute(run);
    const [technique] = await readTechniques("subroutine-threading:leave=body");
    const walk = walkNative(run.program, technique.layout(run.program), addresses);
    const branches = addresses.slice(0, -1).filter((address) => run.program.opcodes[run.program.opcodeAt(address)].flow !== "next").length;
    expect(walk.calls - walk.returns).toBe(branches);
  });
});

describe("loops of the literature under techniques that change the bodies", () => {
  const steady = async (loop: string, technique: string, predictor = "btb:unbounded") => {
    const { missesPerIteration, dispatchesPerIteration } = await explain(loop, technique, predictor);
    return `${missesPerIteration}/${dispatchesPerIteration}`;
  };

  it.each([
    // a replica of A makes the first loop predictable, and the second less so
    ["A B A GOTO", "static-replication:replicas=1", "btb:unbounded", "0/4"],
    ["A B A GOTO", "static-replication:replicas=1", "btb-2bit:unbounded", "0/4"],
    ["A B A GOTO", "static-replication:replicas=1", "two-level:targets=1:unbounded", "0/4"],
    ["A B A B A GOTO", "direct-threading", "btb:unbounded", "2/6"],
    ["A B A B A GOTO", "static-replication:replicas=1", "btb:unbounded", "4/6"],
    ["A B A B A GOTO", "static-replication:replicas=1", "btb-2bit:unbounded", "2/6"],
    ["A B A B A GOTO", "static-replication:replicas=1", "two-level:targets=1:unbounded", "4/6"],
    ["A B A B A GOTO", "static-replication:replicas=1", "two-level:targets=2:unbounded", "0/6"],
    // two replicas: each A has its own
    ["A B A B A GOTO", "static-replication:replicas=2", "btb:unbounded", "2/6"],
    ["A B A GOTO", "static-superinstructions:superinstructions=1:longest=2", "btb:unbounded", "0/3"],
    // a copy for each instance: nothing is left
    ["A B A GOTO", "dynamic-replication", "btb:unbounded", "0/4"],
    ["iload iload iconst iadd iadd istore goto", "dynamic-replication", "btb:unbounded", "0/7"],
    ["x x x x x x goto", "dynamic-replication", "btb-2bit:unbounded", "0/7"],
    ["iload iload iconst iadd iadd istore goto", "subroutine-threading", "btb:unbounded", "0/15"],
    ["iload iload iconst iadd iadd istore goto", "dynamic-both", "btb:unbounded", "0/1"],
    ["iload iload iconst iadd iadd istore goto", "catenation", "btb:unbounded", "0/0"],
    // the return stack is what does it: without one, returns of a body have several targets
    ["A B A B GOTO", "direct-threading", "btb:unbounded", "2/5"],
    ["A B A B GOTO", "subroutine-threading", "btb:unbounded:returns+no-return-stack", "4/11"],
  ])("%s, %s, %s: %s mispredicted", async (loop, technique, predictor, expected) => {
    expect(await steady(loop, technique, predictor)).toBe(expected);
  });
});
