// What a model is told of a branch beside its address, and what it says of itself when a run is over.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { render } from "../../dist/src/cli/render-simulation.js";
import { simulate } from "../../dist/src/index.js";
import type { Row } from "../../dist/src/results/rows.js";
import { bplab, temporaryFolder } from "../support.ts";

const folder = temporaryFolder();

/** @param rest fields of the definition; `n` is a count that starts at 0 */
function predictor(name: string, rest: string): string {
  const path = join(folder, `${name}.ts`);
  writeFileSync(
    path,
    `import { ALL_KINDS, CONDITIONAL, definePredictor, INDIRECT, NONE } from "bplab/models";
export default definePredictor({ title: "t", source: "own, 2026", parameters: {}, storageBits: () => 1, ${rest} });
`,
  );
  return path;
}
/** The last target of indirect branches by something else than their address. */
const keyedBy = (context: string): string =>
  predictor(
    `by-${context}`,
    `covers: INDIRECT, declares: ["${context}"], create() { const targets = new Map<number, number>(); return {
      predict: (_pc, _static, key) => targets.get(key) ?? NONE, train(_pc, target, _taken, key) { targets.set(key, target); } }; }`,
  );
/** Writes down all that it is told of conditionals. */
const noting = (name: string, contexts: readonly string[], tracks = ""): string =>
  predictor(
    name,
    `covers: CONDITIONAL, ${tracks} declares: ${JSON.stringify(contexts)}, create() { const told: string[] = []; const hex = (n: number) => (n >>> 0).toString(16);
      return { predict(pc, _static, ...more) { told.push("p" + [pc, ...more].map(hex)); return 0; },
        train(pc, _target, _taken, ...more) { told.push("t" + [pc, ...more].map(hex)); },
        track(pc, _target, _taken, kind, _next, ...more) { told.push("k" + kind + ":" + [pc, ...more].map(hex)); },
        finish: () => ({ told: told.join(" "), count: told.length }) }; }`,
  );

async function rowsOf(input: string, predictors: string, options = {}): Promise<readonly Row[]> {
  const { rows, failures } = await simulate({ inputs: [input], predictor: predictors, jobs: 1, ...options });
  expect(failures).toEqual([]);
  return rows;
}
async function statisticsOf(path: string, input: string): Promise<Readonly<Record<string, number | string>> | undefined> {
  const [row] = await rowsOf(input, path);
  return row.statistics?.[path];
}
const toldOf = async (path: string, input: string): Promise<unknown> => (await statisticsOf(path, input))?.told;

const recording = join(folder, "high.csv");
writeFileSync(
  recording,
  `pc,target,kind,taken,gap
0x1000,0x1040,conditional,1,3
0x7fff00001000,0x7fff00001040,conditional,1,5
0x2000,0x1000,jump,1,7
0x1000,0x1040,conditional,0,2
# branches=4 instructions=17
`,
);

describe("what a model is told beside an address", () => {
  it("is, of recorded branches, the gap since any branch and the whole address", { tags: "slow" }, async () => {
    expect(await toldOf(noting("gaps", ["highAddressBits", "gap"]), recording)).toBe(
      "p1000,0,3 t1000,0,3 p1000,7fff,5 t1000,7fff,5 p1000,0,2 t1000,0,2",
    );
    // in any order; and the kinds that it tracks bring theirs
    expect(await toldOf(noting("tracks", ["gap"], "tracks: ALL_KINDS,"), recording)).toMatch(/ k2:2000,7 p1000,2 t1000,2 k1:1000,2$/);
  });

  it("is the same of a recording in the lab's own format, and of both halves of a branch of two kinds", { tags: "slow" }, async () => {
    const own = join(folder, "high.bpt");
    bplab(["convert", recording, own]);
    const path = noting("own-format", ["gap", "highAddressBits"], "tracks: ALL_KINDS,");
    expect(await statisticsOf(path, own)).toEqual(await statisticsOf(path, recording));
    const double = join(import.meta.dirname, "../data/recordings/double-track.csv");
    expect(await statisticsOf(noting("halves", ["gap"], "tracks: ALL_KINDS,"), double)).toEqual({
      told: "k8:1000,2 p2004,2 t2004,2 k1:2004,2 p2008,1 t2008,1 k32:2008,1 p1004,1 t1004,1 k1:1004,1",
      count: 10,
    });
  });

  it("is, of a program's branches, where the virtual program counter points and which opcode stands there", async () => {
    const all = ["virtualAddress", "nextVirtualAddress", "opcode"].map(keyedBy).join(",");
    const rows = await rowsOf("A B A C GOTO", `${all},oracle`, { technique: "switch", maxInstructions: 5000 });
    const [byAddress, byNext, byOpcode, oracle] = rows
      .filter(({ kind }) => kind === "dispatch")
      .map(({ mispredictions }) => mispredictions);
    // once for each instruction, once for each opcode; the entry has an address of its own
    expect([byNext, byOpcode, byAddress]).toEqual([5, 4, 6]);
    expect(byAddress).toBe(oracle);
  });

  it("knows opcodes across blocks: none goes to two places where each has one body", async () => {
    const rows = await rowsOf("queens", keyedBy("opcode"), { technique: "switch,token-threading" });
    const dispatches = rows.filter(({ kind }) => kind === "dispatch");
    expect(dispatches.length).toBe(2);
    for (const { mispredictions } of dispatches) expect(mispredictions).toBeLessThan(150);
  });

  it("is refused where the input does not have it, by the names of both", { tags: "slow" }, async () => {
    await expect(rowsOf("queens", noting("no-gap", ["gap"]))).rejects.toThrow(/no-gap\.ts needs gaps .*programs do not have/);
    await expect(rowsOf(recording, keyedBy("opcode"))).rejects.toThrow(/by-opcode\.ts needs virtual opcodes, which recorded branches/);
    const wrong = predictor("wrong", 'covers: CONDITIONAL, declares: ["opcodes"], create: () => ({})');
    await expect(rowsOf(recording, wrong)).rejects.toThrow(/declares must be a list of gap, .* got "opcodes"/);
  });
});

describe("what a model says of itself", () => {
  it("is in JSON alone, and not there without a finish", async () => {
    const path = noting("says", []);
    const results = await simulate({ inputs: [recording], predictor: `${path},bimodal`, jobs: 1 });
    expect(render(results, "csv", 0, { arranged: {}, terminal: undefined })).not.toMatch(/statistics|told/);
    const rows: Record<string, unknown>[] = JSON.parse(render(results, "json", 0, { arranged: {}, terminal: undefined }));
    expect(rows.map((row) => "predictor_statistics" in row)).toEqual(rows.map(({ predictor: name }) => name === path));
    expect(rows[0].predictor_statistics).toEqual({ [path]: { told: expect.stringMatching(/^p1000 t1000 /), count: 6 } });
  });

  it("must be numbers and texts: otherwise there are no results of it, and a line says why", { tags: "slow" }, async () => {
    const instance = "predict: () => 0, train() { n++; }, finish: () => ({ rate: n > 20 ? NaN : n })";
    const path = predictor("nan", `covers: CONDITIONAL, create() { let n = 0; return { ${instance} }; }`);
    expect(await statisticsOf(path, recording)).toEqual({ rate: 3 });
    const { rows, failures } = await simulate({ inputs: ["A B GOTO"], technique: "compare-tree", predictor: `${path},bimodal`, jobs: 1 });
    expect(failures.map(({ message }) => message)).toEqual([
      `predictor ${path}: finish must return finite numbers or texts, got rate: NaN`,
    ]);
    expect(rows.every(({ predictor: name }) => name === "bimodal")).toBe(true);
  });
});
