// Buffers that are keyed by what an interpreter knows when it dispatches. Most interpreters have one body per opcode: then an opcode
// goes to one place, and is mispredicted once.
import { describe, expect, it } from "vitest";
import btb from "../../dist/predictors/btb.js";
import btbVirtual from "../../dist/predictors/btb-virtual.js";
import caseBlockTable from "../../dist/predictors/case-block-table.js";
import scd from "../../dist/predictors/scd.js";
import vbbi from "../../dist/predictors/vbbi.js";
import { INDIRECT_JUMP } from "../../dist/src/branch.js";
import { simulate } from "../../dist/src/index.js";
import type { PredictorDefinition } from "../../dist/src/models/predictor.js";
import { type Branches, branchesOf, missesOf, seeded, sum, valuesOf } from "./replay.ts";

/** Dispatches of a random program: each instruction has an opcode, each opcode a body, every body ends in its own dispatch if `threaded`. */
function dispatches(threaded: boolean, opcodes = 40): Branches {
  const random = seeded(7);
  const program = Array.from({ length: 90 }, () => random(opcodes));
  const body = (opcode: number) => 0x4000 + 48 * opcode;
  const steps = Array.from({ length: 3000 }, () => random(program.length));
  const pairs = steps.map((to, i) => [threaded && i > 0 ? body(program[steps[i - 1]]) + 40 : 0x2000, body(program[to])] as const);
  const column = (of: (i: number) => number) => Int32Array.from(steps, (_, i) => of(i));
  return {
    ...branchesOf(INDIRECT_JUMP, pairs),
    contexts: {
      opcode: column((i) => program[steps[i]]),
      virtualAddress: column((i) => (i === 0 ? 0x7fffffff : steps[i - 1])),
    },
  };
}

/** Misses of a table without limits that holds the last target by some key. */
function naive({ count, pcs, targets, contexts }: Branches, keyOf: (pc: number, opcode: number, address: number) => string): number[] {
  const last = new Map<string, number>();
  return Array.from({ length: count }, (_, i) => {
    const key = keyOf(pcs[i], contexts?.opcode?.[i] ?? 0, contexts?.virtualAddress?.[i] ?? 0);
    const right = last.get(key) === targets[i];
    last.set(key, targets[i]);
    return right ? 0 : 1;
  });
}

const LARGE = { sets: 4096, ways: 4 };
const KEYED: readonly (readonly [string, PredictorDefinition<typeof scd.parameters>, Parameters<typeof naive>[1]])[] = [
  ["SCD", scd, (_pc, opcode) => `${opcode}`],
  ["VBBI", vbbi, (pc, opcode) => `${pc} ${opcode}`],
  ["the case block table", caseBlockTable, (pc, opcode) => `${pc} ${opcode}`],
  ["the BTB keyed by virtual address", btbVirtual, (_pc, _opcode, address) => `${address}`],
];

describe.each(KEYED)("%s", (_, model, keyOf) => {
  it.each([false, true])("has the last target of each key, with a dispatch in every body: %s", (threaded) => {
    const branches = dispatches(threaded);
    const misses = naive(branches, keyOf);
    expect(missesOf(model, LARGE, branches)).toEqual(misses);
    expect(sum(misses)).toBeGreaterThan(0);
  });

  it("replaces the least recently used key when a set is full", () => {
    const contexts = { opcode: [1, 2, 3, 1, 2, 3], virtualAddress: [1, 2, 3, 1, 2, 3] };
    const branches = {
      ...branchesOf(
        INDIRECT_JUMP,
        [1, 2, 3, 1, 2, 3].map((i) => [0x40, 0x100 * i]),
      ),
      contexts,
    };
    expect(missesOf(model, { sets: 1, ways: 3 }, branches)).toEqual([1, 1, 1, 0, 0, 0]);
    expect(missesOf(model, { sets: 1, ways: 2 }, branches)).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it("needs a tag, a target and a rank for each of 256 entries", () => {
    expect(model.storageBits(valuesOf(model))).toBe(256 * (26 + 32 + 2));
  });
});

describe("buffers keyed by the opcode", () => {
  it("mispredict a switch once per opcode, which a BTB mispredicts nearly always", () => {
    const branches = dispatches(false);
    const used = new Set(Array.from(branches.contexts?.opcode ?? [])).size;
    for (const model of [scd, vbbi, caseBlockTable]) expect(sum(missesOf(model, {}, branches))).toBe(used);
    expect(sum(missesOf(btb, {}, branches))).toBeGreaterThan(2800);
  });

  it("are told it of a program's dispatches", async () => {
    const { rows, failures } = await simulate({
      inputs: ["A B A C GOTO"],
      predictor: "scd,vbbi,case-block-table,btb-virtual:sets=4096,oracle",
      technique: "switch",
      maxInstructions: 5000,
      jobs: 1,
    });
    expect(failures).toEqual([]);
    const [byOpcode, byBoth, byCase, byAddress, oracle] = rows.filter(({ kind }) => kind === "dispatch").map((row) => row.mispredictions);
    expect([byOpcode, byBoth, byCase]).toEqual([4, 4, 4]);
    expect(byAddress).toBe(oracle);
  });

  it("are refused, by name, for recordings, which do not have opcodes", async () => {
    const inputs = [new URL("../data/truth/switch-gcc-r.sbbt.gz", import.meta.url).pathname];
    const refusal = (predictor: string) => simulate({ inputs, predictor, jobs: 1 });
    await expect(refusal("scd")).rejects.toThrow(/scd needs virtual opcodes, which recorded branches do not have/);
    await expect(refusal("btb-virtual")).rejects.toThrow(/btb-virtual needs virtual addresses, which recorded branches do not have/);
  });
});
